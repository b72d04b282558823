/** Reads BMP files. */
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { browserRaster } from '../browser-raster';
import { viewOf } from '../bytes';
import type { Picture, Reader, Size } from '../format';
import { checkSize } from '../size';

/** BITMAPCOREHEADER of OS/2 1.x: sides of 16 bits. The headers of later versions begin alike. */
const CORE_BYTES = 12;
const SHORTEST_HEADER = 16;
/** Compressions whose rows have a known length: none, and bit fields. */
const PLAIN = [0, 3, 6];

export const reader: Reader<Size> = {
	checkHeader(bytes) {
		if (bytes.length < 26) return failed('truncated-image');
		const view = viewOf(bytes);
		const offset = view.getUint32(10, true);
		const headerBytes = view.getUint32(14, true);
		const isCore = headerBytes === CORE_BYTES;
		if (!isCore && (headerBytes < SHORTEST_HEADER || headerBytes > 1024)) {
			return failed('damaged-image');
		}
		if (bytes.length < 14 + headerBytes) return failed('truncated-image');
		const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
		const height = isCore ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
		const bits = view.getUint16(isCore ? 24 : 28, true);
		const compression = headerBytes >= 20 ? view.getUint32(30, true) : 0;
		const size = checkSize({ width, height });
		if (!size.ok) return size;
		const rows = Math.ceil((width * bits) / 32) * 4 * height;
		const isPlain = PLAIN.includes(compression);
		if (offset + (isPlain ? rows : 1) > bytes.length) return failed('truncated-image');
		// Run lengths end with a marker of their own (escape 1), or at the last pixel.
		if (!isPlain && compression > 2) return failed('damaged-image');
		return size;
	},

	async decode(bytes, { width, height }): Promise<Outcome<Picture>> {
		const raster = await browserRaster(bytes, 'image/bmp');
		const isWhole = raster?.width === width && raster.height === height;
		return isWhole ? succeeded({ raster, facts: null }) : failed('damaged-image');
	}
};
