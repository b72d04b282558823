/** What a packed frame says of itself before it is unpacked. */
import { viewOf } from '../bytes';
import { jpegFrame } from '../jpeg/segments';
import type { FramePacking } from './unpack';

export interface FrameSize {
	width: number;
	height: number;
	channels: number;
	/** Bits a sample. */
	bits: number;
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

/** How a frame is packed, by its own markers; null where they are those of no codec. */
export function packingOfFrame(frame: Uint8Array): FramePacking | null {
	const size = siz(frame);
	if (size) return hasCap(frame) ? 'htj2k' : 'jpeg-2000';
	if (frame[0] !== 0xff || frame[1] !== 0xd8) return null;
	switch (jpegFrame(frame)?.process) {
		case 0:
		case 2:
			return 'jpeg';
		case 1:
			return 'jpeg-12';
		case 3:
			return 'jpeg-lossless';
		case 55:
			return 'jpeg-ls';
		default:
			return null;
	}
}

/** Whether the CAP segment of high-throughput JPEG 2000 follows SIZ (ITU T.814). */
function hasCap(frame: Uint8Array): boolean {
	const view = viewOf(frame);
	for (let at = 0; at + 6 < Math.min(frame.length, 4096); at++) {
		if (view.getUint32(at) !== 0xff4fff51) continue;
		const next = at + 4 + view.getUint16(at + 4);
		return next + 2 <= frame.length && view.getUint16(next) === 0xff50;
	}
	return false;
}
