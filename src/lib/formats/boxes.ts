/** Files that are made of boxes: HEIC, AVIF, JPEG XL (ISO BMFF, section 4.2). */
import { imageSize } from 'image-size';
import { failed, succeeded, type Outcome } from '../problems/problems';
import { browserRaster } from './browser-raster';
import { viewOf } from './bytes';
import type { Reader, Size } from './format';
import { checkSize } from './size';

/**
 * The size of the image; its boxes must fit into the file.
 * @param bytes the whole file. @param unknown what to say where no box gives a size.
 */
export function checkBoxes(
	bytes: Uint8Array,
	unknown: Extract<Outcome<never>, { ok: false }>
): Outcome<Size> {
	const view = viewOf(bytes);
	// A codestream of JPEG XL without boxes begins with 255.
	for (let at = bytes[0] === 0xff ? bytes.length : 0; at < bytes.length;) {
		if (at + 8 > bytes.length) return failed('truncated-image');
		const length = view.getUint32(at);
		if (length === 0) break;
		if (length < 8 && length !== 1) return failed('damaged-image');
		if (length === 1 && at + 16 > bytes.length) return failed('truncated-image');
		const boxBytes = length === 1 ? Number(view.getBigUint64(at + 8)) : length;
		if (length === 1 && boxBytes < 16) return failed('damaged-image');
		at += boxBytes;
		if (at > bytes.length) return failed('truncated-image');
	}
	try {
		const { width, height } = imageSize(bytes);
		return checkSize({ width, height });
	} catch {
		return unknown;
	}
}

/**
 * A format that only some browsers read; elsewhere it is refused by its name. Its decoder refuses
 * damaged data, and what it gives must have the size that the header says.
 */
export function boxReader(type: string, name: string): Reader {
	const notRead = () => failed('format-not-read', { format: name });
	return {
		checkHeader: (bytes) => checkBoxes(bytes, notRead()),
		async decode(bytes, { width, height }) {
			const raster = await browserRaster(bytes, type).catch(() => null);
			if (!raster) return notRead();
			// Turned by a box of its own, it may lie on its side.
			const isWhole = raster.width * raster.height === width * height;
			return isWhole ? succeeded({ raster, facts: null }) : failed('damaged-image');
		}
	};
}
