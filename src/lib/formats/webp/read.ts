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
		return succeeded({ ...size.value, orientation: exif ? exifOrientation(exif.data) : 1 });
	},

	async decode(bytes, { width, height, orientation }): Promise<Outcome<Picture>> {
		// Without the block no browser turns the image, whether it would or not.
		const raster = await browserRaster(orientation === 1 ? bytes : bare(bytes), 'image/webp');
		const isWhole = raster?.width === width && raster.height === height;
		if (!isWhole) return failed('damaged-image');
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

/** The file without its EXIF chunk, and with a count that fits. */
function bare(bytes: Uint8Array): Uint8Array {
	const chunks = (chunksOf(bytes) ?? []).filter(({ type }) => type !== 'EXIF');
	const file = joined([bytes.subarray(0, 12), ...chunks.map(({ whole }) => whole)]);
	viewOf(file).setUint32(4, file.length - 8, true);
	// Bit 3 of the flags says that there is an EXIF chunk.
	if (ascii(file, 12, 16) === 'VP8X') file[20] &= ~8;
	return file;
}
