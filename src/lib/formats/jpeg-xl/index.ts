/** JPEG XL, where the browser reads it (Safari does). */
import { ascii } from '../bytes';
import { openReader, type ImageFormat } from '../format';

export const jpegXl: ImageFormat = {
	id: 'jpeg-xl',
	endings: ['jxl'],
	// A bare codestream, or boxes (ISO/IEC 18181-2).
	detect: (head) =>
		(head[0] === 0xff && head[1] === 0x0a) || ascii(head, 0, 8) === '\0\0\0\x0cJXL ',
	isDrawnByBrowsers: () => false,
	load: async () => openReader((await import('./read')).reader)
};
