/** GIF: the first picture of a file. */
import { ascii } from '../bytes';
import { openReader, type ImageFormat } from '../format';

export const gif: ImageFormat = {
	id: 'gif',
	endings: ['gif'],
	detect: (head) => /^GIF8[79]a$/.test(ascii(head, 0, 6)),
	// A browser shows all pictures of a file, one after the other.
	isDrawnByBrowsers: () => false,
	load: async () => openReader((await import('./read')).reader)
};
