/** JPEG 2000 outside DICOM: JP2 files and bare codestreams, high-throughput ones too. */
import { ascii, viewOf } from '../bytes';
import { openReader, type ImageFormat } from '../format';

/** SOC and SIZ, which come first in a codestream (ITU T.800, A.4 and A.5). */
const START = 0xff4fff51;

export const jpeg2000: ImageFormat = {
	id: 'jpeg-2000',
	endings: ['jp2', 'j2k', 'jpf', 'j2c', 'jpc', 'jph', 'jhc'],
	detect: (head) =>
		head.length >= 12 && (ascii(head, 4, 8) === 'jP  ' || viewOf(head).getUint32(0) === START),
	isDrawnByBrowsers: () => false,
	load: async () => openReader((await import('./read')).reader)
};
