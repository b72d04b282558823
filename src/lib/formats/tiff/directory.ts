/** A TIFF's first page as its tags describe it, checked before anything is allocated. */
import { MAX_FILE_BYTES, MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from '../../base/limits';
import { failed, succeeded, type Coding, type Outcome } from '../../problems/problems';

type Compression = 'none' | 'lzw' | 'deflate' | 'pack-bits' | 'jpeg';
type Photometric = 'white-is-zero' | 'black-is-zero' | 'rgb' | 'palette' | 'ybr';

export interface TiffPage {
	width: number;
	height: number;
	/** Values a pixel; beyond one or three they are alpha and the like. */
	samples: number;
	bits: 8 | 16;
	compression: Compression;
	photometric: Photometric;
	littleEndian: boolean;
	/** Whether each row's values are differences from the left. */
	differences: boolean;
	/** Whether the lowest bit of each byte comes first. */
	bitsReversed: boolean;
	/** Whether the channels lie apart. */
	planar: boolean;
	/** Tiles are whole at the edges of the image; strips end with it, and are as wide as it. */
	isTiled: boolean;
	tileWidth: number;
	tileHeight: number;
	offsets: number[];
	byteCounts: number[];
	/** Red, then green, then blue, 16 bits each. */
	palette: number[];
	/** Tables that all JPEG strips share; empty where each has its own. */
	jpegTables: Uint8Array;
	/** How to turn it upright, as in EXIF (1 to 8). */
	orientation: number;
	/** Pages of the file. */
	pages: number;
}

const TAG = {
	width: 256,
	height: 257,
	bits: 258,
	compression: 259,
	photometric: 262,
	fillOrder: 266,
	stripOffsets: 273,
	orientation: 274,
	samples: 277,
	rowsPerStrip: 278,
	stripByteCounts: 279,
	planar: 284,
	predictor: 317,
	palette: 320,
	tileWidth: 322,
	tileHeight: 323,
	tileOffsets: 324,
	tileByteCounts: 325,
	sampleFormat: 339,
	jpegTables: 347
} as const;

const COMPRESSIONS: Record<number, Compression> = {
	1: 'none',
	5: 'lzw',
	7: 'jpeg',
	8: 'deflate',
	32773: 'pack-bits',
	32946: 'deflate'
};
const UNREAD_COMPRESSIONS: Record<number, Coding['kind']> = {
	2: 'fax',
	3: 'fax',
	4: 'fax',
	6: 'old-jpeg'
};
const PHOTOMETRICS: Record<number, Photometric> = {
	0: 'white-is-zero',
	1: 'black-is-zero',
	2: 'rgb',
	3: 'palette',
	6: 'ybr'
};
/** Bytes of a value, by its type (TIFF 6.0, section 2); other types are passed over. */
const TYPE_BYTES: Record<number, number> = { 1: 1, 3: 2, 4: 4, 7: 1, 16: 8 };
/** More values than this no tag needs. */
const MAX_VALUES = 1_000_000;
const MAX_PAGES = 10_000;

/**
 * Read and check the first page.
 * @param bytes the whole file.
 * @throws RangeError where a tag points beyond the file.
 */
export function firstPage(bytes: Uint8Array): Outcome<TiffPage> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const littleEndian = bytes[0] === 0x49;
	const layout = layoutOf(view, littleEndian);
	if (!layout) return failed('damaged-image');
	const { start } = layout;
	const tags = tagsAt(view, start, layout);
	const one = (tag: number, otherwise: number) => tags.get(tag)?.[0] ?? otherwise;
	const width = one(TAG.width, 0);
	const height = one(TAG.height, 0);
	if (!(width > 0 && height > 0)) return failed('damaged-image');
	if (width * height > MAX_IMAGE_PIXELS || Math.max(width, height) > MAX_IMAGE_SIDE) {
		return failed('image-too-large', { size: { width, height } });
	}
	const code = one(TAG.compression, 1);
	const compression = COMPRESSIONS[code];
	const photometric = PHOTOMETRICS[one(TAG.photometric, 1)];
	const samples = one(TAG.samples, 1);
	const depths = tags.get(TAG.bits) ?? [1];
	const bits = depths[0];
	const refuse = (kind: Coding['kind'], number?: number) =>
		failed('coding-not-read', { coding: number === undefined ? { kind } : { kind, number } });
	if (!compression)
		return UNREAD_COMPRESSIONS[code]
			? refuse(UNREAD_COMPRESSIONS[code])
			: refuse('compression', code);
	if (!photometric || (photometric === 'ybr' && compression !== 'jpeg')) {
		return refuse('colours', one(TAG.photometric, 1));
	}
	if ((bits !== 8 && bits !== 16) || depths.some((depth) => depth !== bits)) {
		return refuse('bits', bits);
	}
	if (bits === 16 && (compression === 'jpeg' || photometric === 'palette')) {
		return refuse('bits-unusual', bits);
	}
	if (one(TAG.sampleFormat, 1) !== 1) return refuse('fractions');
	const colours = photometric === 'rgb' || photometric === 'ybr' ? 3 : 1;
	if (samples < colours || samples > 8) return failed('damaged-image');
	const size = (width * height * samples * bits) / 8;
	if (size > MAX_FILE_BYTES) {
		return failed('image-too-large', { size: { bytes: size } });
	}
	const isTiled = tags.has(TAG.tileOffsets);
	const offsets = tags.get(isTiled ? TAG.tileOffsets : TAG.stripOffsets) ?? [];
	// Strips of no rows are one strip of all rows, as other readers take it.
	const rowsPerStrip = Math.min(height, one(TAG.rowsPerStrip, height) || height);
	const page: TiffPage = {
		width,
		height,
		samples,
		bits,
		compression,
		photometric,
		littleEndian,
		differences: one(TAG.predictor, 1) === 2,
		bitsReversed: one(TAG.fillOrder, 1) === 2,
		planar: one(TAG.planar, 1) === 2 && samples > 1,
		isTiled,
		tileWidth: isTiled ? one(TAG.tileWidth, 0) : width,
		tileHeight: isTiled ? one(TAG.tileHeight, 0) : rowsPerStrip,
		offsets,
		byteCounts: countsOf(
			tags.get(isTiled ? TAG.tileByteCounts : TAG.stripByteCounts) ?? [],
			offsets,
			bytes.length
		),
		palette: tags.get(TAG.palette) ?? [],
		jpegTables: Uint8Array.from(tags.get(TAG.jpegTables) ?? []),
		orientation: one(TAG.orientation, 1),
		pages: countPages(view, start, layout)
	};
	return checkTiles(page, bytes.length);
}

/** Lengths of strips; one that is missing or zero reaches to the next strip or the file's end. */
function countsOf(said: readonly number[], offsets: readonly number[], length: number): number[] {
	if (said.length >= offsets.length && said.every((count) => count > 0)) return [...said];
	const starts = [...offsets].sort((a, b) => a - b);
	return offsets.map((offset, i) => {
		if (said[i] > 0) return said[i];
		const next = starts.find((start) => start > offset) ?? length;
		return Math.max(0, next - offset);
	});
}

/** Tiles must be as many as the image needs, of a size that fits it, and inside the file. */
function checkTiles(page: TiffPage, length: number): Outcome<TiffPage> {
	const { tileWidth, tileHeight, offsets, byteCounts } = page;
	// Tiles at the edge hang over it, by less than their size and a multiple of 16.
	const isSized =
		tileWidth > 0 &&
		tileHeight > 0 &&
		tileWidth <= MAX_IMAGE_SIDE &&
		tileHeight <= MAX_IMAGE_SIDE &&
		tileWidth * tileHeight * page.samples <= MAX_FILE_BYTES / 2;
	if (!isSized || (page.photometric === 'palette' && page.palette.length < 768)) {
		return failed('damaged-image');
	}
	const across = Math.ceil(page.width / tileWidth);
	const down = Math.ceil(page.height / tileHeight);
	const needed = across * down * (page.planar ? page.samples : 1);
	if (offsets.length < needed || byteCounts.length < needed) return failed('damaged-image');
	for (let i = 0; i < needed; i++) {
		if (offsets[i] + byteCounts[i] > length) return failed('truncated-image');
	}
	return succeeded(page);
}

/** How wide the counts and offsets of a file are, and where its first directory stands. */
interface Layout {
	littleEndian: boolean;
	/** Bytes of an offset, of the count of a directory, and of one of its entries. */
	offsetBytes: 4 | 8;
	countBytes: 2 | 8;
	entryBytes: 12 | 20;
	start: number;
}

/**
 * TIFF (42), and BigTIFF (43), whose offsets have 8 bytes
 * (https://www.awaresystems.be/imaging/tiff/bigtiff.html).
 */
function layoutOf(view: DataView, littleEndian: boolean): Layout | null {
	if (view.getUint16(2, littleEndian) === 42) {
		const start = view.getUint32(4, littleEndian);
		return { littleEndian, offsetBytes: 4, countBytes: 2, entryBytes: 12, start };
	}
	if (view.getUint16(4, littleEndian) !== 8) return null;
	const start = wide(view, 8, littleEndian);
	return { littleEndian, offsetBytes: 8, countBytes: 8, entryBytes: 20, start };
}

/** A whole number of 8 bytes; one beyond 2^53 points beyond any file. */
function wide(view: DataView, at: number, littleEndian: boolean): number {
	return Number(view.getBigUint64(at, littleEndian));
}

/** An offset or a count in a directory. */
function offsetAt(view: DataView, at: number, { offsetBytes, littleEndian }: Layout): number {
	return offsetBytes === 8 ? wide(view, at, littleEndian) : view.getUint32(at, littleEndian);
}

/** How many entries a directory says it has. */
function entriesAt(view: DataView, at: number, { countBytes, littleEndian }: Layout): number {
	return countBytes === 8 ? wide(view, at, littleEndian) : view.getUint16(at, littleEndian);
}

/** Tags with whole numbers for values (TIFF 6.0, section 2). */
function tagsAt(view: DataView, start: number, layout: Layout): Map<number, number[]> {
	const tags = new Map<number, number[]>();
	const known = new Set<number>(Object.values(TAG));
	const { littleEndian, offsetBytes, countBytes, entryBytes } = layout;
	const entries = entriesAt(view, start, layout);
	for (let i = 0; i < entries; i++) {
		const at = start + countBytes + entryBytes * i;
		const tag = view.getUint16(at, littleEndian);
		const size = TYPE_BYTES[view.getUint16(at + 2, littleEndian)];
		const count = offsetAt(view, at + 4, layout);
		if (!known.has(tag) || !size || count > MAX_VALUES) continue;
		const value = at + 4 + offsetBytes;
		const from = count * size <= offsetBytes ? value : offsetAt(view, value, layout);
		if (from + count * size > view.byteLength) throw new RangeError('a tag beyond the end');
		tags.set(
			tag,
			Array.from({ length: count }, (_, n) => {
				const place = from + n * size;
				if (size === 1) return view.getUint8(place);
				if (size === 2) return view.getUint16(place, littleEndian);
				return size === 4 ? view.getUint32(place, littleEndian) : wide(view, place, littleEndian);
			})
		);
	}
	return tags;
}

/** Pages that follow one another; a chain that is damaged or leads back ends. */
function countPages(view: DataView, start: number, layout: Layout): number {
	const { offsetBytes, countBytes, entryBytes } = layout;
	const seen = new Set<number>();
	let at = start;
	while (at > 0 && at + countBytes <= view.byteLength && !seen.has(at) && seen.size < MAX_PAGES) {
		seen.add(at);
		const link = at + countBytes + entryBytes * entriesAt(view, at, layout);
		if (link + offsetBytes > view.byteLength) break;
		at = offsetAt(view, link, layout);
	}
	return seen.size;
}
