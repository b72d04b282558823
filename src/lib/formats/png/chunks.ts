/** The chunks of a PNG (specification, section 5). */
import { ascii, joined, viewOf } from '../bytes';
import { exifOrientation } from '../exif';

const CHUNK_BYTES = 12;

/** Where each chunk's content lies, up to the end of the file or of the order. */
function* chunksOf(bytes: Uint8Array): Generator<{ type: string; data: Uint8Array }> {
	const view = viewOf(bytes);
	for (let at = 8; at + CHUNK_BYTES <= bytes.length;) {
		const length = view.getUint32(at);
		if (at + CHUNK_BYTES + length > bytes.length) return;
		const type = ascii(bytes, at + 4, at + 8);
		yield { type, data: bytes.subarray(at + 8, at + 8 + length) };
		if (type === 'IEND') return;
		at += CHUNK_BYTES + length;
	}
}

export interface PngHeader {
	width: number;
	height: number;
	/** Bits a sample. */
	bits: number;
	colourType: number;
	isInterlaced: boolean;
	hasTransparency: boolean;
	/** EXIF orientation, 1 to 8. */
	orientation: number;
	hasEnd: boolean;
}

/** @returns null where the first chunk is no IHDR. */
export function pngHeader(bytes: Uint8Array): PngHeader | null {
	if (bytes.length < 33 || ascii(bytes, 12, 16) !== 'IHDR') return null;
	const view = viewOf(bytes);
	const header: PngHeader = {
		width: view.getUint32(16),
		height: view.getUint32(20),
		bits: bytes[24],
		colourType: bytes[25],
		isInterlaced: bytes[28] === 1,
		hasTransparency: false,
		orientation: 1,
		hasEnd: false
	};
	for (const { type, data } of chunksOf(bytes)) {
		if (type === 'IEND') header.hasEnd = true;
		if (type === 'tRNS') header.hasTransparency = true;
		if (type === 'eXIf') header.orientation = exifOrientation(data);
	}
	return header;
}

/** The packed rows: all IDAT chunks, one after the other. */
export function packedRows(bytes: Uint8Array): Uint8Array {
	return joined([...chunksOf(bytes)].filter(({ type }) => type === 'IDAT').map(({ data }) => data));
}

const SAMPLES = [1, 0, 3, 1, 2, 0, 4];
/** Adam7: first column and row of each pass, and the steps to the next (section 8.2). */
const PASSES = [
	[0, 0, 8, 8],
	[4, 0, 8, 8],
	[0, 4, 4, 8],
	[2, 0, 4, 4],
	[0, 2, 2, 4],
	[1, 0, 2, 2],
	[0, 1, 1, 2]
] as const;

/** Bytes that the rows unpack to (sections 7.2 and 8.2). */
export function unpackedBytes({
	width,
	height,
	bits,
	colourType,
	isInterlaced
}: PngHeader): number {
	const bitsPerPixel = (SAMPLES[colourType] ?? 0) * bits;
	const size = (wide: number, high: number) =>
		wide > 0 && high > 0 ? high * (1 + Math.ceil((wide * bitsPerPixel) / 8)) : 0;
	if (!isInterlaced) return size(width, height);
	return PASSES.reduce(
		(sum, [left, top, across, down]) =>
			sum + size(Math.ceil((width - left) / across), Math.ceil((height - top) / down)),
		0
	);
}
