/** The list for an archive of images (PACS): a ZIP of DICOM files. */
import { m } from '../paraglide/messages.js';
import type { PictureExport } from './export';

export const dicom: PictureExport = {
	id: 'dicom',
	ending: 'dicom.zip',
	type: 'application/zip',
	name: 'DICOM',
	language: 'english',
	says: () => m.record_dicom_says(),
	load: async () => (await import('./dicom/write')).writeDicom
};
