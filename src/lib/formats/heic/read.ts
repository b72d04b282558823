/** Reads HEIC photographs. */
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { browserRaster } from '../browser-raster';
import { checkBoxes } from '../boxes';
import type { Picture, Reader, Size } from '../format';

export const reader: Reader<Size> = {
	// The size is in a box that only this browser may understand: without one it says no.
	checkHeader: (bytes) => checkBoxes(bytes, failed('heic-not-read')),

	async decode(bytes): Promise<Outcome<Picture>> {
		const raster = await browserRaster(bytes, 'image/heic').catch(() => null);
		return raster ? succeeded({ raster, facts: null }) : failed('heic-not-read');
	}
};
