/** Photographs of phones, where the browser reads them (Safari does). */
import { ascii } from '../bytes';
import { openReader, type ImageFormat } from '../format';

export const heic: ImageFormat = {
	id: 'heic',
	endings: ['heic', 'heif', 'hif'],
	detect: (head) => /^ftyp(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(ascii(head, 4, 12)),
	isDrawnByBrowsers: () => false,
	load: async () => openReader((await import('./read')).reader)
};
