/** One file to one model input, inside the decode worker. Full-size pixels live only here. */
import { convertIndexedToRgb, decode as decodePng } from 'fast-png';
import type { Corners } from '../intake/corners';
import { isSystemFile, KIND_BYTES, kindOf, mayBeImage, type FileKind } from '../intake/kind';
import { MAX_FILE_BYTES, THUMBNAIL_SIDE } from '../limits';
import { failed, succeeded, type Outcome } from '../problems';
import { sha256Of } from '../sha256';
import { channelOf, eightBits, greyOf, interleave } from './channels';
import { factsOfPages, type ImageFacts } from './facts';
import { inflate } from '../inflate';
import { heicSize, pngData, pngDataBytes, readHeader, type ImageHeader } from './header';
import { jpegOf } from './jpeg';
import { rectify } from './rectify';
import { resizeChannel } from './resize';

/** The part of a model's input rule that decides the pixels. */
export interface PixelRule {
	width: number;
	height: number;
	channels: 1 | 3;
}

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
	/** Of the whole file, by which a kept result finds it again; '' where the page is not secure. */
	sha256: string;
}

/** Interleaved pixels, `stride` values each; grey images have stride 1. */
export interface Raster {
	width: number;
	height: number;
	stride: number;
	data: Uint8Array | Uint8ClampedArray;
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
		return succeeded({ ...(await inputOf(raster, rule)), facts, sha256 });
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
		// A file that was unplugged has no size either (Chromium): a film must not be left out for it.
		if (file.size === 0) return failed(mayBeImage(file.name) ? 'empty-image' : 'empty-file');
		const head = new Uint8Array(await file.slice(0, KIND_BYTES).arrayBuffer());
		const kind = kindOf(head);
		if (kind === 'unknown') return failed('not-an-image');
		if (file.size > MAX_FILE_BYTES) {
			return failed('image-too-large', { size: { bytes: file.size } });
		}
		return await work(kind, new Uint8Array(await file.arrayBuffer()));
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
	const quick = header.plainGrey ? await greyJpegRaster(bytes) : null;
	if (quick) return quick;
	return browserRaster(bytes, `image/${header.kind}`);
}

/** Decode with the browser's own codecs. @throws DOMException where it does not know how. */
async function browserRaster(bytes: Uint8Array, type: string): Promise<Raster | null> {
	const blob = new Blob([bytes as BlobPart], { type });
	const bitmap = await createImageBitmap(blob, {
		colorSpaceConversion: 'none',
		premultiplyAlpha: 'none',
		imageOrientation: 'from-image'
	});
	try {
		const { width, height } = bitmap;
		const context = contextOf(width, height);
		if (!context) return null;
		context.drawImage(bitmap, 0, 0);
		return { width, height, stride: 4, data: context.getImageData(0, 0, width, height).data };
	} finally {
		bitmap.close();
	}
}

/**
 * The same pixels as the canvas gives, without the canvas: two thirds of the time.
 * @returns null where the browser has no `ImageDecoder`, or gives another layout.
 */
async function greyJpegRaster(bytes: Uint8Array): Promise<Raster | null> {
	if (typeof ImageDecoder === 'undefined') return null;
	const decoder = new ImageDecoder({
		data: bytes as BufferSource,
		type: 'image/jpeg',
		colorSpaceConversion: 'none'
	});
	try {
		const { image } = await decoder.decode();
		try {
			if (!/^(BGR|RGB)[XA]$/.test(image.format ?? '')) return null;
			const pixels = new Uint8Array(image.allocationSize());
			const [{ offset, stride }] = await image.copyTo(pixels);
			const { codedWidth: width, codedHeight: height } = image;
			if (offset !== 0 || stride !== width * 4) return null;
			return { width, height, stride: 1, data: channelOf(pixels, 4, 0) };
		} finally {
			image.close();
		}
	} finally {
		decoder.close();
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

async function inputOf(
	raster: Raster,
	rule: PixelRule
): Promise<Omit<Prepared, 'facts' | 'sha256'>> {
	const { width, height, stride, data } = raster;
	const planes =
		rule.channels === 1
			? [stride === 1 ? data : greyOf(data, stride)]
			: [0, 1, 2].map((c) => (stride === 1 ? data : channelOf(data, stride, c)));
	const resized = planes.map((plane) =>
		resizeChannel(plane, width, height, rule.width, rule.height)
	);
	const pixels = interleave(resized);
	return { pixels, width, height, thumbnail: await thumbnailOf(pixels, rule, width, height) };
}

/** A small JPEG of the model's input, stretched back to the image's shape. */
async function thumbnailOf(
	pixels: Uint8Array,
	rule: PixelRule,
	width: number,
	height: number
): Promise<Blob> {
	const source = contextOf(rule.width, rule.height);
	const scale = THUMBNAIL_SIDE / Math.max(width, height);
	const target = contextOf(Math.max(1, width * scale), Math.max(1, height * scale));
	if (!source || !target) return new Blob();
	const image = source.createImageData(rule.width, rule.height);
	for (let i = 0; i < rule.width * rule.height; i++) {
		for (let c = 0; c < 3; c++) {
			image.data[i * 4 + c] = pixels[i * rule.channels + (rule.channels === 1 ? 0 : c)];
		}
		image.data[i * 4 + 3] = 255;
	}
	source.putImageData(image, 0, 0);
	target.drawImage(source.canvas, 0, 0, target.canvas.width, target.canvas.height);
	return target.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D | null {
	const canvas = new OffscreenCanvas(Math.round(width), Math.round(height));
	return canvas.getContext('2d', { willReadFrequently: true });
}
