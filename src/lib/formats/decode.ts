/** One file to one model input, inside the decode worker. Full-size pixels live only here. */
import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import type { Corners } from '../pixels/corners';
import type { FileFingerprint } from '../intake/fingerprint';
import { isSystemFile, KIND_BYTES, kindOf, mayBeImage, type FileKind } from './kind';
import {
	MAX_CODEC_BYTES,
	MAX_CODEC_PIXELS,
	MAX_FILE_BYTES,
	READ_WHOLE_BYTES
} from '../base/limits';
import { failed, succeeded, type Outcome } from '../problems/problems';
import { sha256Of } from '../base/sha256';
import { browserRaster } from './browser-raster';
import { channelOf, eightBits } from '../pixels/channels';
import { factsOfPages, type ImageFacts } from './facts';
import { inflate } from '../base/inflate';
import { unpackFrame } from './codecs/unpack';
import { heicSize, pngData, pngDataBytes, readHeader, type ImageHeader } from './header';
import { jpegOf } from './jpeg';
import { inputOf, thumbnailOf, type PixelRule } from '../pixels/model-input';
import { rectify } from '../pixels/rectify';
import type { Raster } from '../pixels/resizer';

export interface Prepared {
	/** uint8, height x width x channels, as the rule says. */
	pixels: Uint8Array;
	/** Size of the upright image in pixels. */
	width: number;
	height: number;
	/** A small picture for the list. */
	thumbnail: Blob;
	/** What the file says of itself; null where its kind says nothing. */
	facts: ImageFacts | null;
	/** By which a kept result finds its file again. */
	source: FileFingerprint;
}

interface Opened {
	raster: Raster;
	facts: ImageFacts | null;
}

/**
 * Read, check, decode and resize a file. Never throws for a bad file.
 * @param corners where the film lies in it; null where all of it is the image.
 */
export async function prepare(
	file: File,
	rule: PixelRule,
	corners: Corners | null = null
): Promise<Outcome<Prepared>> {
	return withFile(file, async (kind, bytes) => {
		const opened = await openMarked(kind, bytes, corners);
		if (!opened.ok) return opened;
		const { raster, facts } = opened.value;
		const sha256 = globalThis.crypto?.subtle ? await sha256Of(bytes as BufferSource) : '';
		const source = { size: bytes.length, modified: file.lastModified, sha256 };
		const pixels = await inputOf(raster, rule);
		const { width, height } = raster;
		const thumbnail = await thumbnailOf(pixels, rule, { width, height });
		return succeeded({ pixels, width, height, thumbnail, facts, source });
	});
}

/**
 * The same file as a picture to look at, for those that the browser does not draw. Never throws
 * for a bad file.
 * @param side its longest side at most, pixels.
 * @param corners as in `prepare`.
 */
export async function picture(
	file: File,
	side: number,
	corners: Corners | null = null
): Promise<Outcome<Blob>> {
	return withFile(file, async (kind, bytes) => {
		const opened = await openMarked(kind, bytes, corners);
		if (!opened.ok) return opened;
		const drawn = await jpegOf(opened.value.raster, side);
		return drawn ? succeeded(drawn) : failed('image-not-opened');
	});
}

/** Open a file for work on its bytes, and say what went wrong. */
async function withFile<T>(
	file: File,
	work: (kind: FileKind, bytes: Uint8Array) => Promise<Outcome<T>>
): Promise<Outcome<T>> {
	if (isSystemFile(file.name)) return failed('system-file');
	try {
		// Chromium asks the disk each time, and the page waits for it.
		const { size } = file;
		// A file that was unplugged has no size either (Chromium): a film must not be left out for it.
		if (size === 0) return failed(mayBeImage(file.name) ? 'empty-image' : 'empty-file');
		// Each look at a file is a question to another process: a small one is read at once.
		const isSmall = size <= READ_WHOLE_BYTES;
		const head = isSmall ? file : file.slice(0, KIND_BYTES);
		const bytes = new Uint8Array(await head.arrayBuffer());
		const kind = kindOf(bytes.subarray(0, KIND_BYTES));
		if (kind === 'unknown') return failed('not-an-image');
		if (size > MAX_FILE_BYTES) return failed('image-too-large', { size: { bytes: size } });
		return await work(kind, isSmall ? bytes : new Uint8Array(await file.arrayBuffer()));
	} catch (error) {
		if (error instanceof DOMException && /^Not(Found|Readable)Error$/.test(error.name)) {
			return failed('file-gone');
		}
		return failed('damaged-image');
	}
}

/** The pixels at full size, of the film alone where it was marked. */
async function openMarked(
	kind: FileKind,
	bytes: Uint8Array,
	corners: Corners | null
): Promise<Outcome<Opened>> {
	const opened = await openImage(kind, bytes);
	if (!opened.ok || !corners) return opened;
	const { raster, facts } = opened.value;
	return succeeded({ raster: rectify(raster, corners), facts });
}

/** The pixels at full size; rare formats bring their readers when the first file needs them. */
async function openImage(kind: FileKind, bytes: Uint8Array): Promise<Outcome<Opened>> {
	if (kind === 'dicom') {
		const { readDicom } = await import('./dicom/read');
		const read = await readDicom(bytes);
		if (!read.ok) return read;
		const { facts, ...picture } = read.value;
		return succeeded({ raster: { ...picture, stride: 1 }, facts });
	}
	if (kind === 'tiff') {
		const { readTiff } = await import('./tiff/read');
		const read = await readTiff(bytes);
		if (!read.ok) return read;
		const { pages, ...raster } = read.value;
		return succeeded({ raster, facts: factsOfPages(pages) });
	}
	if (kind === 'heic') return openHeic(bytes);
	const header = readHeader(kind, bytes);
	if (!header.ok) return header;
	const raster = await rasterOf(bytes, header.value);
	return raster ? succeeded({ raster, facts: null }) : failed('damaged-image');
}

/** Photographs of phones, where the browser reads them (Safari does). */
async function openHeic(bytes: Uint8Array): Promise<Outcome<Opened>> {
	const size = heicSize(bytes);
	if (!size.ok) return size;
	try {
		const raster = await browserRaster(bytes, 'image/heic');
		return raster ? succeeded({ raster, facts: null }) : failed('heic-not-read');
	} catch {
		return failed('heic-not-read');
	}
}

/** Decode as Pillow would: no colour management, alpha dropped, upright by EXIF. */
async function rasterOf(bytes: Uint8Array, header: ImageHeader): Promise<Raster | null> {
	// The canvas keeps 8 bits and multiplies by alpha, so such PNGs take another way.
	if (header.kind === 'png' && (header.bits === 16 || header.alpha)) return pngRaster(bytes);
	return (await codecRaster(bytes, header)) ?? browserRaster(bytes, `image/${header.kind}`);
}

/**
 * A grey JPEG by libjpeg-turbo, which Pillow and most browsers read it with too, but in one
 * channel: browsers give it as red, green, blue and alpha, which costs more than the decoding.
 * @returns null where it is another image, a very large one, or in disorder, which browsers forgive.
 */
async function codecRaster(
	bytes: Uint8Array,
	{ plainGrey, width, height }: ImageHeader
): Promise<Raster | null> {
	const fits = bytes.length <= MAX_CODEC_BYTES && width * height <= MAX_CODEC_PIXELS;
	if (!plainGrey || !fits) return null;
	try {
		const { channels, data } = await unpackFrame('jpeg', bytes, { width, height });
		return channels === 1 && !(data instanceof Uint16Array)
			? { width, height, stride: 1, data }
			: null;
	} catch {
		return null;
	}
}

async function pngRaster(bytes: Uint8Array): Promise<Raster> {
	// The library unpacks whatever there is: what unpacks to more than the header says is no image.
	await inflate(pngData(bytes), 'deflate', pngDataBytes(bytes)).catch((error: unknown) => {
		if (error instanceof RangeError) throw error;
	});
	const image = decodePng(bytes, { checkCrc: true });
	const { width, height, channels, palette } = image;
	if (palette)
		return { width, height, stride: palette[0].length, data: convertIndexedToRgb(image) };
	const data = image.data instanceof Uint16Array ? eightBits(image.data) : image.data;
	// Grey with alpha: the alpha is dropped.
	if (channels === 2) return { width, height, stride: 1, data: channelOf(data, 2, 0) };
	return { width, height, stride: channels, data: new Uint8Array(data) };
}
