/**
 * A picture of a PDF as a file of its own, which the formats read as they read any other
 * (ISO 32000-1, 8.9): a JPEG or JPEG 2000 as it stands, all else as a TIFF.
 */
import {
	PDFArray,
	PDFDict,
	PDFHexString,
	PDFName,
	PDFNumber,
	PDFRawStream,
	PDFString,
	PDFBool,
	type PDFObject
} from '@cantoo/pdf-lib';
import { MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from '../../base/limits';
import { failed, succeeded, type Coding, type Outcome } from '../../problems/problems';
import type { Drawn, Matrix } from './drawn';
import { turnedJpeg } from './jpeg';
import { filtersOf, unpacked, unpackedStream } from './samples';
import { tiffOf } from './tiff';

export interface PictureFile {
	bytes: Uint8Array<ArrayBuffer>;
	/** Ending of its name, without the dot. */
	ending: 'jpg' | 'jp2' | 'tif';
}

/** Filters that are formats of pictures, or codings that are not read. */
const PICTURES = ['DCTDecode', 'JPXDecode', 'CCITTFaxDecode', 'JBIG2Decode'];
/** A packed picture is no larger than this, whatever is around it. */
const MAX_PACKED = 256 * 1024 * 1024;
const MAX_PALETTE = 256 * 3;
/** Rows may be filled up behind the last, and a predictor has a byte a row. */
const SLACK_BYTES = 65_536;

/** What the samples of a picture mean. */
interface Colours {
	/** Samples a pixel. */
	samples: number;
	/** Red, green and blue of each value; null where the samples are grey or colours themselves. */
	palette: Uint8Array | null;
}

/** The picture upright. @throws Error where it is damaged. @throws {RangeError} where it unpacks to too much. */
export async function pictureFile({ image, at }: Drawn): Promise<Outcome<PictureFile>> {
	const { dict } = image;
	const width = numberOf(dict, 'Width', 'W');
	const height = numberOf(dict, 'Height', 'H');
	if (width === null || height === null || width < 1 || height < 1) return failed('pdf-damaged');
	if (width * height > MAX_IMAGE_PIXELS || Math.max(width, height) > MAX_IMAGE_SIDE) {
		return failed('image-too-large', { size: { width, height } });
	}
	const orientation = orientationOf(at);
	const filters = filtersOf(image);
	const packing = filters.findIndex(({ name }) => PICTURES.includes(name));
	const isInverted = isInvertedBy(look(dict, 'Decode', 'D'));
	if (packing >= 0) {
		if (packing !== filters.length - 1) throw new Error('a picture within another filter');
		const bytes = await unpacked(image.getContents(), filters.slice(0, -1), MAX_PACKED);
		const filter = filters[packing].name;
		if (!isInverted) return packedFile(bytes, filter, orientation);
		const space = await coloursOf(look(dict, 'ColorSpace', 'CS'));
		if (!space.ok) return space;
		const isGreyJpeg = filter === 'DCTDecode' && space.value.samples === 1;
		if (!isGreyJpeg) return failed('format-not-read', { format: 'PDF' });
		const inverted = { width, height, samples: 1, bits: 8, orientation, isInverted } as const;
		const tiff = tiffOf({ ...inverted, packing: 'jpeg', pixels: bytes });
		return succeeded({ bytes: tiff, ending: 'tif' });
	}
	const isMask = look(dict, 'ImageMask', 'IM') === PDFBool.True;
	const bits = isMask ? 1 : numberOf(dict, 'BitsPerComponent', 'BPC');
	if (bits === null || ![1, 2, 4, 8, 16].includes(bits)) throw new Error('no such depth');
	const colours = isMask ? succeeded(GREY) : await coloursOf(look(dict, 'ColorSpace', 'CS'));
	if (!colours.ok) return colours;
	const { samples, palette } = colours.value;
	const row = Math.ceil((width * samples * bits) / 8);
	const stored = await unpacked(image.getContents(), filters, (row + 1) * height + SLACK_BYTES);
	if (stored.length < row * height) throw new Error('rows are missing');
	const values =
		bits === 16 ? stored.subarray(0, row * height) : bytesOf(stored, width * samples, height, bits);
	if (!palette && bits < 8) spread(values, bits);
	const pixels = palette
		? paletteColours(values, palette, isInverted ? 2 ** bits - 1 : null)
		: values;
	const bytes = tiffOf({
		width,
		height,
		samples: palette ? 3 : samples,
		bits: bits === 16 ? 16 : 8,
		isInverted: isInverted && !palette,
		orientation,
		packing: 'none',
		pixels: isInverted && !palette && samples === 3 ? pixels.map((value) => 255 - value) : pixels
	});
	return succeeded({ bytes, ending: 'tif' });
}

/** A picture that is packed by a format of its own. */
function packedFile(bytes: Uint8Array, filter: string, orientation: number): Outcome<PictureFile> {
	if (filter === 'DCTDecode') {
		return succeeded({ bytes: turnedJpeg(bytes, orientation), ending: 'jpg' });
	}
	if (filter !== 'JPXDecode') return coding({ kind: 'fax' });
	// No field of the format says how it is turned.
	if (orientation !== 1) return failed('format-not-read', { format: 'PDF' });
	return succeeded({ bytes: bytes.slice(), ending: 'jp2' });
}

const GREY: Colours = { samples: 1, palette: null };
const RGB: Colours = { samples: 3, palette: null };

/** Colour spaces of films and photographs (8.6); others are refused by their names. */
async function coloursOf(space: PDFObject | undefined): Promise<Outcome<Colours>> {
	const [kind, second, top, table] =
		space instanceof PDFArray ? space.asArray().map((_, i) => space.lookup(i)) : [space];
	const name = kind instanceof PDFName ? kind.decodeText() : '';
	switch (name) {
		case 'DeviceGray':
		case 'CalGray':
		case 'G':
			return succeeded(GREY);
		case 'DeviceRGB':
		case 'CalRGB':
		case 'RGB':
			return succeeded(RGB);
		case 'ICCBased': {
			const count = second instanceof PDFRawStream ? numberOf(second.dict, 'N', 'N') : null;
			if (count === 1) return succeeded(GREY);
			if (count === 3) return succeeded(RGB);
			return coding({ kind: 'channels', name: 'ICC', number: count ?? 0 });
		}
		case 'Indexed':
		case 'I':
			return indexed(second, top, table);
		case 'DeviceCMYK':
		case 'CMYK':
			return coding({ kind: 'channels', name: 'CMYK', number: 4 });
		case '':
			throw new Error('no colour space');
		default:
			return coding({ kind: 'channels', name, number: 1 });
	}
}

/** Numbers of colours in a table (8.6.6.3). */
async function indexed(
	base: PDFObject | undefined,
	top: PDFObject | undefined,
	table: PDFObject | undefined
): Promise<Outcome<Colours>> {
	const of = await coloursOf(base);
	if (!of.ok || of.value.palette)
		return of.ok ? coding({ kind: 'channels', name: 'Indexed', number: 1 }) : of;
	const { samples } = of.value;
	const bytes = await tableOf(table);
	const count = top instanceof PDFNumber ? top.asNumber() + 1 : 0;
	if (count < 1 || count > 256 || bytes.length < count * samples) throw new Error('no palette');
	const palette = new Uint8Array(MAX_PALETTE);
	for (let i = 0; i < count * 3; i++) {
		palette[i] = samples === 3 ? bytes[i] : bytes[Math.floor(i / 3)];
	}
	return succeeded({ samples: 1, palette: palette.subarray(0, count * 3) });
}

async function tableOf(table: PDFObject | undefined): Promise<Uint8Array> {
	if (table instanceof PDFRawStream) return unpackedStream(table, SLACK_BYTES);
	if (table instanceof PDFString || table instanceof PDFHexString) return table.asBytes();
	throw new Error('no palette');
}

/** Samples of 1, 2, 4 or 8 bits, a byte each; rows end at a byte (8.9.5.2). */
function bytesOf(stored: Uint8Array, across: number, height: number, bits: number): Uint8Array {
	if (bits === 8) return stored.subarray(0, across * height);
	const row = Math.ceil((across * bits) / 8);
	const top = 2 ** bits - 1;
	const result = new Uint8Array(across * height);
	for (let i = 0; i < result.length; i++) {
		const x = (i % across) * bits;
		result[i] = (stored[Math.floor(i / across) * row + (x >> 3)] >> (8 - bits - (x & 7))) & top;
	}
	return result;
}

/** Spread values of few bits over 0 to 255. */
function spread(values: Uint8Array, bits: number): void {
	const top = 2 ** bits - 1;
	for (let i = 0; i < values.length; i++) values[i] = Math.round((values[i] / top) * 255);
}

/** @param top the largest value, where values count from it downward. @throws Error beyond the table */
function paletteColours(values: Uint8Array, palette: Uint8Array, top: number | null): Uint8Array {
	const result = new Uint8Array(values.length * 3);
	for (let i = 0; i < values.length; i++) {
		const index = 3 * (top === null ? values[i] : top - values[i]);
		if (index + 2 >= palette.length) throw new Error('no such colour');
		for (let c = 0; c < 3; c++) result[3 * i + c] = palette[index + c];
	}
	return result;
}

/** Whether values are turned round (8.9.5.2): `[1 0]` for each sample. */
function isInvertedBy(decode: PDFObject | undefined): boolean {
	if (!(decode instanceof PDFArray)) return false;
	const [low, high] = decode.asArray().map((_, i) => decode.lookup(i));
	return low instanceof PDFNumber && high instanceof PDFNumber && low.asNumber() > high.asNumber();
}

/**
 * How the stored rows are turned upright, as EXIF numbers it (1 to 8), from where the corners of
 * the picture come to lie. A picture that stands aslant is turned by whole quarters.
 */
function orientationOf([a, b, c, d]: Matrix): number {
	if (Math.abs(a) >= Math.abs(b)) return a >= 0 ? (d >= 0 ? 1 : 4) : d >= 0 ? 2 : 3;
	return b < 0 ? (c >= 0 ? 6 : 5) : c >= 0 ? 7 : 8;
}

function look(dict: PDFDict, key: string, short: string): PDFObject | undefined {
	return dict.lookup(PDFName.of(key)) ?? dict.lookup(PDFName.of(short));
}

function numberOf(dict: PDFDict, key: string, short: string): number | null {
	const value = look(dict, key, short);
	return value instanceof PDFNumber ? value.asNumber() : null;
}

function coding(how: Coding) {
	return failed('coding-not-read', { coding: how });
}
