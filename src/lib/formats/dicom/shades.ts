/**
 * From stored samples to greys of 8 bits: modality LUT, VOI LUT or window, inversion.
 * Source: DICOM PS3.3, C.11.1 (modality), C.11.2 (VOI; the functions in C.11.2.1.2 and
 * C.11.2.1.3), C.7.5.1.1.2 (padding).
 */
import type { DataSet } from './data-set';
import type { DicomImage } from './image';

/** A look-up table: `values[i]` for the input `first + i`, 0 to `top`. */
export interface Table {
	first: number;
	values: Uint16Array;
	top: number;
}

type WindowFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
type Voi = { table: Table } | { centre: number; width: number; curve: WindowFunction } | null;

export interface Shades {
	modality: { table: Table } | { slope: number; intercept: number };
	/** Null where the file says nothing: percentiles of the image take its place. */
	voi: Voi;
	/** Stored values that are no image, both ends included. */
	padding: [low: number, high: number] | null;
}

/** Where a file has no window: this share of the darkest and of the brightest is cut. */
export const PERCENTILES = [0.005, 0.995] as const;

/** What the file says of its greys; of several windows the first. */
export function shadesOf(set: DataSet, image: DicomImage): Shades {
	const modality = modalityOf(set, image);
	return { modality, voi: voiOf(set, image, modality), padding: paddingOf(set, image) };
}

/**
 * Samples of one channel to greys, 0 black.
 * @param raw as they are stored, unsigned, 8 or 16 bits.
 * @returns the greys, and whether the file's own window leaves nothing to see, so that the range
 *   of the image took its place.
 */
export function greysOf(
	raw: Uint8Array | Uint16Array,
	image: DicomImage,
	shades: Shades
): { data: Uint8Array; ownRange: boolean } {
	const size = 2 ** image.bitsAllocated;
	const stored = storedValues(size, { ...image, highBit: highBitOf(raw, image) });
	const { padding } = shades;
	const isPadding = (value: number) =>
		padding !== null && value >= padding[0] && value <= padding[1];
	const values = Float64Array.from(stored, (value) => modalityValue(value, shades.modality));
	const counts = countsOf(raw, size);
	const said = shades.voi && shareByVoi(shades.voi);
	const shown = values.filter((_, i) => counts[i] > 0 && !isPadding(stored[i]));
	const ownRange = said !== null && isBeside(said, shown);
	const share =
		said && !ownRange ? said : shareByPercentiles(counts, values, (i) => isPadding(stored[i]));
	// If all is padding, nothing is: such a header is wrong.
	const isAllPadding = padding !== null && raw.every((sample) => isPadding(stored[sample]));
	const table = new Uint8Array(size);
	for (let i = 0; i < size; i++) {
		const bright = Math.min(1, Math.max(0, share(values[i])));
		const lightness = image.photometric === 'grey-inverted' ? 1 - bright : bright;
		table[i] = isPadding(stored[i]) && !isAllPadding ? 0 : Math.round(255 * lightness);
	}
	const result = new Uint8Array(image.width * image.height);
	for (let i = 0; i < result.length; i++) result[i] = table[raw[i]];
	return { data: result, ownRange };
}

/** Whether a window leaves all of several values black, or all of them white. */
export function isBeside(share: (value: number) => number, values: Float64Array): boolean {
	return (
		values.length > 1 && (values.every((v) => share(v) <= 0) || values.every((v) => share(v) >= 1))
	);
}

/**
 * Where the highest stored bit stands. It has to be the lowest place that there is (PS3.5, 8.1.1);
 * files of before 2014 may say another. What they say holds only where the samples need it: no
 * sample with a bit above the stored ones, but its sign, means that they stand low.
 */
function highBitOf(
	raw: Uint8Array | Uint16Array,
	{ bitsAllocated, bitsStored, highBit, signed }: DicomImage
): number {
	const lowest = bitsStored - 1;
	if (highBit === lowest) return highBit;
	const span = 2 ** bitsStored;
	const negative = 2 ** bitsAllocated - span / 2;
	const isLow = (sample: number) =>
		signed ? sample < span / 2 || sample >= negative : sample < span;
	return raw.every(isLow) ? lowest : highBit;
}

/** What each pattern of bits means: shifted down, cut to the stored bits, signed. */
function storedValues(size: number, { bitsStored, highBit, signed }: DicomImage): Int32Array {
	const shift = highBit + 1 - bitsStored;
	const span = 2 ** bitsStored;
	return Int32Array.from({ length: size }, (_, bits) => {
		const value = (bits >> shift) & (span - 1);
		return signed && value >= span / 2 ? value - span : value;
	});
}

export function modalityValue(value: number, modality: Shades['modality']): number {
	return 'table' in modality
		? lookUp(modality.table, value)
		: value * modality.slope + modality.intercept;
}

function lookUp({ first, values }: Table, value: number): number {
	return values[Math.min(values.length - 1, Math.max(0, Math.trunc(value) - first))];
}

/** How bright a value is, 0 to 1; beyond both ends where it is cut. */
export function shareByVoi(voi: NonNullable<Voi>): (value: number) => number {
	if ('table' in voi) return (value) => lookUp(voi.table, value) / voi.table.top;
	const { centre, width, curve } = voi;
	switch (curve) {
		case 'LINEAR':
			// A width of 1 is a step.
			return width > 1
				? (value) => (value - (centre - 0.5)) / (width - 1) + 0.5
				: (value) => (value > centre - 0.5 ? 1 : 0);
		case 'LINEAR_EXACT':
			return (value) => (value - centre) / width + 0.5;
		case 'SIGMOID':
			return (value) => 1 / (1 + Math.exp((-4 * (value - centre)) / width));
	}
}

function countsOf(raw: Uint8Array | Uint16Array, size: number): Uint32Array {
	const counts = new Uint32Array(size);
	for (let i = 0; i < raw.length; i++) counts[raw[i]]++;
	return counts;
}

/** Linear between the percentiles of what is no padding, as numpy's `percentile` has them. */
function shareByPercentiles(
	counts: Uint32Array,
	values: Float64Array,
	isPadding: (bits: number) => boolean
): (value: number) => number {
	const used = [...counts.keys()].filter((bits) => counts[bits] > 0);
	const inside = used.filter((bits) => !isPadding(bits));
	const sorted = (inside.length > 0 ? inside : used).sort((a, b) => values[a] - values[b]);
	const total = sorted.reduce((sum, bits) => sum + counts[bits], 0);
	const at = (rank: number) => {
		let seen = 0;
		for (const bits of sorted) {
			seen += counts[bits];
			if (seen > rank) return values[bits];
		}
		return values[sorted[sorted.length - 1]];
	};
	const [low, high] = PERCENTILES.map((share) => {
		const rank = share * (total - 1);
		const below = at(Math.floor(rank));
		return below + (at(Math.ceil(rank)) - below) * (rank - Math.floor(rank));
	});
	const range = high - low || 1;
	return (value) => (value - low) / range;
}

function modalityOf(set: DataSet, image: DicomImage): Shades['modality'] {
	const table = tableOf(set.firstItem('x00283000'), image.signed);
	if (table) return { table };
	const slope = set.floatString('x00281053');
	const intercept = set.floatString('x00281052');
	const isThere = Number.isFinite(slope) && Number.isFinite(intercept) && slope !== 0;
	return isThere ? { slope: slope ?? 1, intercept: intercept ?? 0 } : { slope: 1, intercept: 0 };
}

function voiOf(set: DataSet, image: DicomImage, modality: Shades['modality']): Voi {
	const table = tableOf(set.firstItem('x00283010'), image.signed);
	if (table) return { table: fitted(table, image, modality) };
	const centre = set.floatString('x00281050');
	const width = set.floatString('x00281051');
	if (centre === undefined || width === undefined) return null;
	const spelled = (set.string('x00281056') ?? '').trim();
	const curve = spelled === 'LINEAR_EXACT' || spelled === 'SIGMOID' ? spelled : 'LINEAR';
	const isInOrder = Number.isFinite(centre) && width >= (curve === 'LINEAR' ? 1 : Number.MIN_VALUE);
	return isInOrder ? { centre, width, curve } : null;
}

/**
 * A VOI table as other viewers read it. Its input is what the modality gives, which may be
 * negative where the pixels are not: a first value beyond all of them is a negative one. A table
 * that says more bits than the pixels have, and does not use them, is scaled by its largest value.
 */
function fitted(table: Table, image: DicomImage, modality: Shades['modality']): Table {
	const extremes = image.signed
		? [-(2 ** (image.bitsStored - 1)), 2 ** (image.bitsStored - 1) - 1]
		: [0, 2 ** image.bitsStored - 1];
	const largestInput = Math.max(...extremes.map((value) => modalityValue(value, modality)));
	const isNegative = table.first >= 0x8000 && table.first > largestInput;
	const largest = table.values.reduce((most, value) => Math.max(most, value), 0);
	const stored = 2 ** image.bitsStored - 1;
	const isTooWide = largest > 0 && largest <= stored && stored < table.top;
	return {
		...table,
		first: isNegative ? table.first - 0x10000 : table.first,
		top: isTooWide ? largest : table.top
	};
}

/** A LUT item: descriptor (0028,3002) of entries, first input and bits; data (0028,3006). */
function tableOf(item: DataSet | undefined, isSignedInput: boolean): Table | null {
	const data = item?.elements.x00283006;
	if (!item || !data || !item.elements.x00283002) return null;
	return readTable(item, 'x00283002', 'x00283006', isSignedInput);
}

/** Any of DICOM's tables: entries may be words or bytes, and none means 65,536. */
export function readTable(
	set: DataSet,
	descriptor: string,
	content: string,
	isSignedInput: boolean
): Table | null {
	const data = set.elements[content];
	if (!data || !set.elements[descriptor]) return null;
	const entries = set.uint16(descriptor) || 65_536;
	const first = (isSignedInput ? set.int16(descriptor, 1) : set.uint16(descriptor, 1)) ?? 0;
	const bits = set.uint16(descriptor, 2) ?? 16;
	const isWords = data.length >= 2 * entries;
	const count = Math.min(entries, isWords ? data.length >> 1 : data.length);
	if (count < 1 || bits < 1 || bits > 16) return null;
	const values = new Uint16Array(count);
	for (let i = 0; i < count; i++) {
		values[i] = isWords ? (set.uint16(content, i) ?? 0) : set.byteArray[data.offset + i];
	}
	return { first, values, top: 2 ** bits - 1 };
}

function paddingOf(set: DataSet, image: DicomImage): Shades['padding'] {
	const read = (tag: string) => (image.signed ? set.int16(tag) : set.uint16(tag));
	const value = read('x00280120');
	if (value === undefined) return null;
	const limit = read('x00280121') ?? value;
	return [Math.min(value, limit), Math.max(value, limit)];
}
