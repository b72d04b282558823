/** WebP, by the browser's codec. */
import { ascii } from '../bytes';
import { openReader, type ImageFormat } from '../format';

export const webp: ImageFormat = {
	id: 'webp',
	endings: ['webp'],
	detect: (head) => ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP',
	// Browsers do not turn it by its EXIF block; VP8X says in bit 3 of its flags that it has one.
	isDrawnByBrowsers: (head) => ascii(head, 12, 16) !== 'VP8X' || (head[20] & 8) === 0,
	load: async () => openReader((await import('./read')).reader)
};
