/** Windows and OS/2 bitmaps, by the browser's codec. */
import { openReader, type ImageFormat } from '../format';

export const bmp: ImageFormat = {
	id: 'bmp',
	endings: ['bmp', 'dib'],
	detect: (head) => head[0] === 0x42 && head[1] === 0x4d && head[6] === 0 && head[7] === 0,
	isDrawnByBrowsers: () => true,
	load: async () => openReader((await import('./read')).reader)
};
