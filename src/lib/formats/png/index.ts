/** PNG of all depths and colour types. */
import { ascii } from '../bytes';
import { openReader, type ImageFormat } from '../format';

export const png: ImageFormat = {
	id: 'png',
	endings: ['png'],
	detect: (head) => ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n',
	// IHDR: depth at byte 24, colour type at byte 25, whose bit 4 is alpha (section 11.2.1).
	isDrawnByBrowsers: (head) => head[24] <= 8 && (head[25] & 4) === 0,
	load: async () => openReader((await import('./read')).reader)
};
