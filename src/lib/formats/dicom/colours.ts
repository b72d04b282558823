/** Colour DICOM to grey: palettes, RGB, YBR. */
import { greyOf } from '../../pixels/channels';
import type { DataSet } from './data-set';
import type { Frame } from './frame';
import type { DicomImage } from './image';
import { readTable } from './shades';

const NAMES = ['red', 'green', 'blue'] as const;
/** Palette descriptors and data of red, green and blue (PS3.3, C.7.9). */
const PALETTE_TAGS: Record<(typeof NAMES)[number], [string, string]> = {
	red: ['x00281101', 'x00281201'],
	green: ['x00281102', 'x00281202'],
	blue: ['x00281103', 'x00281203']
};

/** @returns uint8 greys, or null where the palette is missing or of another kind. */
export function greysOfPalette(set: DataSet, frame: Frame, image: DicomImage): Uint8Array | null {
	const tables = NAMES.map((name) => readTable(set, ...PALETTE_TAGS[name], image.signed));
	const mask = 2 ** image.bitsStored - 1;
	const size = 2 ** image.bitsAllocated;
	const colours = new Uint8Array(size * 3);
	for (const [channel, table] of tables.entries()) {
		if (!table) return null;
		const last = table.values.length - 1;
		for (let bits = 0; bits < size; bits++) {
			const index = Math.min(last, Math.max(0, (bits & mask) - table.first));
			colours[3 * bits + channel] = Math.round((table.values[index] / table.top) * 255);
		}
	}
	const greys = greyOf(colours, 3);
	return Uint8Array.from(frame.data, (bits) => greys[bits]);
}

/** @returns uint8 greys of a frame of three channels. */
export function greysOfColour(frame: Frame, image: DicomImage): Uint8Array {
	const eight = frame.data instanceof Uint8Array ? frame.data : narrowed(frame.data, image);
	if (frame.isRgb) return greyOf(eight, 3);
	// The Y of YBR_FULL is the luma itself (PS3.3, C.7.6.3.1.2), but for the rounding.
	const greys = new Uint8Array(image.width * image.height);
	for (let i = 0; i < greys.length; i++) greys[i] = eight[3 * i];
	return greys;
}

function narrowed(data: Uint16Array, { bitsStored }: DicomImage): Uint8Array {
	const top = 2 ** bitsStored - 1;
	return Uint8Array.from(data, (value) => Math.round((Math.min(value, top) / top) * 255));
}
