/** TIFF, grey or colour, of 8 or 16 bits: the first page. */
import { ascii } from '../bytes';
import { openReader, type ImageFormat } from '../format';

export const tiff: ImageFormat = {
	id: 'tiff',
	endings: ['tif', 'tiff'],
	detect: (head) => /^(II[*+]\0|MM\0[*+])$/.test(ascii(head, 0, 4)),
	isDrawnByBrowsers: () => false,
	load: async () => openReader((await import('./read')).reader)
};
