/** What a packed frame says of itself before it is unpacked. */

export interface FrameSize {
	width: number;
	height: number;
	channels: number;
	/** Bits a sample. */
	bits: number;
}

/** Frame header of any JPEG: baseline, extended, lossless, JPEG-LS (ITU T.81, B.2.2; T.87). */
export function jpegFrameOf(bytes: Uint8Array): FrameSize | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff;) {
		const marker = bytes[at + 1];
		const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
		if (isFrame || marker === 0xf7) {
			return {
				bits: bytes[at + 4],
				height: view.getUint16(at + 5),
				width: view.getUint16(at + 7),
				channels: bytes[at + 9]
			};
		}
		at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
	}
	return null;
}

/**
 * SIZ segment of a JPEG 2000 codestream (ITU T.800, A.5.1), which comes first; in a JP2 file,
 * which has no place in DICOM and is found there, behind some boxes.
 */
export function siz(bytes: Uint8Array): FrameSize | null {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const last = Math.min(bytes.length - 44, 4096);
	for (let at = 0; at <= last; at++) {
		if (view.getUint32(at) !== 0xff4fff51) continue;
		return {
			width: view.getUint32(at + 8) - view.getUint32(at + 16),
			height: view.getUint32(at + 12) - view.getUint32(at + 20),
			channels: view.getUint16(at + 40),
			bits: (bytes[at + 42] & 0x7f) + 1
		};
	}
	return null;
}
