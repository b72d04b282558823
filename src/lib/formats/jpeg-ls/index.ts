/** JPEG-LS outside DICOM. */
import { jpegFrame } from '../jpeg/segments';
import { openReader, type ImageFormat } from '../format';

/** The number of JPEG-LS's frame marker among those of JPEG. */
const PROCESS = 55;

export const jpegLs: ImageFormat = {
	id: 'jpeg-ls',
	endings: ['jls'],
	detect: (head) => head[0] === 0xff && head[1] === 0xd8 && jpegFrame(head)?.process === PROCESS,
	isDrawnByBrowsers: () => false,
	load: async () => openReader((await import('./read')).reader)
};
