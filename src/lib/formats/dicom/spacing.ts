/** How large a pixel of a DICOM image is. */
import type { PixelSpacing } from '../facts';
import type { DataSet } from './data-set';

/** Pixel Spacing (0028,0030), in the patient where it was calibrated (PS3.3, 10.7.1.3). */
const PIXEL_SPACING = 'x00280030';
/** Pixel Spacing Calibration Type (0028,0A02): GEOMETRY or FIDUCIAL. */
const CALIBRATION_TYPE = 'x00280a02';
/** Imager Pixel Spacing (0018,1164), at the front of the detector. */
const IMAGER_PIXEL_SPACING = 'x00181164';

/**
 * The size of a pixel as a header says it, null where it does not. Pixel Spacing that repeats
 * Imager Pixel Spacing without a calibration was not corrected: it is the detector's.
 */
export function spacingOf(set: Pick<DataSet, 'string'>): PixelSpacing | null {
	const own = pairOf(set.string(PIXEL_SPACING));
	const imager = pairOf(set.string(IMAGER_PIXEL_SPACING));
	const isCalibrated = Boolean(set.string(CALIBRATION_TYPE));
	const isRepeated = own && imager && own.down === imager.down && own.across === imager.across;
	if (own && (isCalibrated || !isRepeated)) return { ...own, source: 'pixel' };
	return imager && { ...imager, source: 'imager' };
}

/** Between the centres of two rows, then of two columns, mm: `0.139\0.139`. */
function pairOf(text: string | undefined): Omit<PixelSpacing, 'source'> | null {
	const [down, across] = (text ?? '').split('\\').map(Number);
	const isSize = (size: number | undefined) => size !== undefined && size > 0 && isFinite(size);
	return isSize(down) && isSize(across) ? { down, across } : null;
}
