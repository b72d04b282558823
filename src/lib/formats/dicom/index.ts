/** DICOM: the first frame of a file. */
import { ascii } from '../bytes';
import { openReader, type ImageFormat } from '../format';
import { isBareDicom } from './bare';

export const dicom: ImageFormat = {
	id: 'dicom',
	endings: ['dcm', 'dicom', 'dic', 'ima'],
	detect: (head) => ascii(head, 128, 132) === 'DICM' || isBareDicom(head) !== null,
	isDrawnByBrowsers: () => false,
	load: async () => openReader((await import('./read')).reader)
};
