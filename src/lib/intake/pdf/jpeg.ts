/** A JPEG with an orientation of its own (CIPA DC-008, section 4.5). */

const APP1 = 0xe1;
const START_OF_SCAN = 0xda;

/**
 * The same JPEG, to be shown with this orientation, 1 to 8. What it says of it itself goes: a PDF
 * turns its pictures otherwise.
 */
export function turnedJpeg(bytes: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> {
	const kept: Uint8Array[] = [bytes.subarray(0, 2)];
	if (orientation !== 1) kept.push(exifSegment(orientation));
	let at = 2;
	while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== START_OF_SCAN) {
		const isFill = bytes[at + 1] === 0xff;
		const end = isFill ? at + 1 : at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
		if (isFill || bytes[at + 1] !== APP1) kept.push(bytes.subarray(at, end));
		at = end;
	}
	kept.push(bytes.subarray(at));
	const whole = new Uint8Array(kept.reduce((sum, { length }) => sum + length, 0));
	let to = 0;
	for (const part of kept) {
		whole.set(part, to);
		to += part.length;
	}
	return whole;
}

/** EXIF data of one entry: tag 0x0112, one SHORT. */
function exifSegment(orientation: number): Uint8Array {
	const exif = [...'Exif\0\0'].map((sign) => sign.charCodeAt(0));
	const header = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8];
	const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
	const data = [...exif, ...header, 0, 1, ...entry, 0, 0, 0, 0];
	return Uint8Array.from([0xff, APP1, 0, data.length + 2, ...data]);
}
