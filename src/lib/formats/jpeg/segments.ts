/** The segments of a JPEG before its first scan (ITU T.81, annex B). */
import { ascii, viewOf } from '../bytes';
import { exifOrientation } from '../exif';

/** What the frame header says (B.2.2). */
export interface JpegFrame {
	/** The number of its SOF marker, 0 to 15; 55 for JPEG-LS (ITU T.87). */
	process: number;
	width: number;
	height: number;
	channels: number;
	/** Bits a sample. */
	bits: number;
	/** EXIF orientation, 1 to 8. */
	orientation: number;
}

const JPEG_LS = 0xf7;

/** Whether a marker begins a frame: SOF0 to SOF15 but DHT, JPG and DAC; and that of JPEG-LS. */
export function isFrameMarker(marker: number): boolean {
	const isSof = marker >= 0xc0 && marker <= 0xcf;
	return (isSof && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === JPEG_LS;
}

/** The frame header, or null where there is none before the end or the disorder begins. */
export function jpegFrame(bytes: Uint8Array): JpegFrame | null {
	const view = viewOf(bytes);
	let orientation = 1;
	for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
		const marker = bytes[at + 1];
		if (isFrameMarker(marker)) {
			return {
				process: marker === JPEG_LS ? 55 : marker - 0xc0,
				bits: bytes[at + 4],
				height: view.getUint16(at + 5),
				width: view.getUint16(at + 7),
				channels: bytes[at + 9],
				orientation
			};
		}
		const length = marker === 0xff ? 0 : view.getUint16(at + 2);
		if (marker === 0xe1 && ascii(bytes, at + 4, at + 8) === 'Exif') {
			orientation = exifOrientation(bytes.subarray(at + 4, at + 2 + length));
		}
		// Fill bytes may stand before a marker.
		at += marker === 0xff ? 1 : 2 + length;
	}
	return null;
}
