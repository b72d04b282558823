/** What a packed frame says of itself before it is unpacked. */
import { viewOf } from '../bytes';
import { jpegFrame } from '../jpeg/segments';

export type WasmPacking = 'jpeg' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';
/** How a frame is packed; `jpeg-12` is the sequential process of 8 to 12 bits. */
export type FramePacking = WasmPacking | 'jpeg-12' | 'jpeg-lossless';

export interface FrameSize {
	width: number;
	height: number;
	channels: number;
	/** Bits a sample. */
	bits: number;
	/** Whether its channels differ in bits or in size: codecs do not bring them together. */
	isUneven?: boolean;
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
		const channels = view.getUint16(at + 40);
		return {
			width: view.getUint32(at + 8) - view.getUint32(at + 16),
			height: view.getUint32(at + 12) - view.getUint32(at + 20),
			channels,
			bits: (bytes[at + 42] & 0x7f) + 1,
			isUneven: isUneven(bytes.subarray(at + 42, at + 42 + 3 * channels))
		};
	}
	return null;
}

/** Whether channels have other bits than the first or are smaller than the image. */
function isUneven(channels: Uint8Array): boolean {
	return channels.some((value, i) => value !== (i % 3 === 0 ? channels[0] : 1));
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

const [SOT, EOC] = [0xff90, 0xffd9];

/**
 * Whether all parts of all tiles of a codestream are there (ITU T.800, A.4.2): decoders fill what
 * is missing.
 */
export function checkCodestream(frame: Uint8Array): 'whole' | 'truncated' | 'damaged' {
	const view = viewOf(frame);
	let start = 0;
	while (start + 44 < frame.length && view.getUint32(start) !== 0xff4fff51) start++;
	if (start + 44 >= frame.length) return 'truncated';
	// SIZ: sides of the grid, its offset, sides of a tile, their offset.
	const [right, bottom, , , wide, high, left, top] = Array.from({ length: 8 }, (_, i) =>
		view.getUint32(start + 8 + 4 * i)
	);
	const needed = Math.ceil((right - left) / wide) * Math.ceil((bottom - top) / high);
	const tiles = new Set<number>();
	let at = start + 2;
	while (at + 4 <= frame.length) {
		const marker = view.getUint16(at);
		if (marker === EOC) break;
		if (marker >> 8 !== 0xff) return 'damaged';
		if (marker !== SOT) {
			at += 2 + view.getUint16(at + 2);
			continue;
		}
		if (at + 12 > frame.length) return 'truncated';
		const length = view.getUint32(at + 6);
		tiles.add(view.getUint16(at + 4));
		// A length of zero: up to the end marker.
		if (length === 0) return tiles.size >= needed && hasEoc(frame) ? 'whole' : 'truncated';
		if (length < 14) return 'damaged';
		at += length;
		if (at > frame.length) return 'truncated';
	}
	return tiles.size >= needed ? 'whole' : 'truncated';
}

function hasEoc(frame: Uint8Array): boolean {
	let end = frame.length;
	while (end > 2 && frame[end - 1] === 0) end--;
	return frame[end - 2] === 0xff && frame[end - 1] === 0xd9;
}
