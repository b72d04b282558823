/** The orientation in a block of EXIF data (CIPA DC-008, section 4.6), which is a small TIFF. */
import { ascii, viewOf } from './bytes';

const ORIENTATION = 0x0112;

/**
 * @param block TIFF header first, with or without `Exif\0\0` before it.
 * @returns 1 to 8; 1 where the block says nothing or is damaged.
 */
export function exifOrientation(block: Uint8Array): number {
	const bytes = ascii(block, 0, 4) === 'Exif' ? block.subarray(6) : block;
	const order = ascii(bytes, 0, 2);
	if (bytes.length < 14 || (order !== 'II' && order !== 'MM')) return 1;
	const view = viewOf(bytes);
	const isLittle = order === 'II';
	const start = view.getUint32(4, isLittle);
	if (start + 2 > bytes.length) return 1;
	const entries = view.getUint16(start, isLittle);
	for (let i = 0; i < entries; i++) {
		const at = start + 2 + 12 * i;
		if (at + 12 > bytes.length) return 1;
		if (view.getUint16(at, isLittle) !== ORIENTATION) continue;
		const value = view.getUint16(at + 8, isLittle);
		return value >= 1 && value <= 8 ? value : 1;
	}
	return 1;
}
