/** JPEG: baseline, extended, progressive and lossless. */
import { openReader, type ImageFormat } from '../format';

export const jpeg: ImageFormat = {
	id: 'jpeg',
	endings: ['jpg', 'jpeg', 'jpe', 'jfif'],
	detect: (head) => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff,
	isDrawnByBrowsers: () => true,
	load: async () => openReader((await import('./read')).reader)
};
