/** Reads WebP files (RFC 9649). */
import { failed, succeeded, type Outcome } from '../../problems/problems';
import type { Raster } from '../../pixels/resizer';
import { upright } from '../../pixels/upright';
import { browserRaster } from '../browser-raster';
import { ascii, joined, viewOf } from '../bytes';
import { exifOrientation } from '../exif';
import type { Picture, Reader, Size } from '../format';
import { checkSize } from '../size';

interface WebpHeader extends Size {
	orientation: number;
	/** Whether a chunk of its own holds alpha. */
	hasAlpha: boolean;
}

interface Chunk {
	type: string;
	/** Content, without the byte that fills it up. */
	data: Uint8Array;
	/** With its header and the byte that fills it up. */
	whole: Uint8Array;
}

export const reader: Reader<WebpHeader> = {
	checkHeader(bytes) {
		if (bytes.length < 20) return failed('truncated-image');
		const said = viewOf(bytes).getUint32(4, true) + 8;
		const first = sizeOf({ type: ascii(bytes, 12, 16), data: bytes.subarray(20) });
		const size = first && checkSize(first);
		if (size && !size.ok) return size;
		if (said > bytes.length) return failed('truncated-image');
		const chunks = chunksOf(bytes.subarray(0, said));
		// A chunk that reaches over the end of the file's own count, or no picture in it.
		if (!chunks || !size || !hasPicture(chunks)) return failed('damaged-image');
		const exif = chunks.find(({ type }) => type === 'EXIF');
		const orientation = exif ? exifOrientation(exif.data) : 1;
		return succeeded({
			...size.value,
			orientation,
			hasAlpha: chunks.some(({ type }) => type === 'ALPH')
		});
	},

	async decode(bytes, { width, height, orientation, hasAlpha }): Promise<Outcome<Picture>> {
		// Without the block no browser turns the image, whether it would or not. With alpha a canvas
		// loses the colours of what is transparent.
		const isPlain = orientation === 1 && !hasAlpha;
		const raster = await browserRaster(isPlain ? bytes : bare(bytes), 'image/webp');
		const isWhole = raster?.width === width && raster.height === height;
		if (!isWhole) return failed('damaged-image');
		if (isTransparent(raster)) {
			return failed('coding-not-read', { coding: { kind: 'channels', name: 'WebP', number: 4 } });
		}
		return succeeded({ raster: upright(raster satisfies Raster, orientation), facts: null });
	}
};

/** All chunks, or null where one reaches over the end. */
function chunksOf(bytes: Uint8Array): Chunk[] | null {
	const view = viewOf(bytes);
	const chunks: Chunk[] = [];
	for (let at = 12; at < bytes.length;) {
		if (at + 8 > bytes.length) return null;
		const length = view.getUint32(at + 4, true);
		const end = at + 8 + length;
		if (end > bytes.length) return null;
		const whole = bytes.subarray(at, end + (length % 2));
		chunks.push({ type: ascii(bytes, at, at + 4), data: bytes.subarray(at + 8, end), whole });
		at = end + (length % 2);
	}
	return chunks;
}

/** Size by the first chunk, whatever its kind. */
function sizeOf({ type, data }: Pick<Chunk, 'type' | 'data'>): Size | null {
	if (data.length < 10) return null;
	const view = viewOf(data);
	switch (type) {
		case 'VP8X':
			return {
				width: (view.getUint32(3, true) >>> 8) + 1,
				height: data[7] + data[8] * 256 + data[9] * 65_536 + 1
			};
		case 'VP8 ':
			return {
				width: view.getUint16(6, true) & 0x3fff,
				height: view.getUint16(8, true) & 0x3fff
			};
		case 'VP8L': {
			const bits = view.getUint32(1, true);
			return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
		}
		default:
			return null;
	}
}

function hasPicture(chunks: readonly Chunk[]): boolean {
	return chunks.some(({ type, data }) => {
		if (type === 'VP8L') return data[0] === 0x2f;
		if (type === 'VP8 ') return isWholeKeyFrame(data);
		return type === 'ANMF';
	});
}

/** The first partition must lie in the frame (RFC 6386, section 9.1). */
function isWholeKeyFrame(data: Uint8Array): boolean {
	if (data.length < 10) return false;
	const tag = data[0] | (data[1] << 8) | (data[2] << 16);
	const isStart = data[3] === 0x9d && data[4] === 0x01 && data[5] === 0x2a;
	return (tag & 1) === 0 && isStart && 10 + (tag >> 5) <= data.length;
}

/** Flags of VP8X: there is EXIF, there is alpha. */
const [EXIF_FLAG, ALPHA_FLAG] = [0x08, 0x10];
/** Whether a lossless picture has alpha of its own: then the canvas has lost colours. */
function isTransparent({ data, stride }: Raster): boolean {
	for (let at = 3; at < data.length; at += stride) if (data[at] !== 255) return true;
	return false;
}

/** The file without its EXIF and alpha, and with a count that fits. */
function bare(bytes: Uint8Array): Uint8Array {
	const kept = (chunksOf(bytes) ?? []).filter(({ type }) => type !== 'EXIF' && type !== 'ALPH');
	const file = joined([bytes.subarray(0, 12), ...kept.map(({ whole }) => whole)]);
	if (ascii(file, 12, 16) === 'VP8X') file[20] &= ~(EXIF_FLAG | ALPHA_FLAG);
	viewOf(file).setUint32(4, file.length - 8, true);
	return file;
}
