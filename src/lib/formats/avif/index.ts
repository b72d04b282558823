/** AVIF, where the browser reads it. */
import { ascii } from '../bytes';
import { openReader, type ImageFormat } from '../format';

export const avif: ImageFormat = {
	id: 'avif',
	endings: ['avif'],
	detect: (head) => /^ftypavi[fs]$/.test(ascii(head, 4, 12)),
	isDrawnByBrowsers: () => false,
	load: async () => openReader((await import('./read')).reader)
};
