/**
 * What an image file says of itself, read before anything is decoded: its size (so that
 * a small file cannot ask for gigabytes) and whether its end is there (browsers draw a
 * half image without a word, and half a lung must not be scored).
 */
import { imageSize } from 'image-size';
import { isImageKind, type FileKind, formatName, type ImageKind } from './kind';
import { MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from '../base/limits';
import { failed, succeeded, type Outcome } from '../problems/problems';

export interface ImageHeader {
	kind: ImageKind;
	/** Stored width and height in pixels, before the EXIF orientation. */
	width: number;
	height: number;
	/** Bits a sample, where the format has more than one choice (PNG); 8 otherwise. */
	bits: number;
	/** Whether a PNG carries alpha, or colours that are transparent. */
	alpha: boolean;
	/** Whether a JPEG has one channel and needs no turning. */
	plainGrey: boolean;
}

/**
 * Check an image file and read its header.
 * @param bytes the whole file.
 */
export function readHeader(kind: FileKind, bytes: Uint8Array): Outcome<ImageHeader> {
	if (kind === 'unknown') return failed('not-an-image');
	if (kind === 'heic') return failed('heic-not-read');
	if (!isImageKind(kind)) return failed('format-not-read', { format: formatName(kind) });
	const frame = kind === 'jpeg' ? jpegFrame(bytes) : null;
	const size = sizeOf(bytes) ?? frame;
	if (!size) return failed(hasEnd(kind, bytes) ? 'damaged-image' : 'truncated-image');
	const { width, height } = size;
	if (!(width > 0 && height > 0)) return failed('damaged-image');
	if (isTooLarge(size)) return tooLarge(size);
	if (!hasEnd(kind, bytes)) return failed('truncated-image');
	const isPng = kind === 'png';
	return succeeded({
		kind,
		width,
		height,
		bits: isPng ? bytes[24] : 8,
		alpha: isPng && pngHasAlpha(bytes),
		plainGrey: size.orientation === 1 && frame?.channels === 1
	});
}

/**
 * Size of a HEIC photograph; its boxes must fit into the file (ISO BMFF, section 4.2).
 * @param bytes the whole file.
 */
export function heicSize(bytes: Uint8Array): Outcome<{ width: number; height: number }> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let at = 0; at < bytes.length;) {
		if (at + 8 > bytes.length) return failed('truncated-image');
		const length = view.getUint32(at);
		if (length === 0) break;
		if (length < 8 && length !== 1) return failed('damaged-image');
		if (length === 1 && at + 16 > bytes.length) return failed('truncated-image');
		at += length === 1 ? Number(view.getBigUint64(at + 8)) : length;
		if (at > bytes.length) return failed('truncated-image');
		if (length === 1 && at < 16) return failed('damaged-image');
	}
	const size = sizeOf(bytes);
	// The size is in a box that only this browser may understand: without one it says no.
	if (!size) return failed('heic-not-read');
	return isTooLarge(size) ? tooLarge(size) : succeeded(size);
}

function isTooLarge({ width, height }: { width: number; height: number }): boolean {
	return width * height > MAX_IMAGE_PIXELS || Math.max(width, height) > MAX_IMAGE_SIDE;
}

function tooLarge({ width, height }: { width: number; height: number }) {
	return failed('image-too-large', { size: { width, height } });
}

/** Whether the file holds its own end. */
export function hasEnd(kind: ImageKind, bytes: Uint8Array): boolean {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	switch (kind) {
		case 'jpeg':
			return jpegHasEnd(bytes, view);
		case 'png':
			return pngHasEnd(view);
		case 'webp':
			return bytes.length >= 12 && view.getUint32(4, true) + 8 <= bytes.length;
		case 'bmp':
			return bmpHasEnd(view);
	}
}

/** Walk the segments to the scan, then look for the end marker (ITU T.81, annex B). */
function jpegHasEnd(bytes: Uint8Array, view: DataView): boolean {
	const end = bytes.length;
	let at = 2;
	while (at + 4 <= end) {
		if (bytes[at] !== 0xff) return false;
		const marker = bytes[at + 1];
		if (marker === 0xff) {
			at++;
		} else if (marker === 0xda) {
			break;
		} else {
			at += 2 + view.getUint16(at + 2);
		}
	}
	// In a scan 0xff is always followed by a stuffed zero or a restart marker.
	for (at = bytes.indexOf(0xff, at); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
		if (bytes[at + 1] === 0xd9) return true;
	}
	return false;
}

/** Size and EXIF orientation (1 where there is none), or null where the header is not in order. */
function sizeOf(bytes: Uint8Array) {
	try {
		const { width, height, orientation = 1 } = imageSize(bytes);
		return { width, height, orientation };
	} catch {
		return null;
	}
}

/**
 * What a JPEG's frame header says (SOF0 to SOF15 but DHT, JPG and DAC; ITU T.81, B.2.2).
 * Fill bytes before a marker are passed over, which `image-size` does not do.
 */
function jpegFrame(bytes: Uint8Array) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
		const marker = bytes[at + 1];
		if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
			const height = view.getUint16(at + 5);
			const width = view.getUint16(at + 7);
			// The orientation stays unknown, so the image is left to the browser's own decoder.
			return { width, height, channels: bytes[at + 9], orientation: 0 };
		}
		at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
	}
	return null;
}

const IDAT = 0x49444154;
const IEND = 0x49454e44;
const TRNS = 0x74524e53;

function pngHasEnd(view: DataView): boolean {
	return pngHasChunk(view, IEND);
}

/** Alpha as a channel (colour types 4 and 6), or transparent colours where a byte holds one. */
function pngHasAlpha(bytes: Uint8Array): boolean {
	const [bits, colourType] = [bytes[24], bytes[25]];
	if (colourType === 4 || colourType === 6) return true;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return (colourType === 3 || bits === 8) && pngHasChunk(view, TRNS);
}

/** The packed rows of a PNG: all its IDAT chunks, one after the other. */
export function pngData(bytes: Uint8Array): Uint8Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const parts: Uint8Array[] = [];
	for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
		if (view.getUint32(at + 4) === IDAT) {
			parts.push(bytes.subarray(at + 8, at + 8 + view.getUint32(at)));
		}
	}
	const data = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let end = 0;
	for (const part of parts) {
		data.set(part, end);
		end += part.length;
	}
	return data;
}

/** Bytes that the rows of a PNG unpack to at most, by its header (sections 7.2 and 8.2). */
export function pngDataBytes(bytes: Uint8Array): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const [width, height] = [view.getUint32(16), view.getUint32(20)];
	const samples = [1, 1, 3, 1, 2, 1, 4][bytes[25]] ?? 4;
	const row = 1 + Math.ceil((width * samples * bytes[24]) / 8);
	// Interlaced: seven passes, whose rows are each rounded up and have a filter byte.
	return bytes[28] === 1 ? height * row + 7 * (row + 2 * height) : height * row;
}

/** Walk the chunks (PNG specification, section 5). */
function pngHasChunk(view: DataView, type: number): boolean {
	let at = 8;
	while (at + 12 <= view.byteLength) {
		if (view.getUint32(at + 4) === type) return true;
		at += 12 + view.getUint32(at);
	}
	return false;
}

/** Uncompressed rows must fit behind the pixel offset (BITMAPINFOHEADER). */
function bmpHasEnd(view: DataView): boolean {
	if (view.byteLength < 54) return false;
	const offset = view.getUint32(10, true);
	const width = Math.abs(view.getInt32(18, true));
	const height = Math.abs(view.getInt32(22, true));
	const bits = view.getUint16(28, true);
	const compression = view.getUint32(30, true);
	const isPlain = compression === 0 || compression === 3;
	const rows = Math.ceil((width * bits) / 32) * 4 * height;
	return offset + (isPlain ? rows : 1) <= view.byteLength;
}
