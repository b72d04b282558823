/**
 * Greys of 32 bits a sample, and of floating point (PS3.3, C.7.6.24 and C.7.6.25): maps, doses and
 * the like. There are too many values for a table, so each pixel goes its own way.
 */
import { viewOf } from '../bytes';
import type { DicomImage } from './image';
import { isBeside, modalityValue, PERCENTILES, shareByVoi, type Shades } from './shades';

/** Whether the samples are too wide for `greysOf`. */
export function isDeep({ bitsAllocated }: DicomImage): boolean {
	return bitsAllocated > 16;
}

/** The stored values of a plain frame. @param bytes `frameBytes(image)` of them. */
export function deepValues(bytes: Uint8Array, image: DicomImage): Float64Array {
	const { width, height, bitsAllocated, isFloat, signed, bigEndian } = image;
	const view = viewOf(bytes);
	const read = (i: number) => {
		if (bitsAllocated === 64) return view.getFloat64(8 * i, !bigEndian);
		if (isFloat) return view.getFloat32(4 * i, !bigEndian);
		return signed ? view.getInt32(4 * i, !bigEndian) : view.getUint32(4 * i, !bigEndian);
	};
	return Float64Array.from({ length: width * height }, (_, i) => read(i));
}

/**
 * Stored values to greys, 0 black, as `greysOf` of `shades.ts`. What is no number is black.
 */
export function deepGreys(
	stored: Float64Array,
	{ photometric }: DicomImage,
	{ modality, voi, padding }: Shades
): { data: Uint8Array; ownRange: boolean } {
	const isPadding = (value: number) =>
		padding !== null && value >= padding[0] && value <= padding[1];
	const isShown = (value: number) => Number.isFinite(value) && !isPadding(value);
	const values = stored.map((value) => modalityValue(value, modality));
	const shown = values.filter((_, i) => isShown(stored[i])).sort();
	const said = voi && shareByVoi(voi);
	const ownRange = said !== null && isBeside(said, shown);
	const share = said && !ownRange ? said : shareBetween(shown);
	const data = Uint8Array.from(values, (value, i) => {
		// If all is padding, nothing is: such a header is wrong.
		if (!Number.isFinite(value) || (shown.length > 0 && isPadding(stored[i]))) return 0;
		const bright = Math.min(1, Math.max(0, share(value)));
		return Math.round(255 * (photometric === 'grey-inverted' ? 1 - bright : bright));
	});
	return { data, ownRange };
}

/** Linear between the percentiles, as numpy's `percentile` has them. @param sorted ascending. */
function shareBetween(sorted: Float64Array): (value: number) => number {
	if (sorted.length === 0) return () => 0;
	const [low, high] = PERCENTILES.map((share) => {
		const rank = share * (sorted.length - 1);
		const [below, above] = [sorted[Math.floor(rank)], sorted[Math.ceil(rank)]];
		return below + (above - below) * (rank - Math.floor(rank));
	});
	const range = high - low || 1;
	return (value) => (value - low) / range;
}
