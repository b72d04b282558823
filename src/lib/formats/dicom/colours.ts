/** Colour DICOM to red, green and blue: palettes, RGB, YBR. */
import { toEightBits } from '../../pixels/channels';
import type { DataSet } from './data-set';
import type { Frame } from './frame';
import type { DicomImage } from './image';
import { readTable } from './shades';

/** Palette descriptors and data of red, green and blue (PS3.3, C.7.9). */
const PALETTE_TAGS: readonly [string, string][] = [
	['x00281101', 'x00281201'],
	['x00281102', 'x00281202'],
	['x00281103', 'x00281203']
];

/** @returns uint8, interleaved; null where the palette is missing or of another kind. */
export function coloursOfPalette(set: DataSet, frame: Frame, image: DicomImage): Uint8Array | null {
	const mask = 2 ** image.bitsStored - 1;
	const size = 2 ** image.bitsAllocated;
	const colours = new Uint8Array(size * 3);
	for (const [channel, tags] of PALETTE_TAGS.entries()) {
		const table = readTable(set, ...tags, image.signed);
		if (!table) return null;
		const last = table.values.length - 1;
		for (let bits = 0; bits < size; bits++) {
			const index = Math.min(last, Math.max(0, (bits & mask) - table.first));
			colours[3 * bits + channel] = Math.round((table.values[index] / table.top) * 255);
		}
	}
	const result = new Uint8Array(frame.data.length * 3);
	for (let i = 0; i < frame.data.length; i++) {
		const at = 3 * frame.data[i];
		result[3 * i] = colours[at];
		result[3 * i + 1] = colours[at + 1];
		result[3 * i + 2] = colours[at + 2];
	}
	return result;
}

/** @returns uint8 red, green and blue, interleaved, of a frame of three channels. */
export function coloursOf(frame: Frame, image: DicomImage): Uint8Array {
	const samples = toEightBits(frame.data, image.bitsStored);
	const count = 3 * image.width * image.height;
	const eight = samples.length > count ? samples.subarray(0, count) : samples;
	return frame.isRgb ? eight : rgbOfYbr(eight);
}

/** YBR_FULL to RGB (PS3.3, C.7.6.3.1.2). */
function rgbOfYbr(ybr: Uint8Array): Uint8Array {
	// Rounds and clamps.
	const rgb = new Uint8ClampedArray(ybr.length);
	for (let i = 0; i < ybr.length; i += 3) {
		const [luma, blue, red] = [ybr[i], ybr[i + 1] - 128, ybr[i + 2] - 128];
		rgb[i] = luma + 1.402 * red;
		rgb[i + 1] = luma - 0.344136 * blue - 0.714136 * red;
		rgb[i + 2] = luma + 1.772 * blue;
	}
	return new Uint8Array(rgb.buffer);
}
