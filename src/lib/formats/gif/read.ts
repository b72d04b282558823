/**
 * Reads GIF files (GIF89a specification). Not the browser's: it draws what there is of a picture
 * whose end is missing.
 */
import { failed, succeeded, type Outcome } from '../../problems/problems';
import { joined, viewOf } from '../bytes';
import { factsOfImage } from '../facts';
import type { Picture, Reader, Size } from '../format';
import { checkSize } from '../size';
import { unpackGifLzw } from './lzw';

interface GifHeader extends Size {
	/** Pictures in the file. */
	frames: number;
	first: Frame;
}

interface Frame extends Size {
	left: number;
	top: number;
	isInterlaced: boolean;
	/** Red, green, blue of each index. */
	palette: Uint8Array;
	codeSize: number;
	packed: Uint8Array;
}

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

export const reader: Reader<GifHeader> = {
	checkHeader(bytes) {
		if (bytes.length < 13) return failed('truncated-image');
		const view = viewOf(bytes);
		const size = checkSize({ width: view.getUint16(6, true), height: view.getUint16(8, true) });
		if (!size.ok) return size;
		const colours = paletteAt(bytes, 13, bytes[10]);
		let first: Frame | null = null;
		let frames = 0;
		for (let at = 13 + colours.length; at < bytes.length;) {
			if (bytes[at] === TRAILER) {
				return first ? succeeded({ ...size.value, frames, first }) : failed('damaged-image');
			}
			if (bytes[at] === EXTENSION) {
				const { next } = blocksAt(bytes, at + 2);
				at = next;
			} else if (bytes[at] === IMAGE && at + 10 < bytes.length) {
				const { frame, next } = frameAt(bytes, at, colours);
				first ??= frame;
				frames++;
				at = next;
			} else return failed(at + 10 < bytes.length ? 'damaged-image' : 'truncated-image');
		}
		return failed('truncated-image');
	},

	async decode(_, { width, height, frames, first }): Promise<Outcome<Picture>> {
		const inside = first.left + first.width <= width && first.top + first.height <= height;
		if (!inside || first.width < 1 || first.height < 1) return failed('damaged-image');
		const indices = unpackGifLzw(first.packed, first.codeSize, first.width * first.height);
		// Beside the first picture lies the first colour, as Pillow fills it.
		const ground = first.palette.subarray(0, 3);
		const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => ground[i % 3] ?? 0);
		const rows = first.isInterlaced ? interlacedRows(first.height) : null;
		for (let y = 0; y < first.height; y++) {
			const row = first.top + (rows ? rows[y] : y);
			for (let x = 0; x < first.width; x++) {
				const from = 3 * indices[y * first.width + x];
				if (from + 2 >= first.palette.length) return failed('damaged-image');
				data.set(first.palette.subarray(from, from + 3), 3 * (row * width + first.left + x));
			}
		}
		const facts = factsOfImage({ frames, ownRange: false });
		return succeeded({ raster: { width, height, stride: 3, data }, facts });
	}
};

/** A colour table, whose size and presence the flags say. */
function paletteAt(bytes: Uint8Array, at: number, flags: number): Uint8Array {
	return (flags & 0x80) === 0 ? new Uint8Array() : bytes.subarray(at, at + 3 * (2 << (flags & 7)));
}

function frameAt(bytes: Uint8Array, at: number, colours: Uint8Array) {
	const view = viewOf(bytes);
	const flags = bytes[at + 9];
	const own = paletteAt(bytes, at + 10, flags);
	const data = at + 10 + own.length;
	const { parts, next } = blocksAt(bytes, data + 1);
	const frame: Frame = {
		left: view.getUint16(at + 1, true),
		top: view.getUint16(at + 3, true),
		width: view.getUint16(at + 5, true),
		height: view.getUint16(at + 7, true),
		isInterlaced: (flags & 0x40) !== 0,
		palette: own.length > 0 ? own : colours,
		codeSize: bytes[data],
		packed: joined(parts)
	};
	return { frame, next };
}

/** Sub-blocks up to the empty one; `next` is beyond the file where that is missing. */
function blocksAt(bytes: Uint8Array, start: number): { parts: Uint8Array[]; next: number } {
	const parts: Uint8Array[] = [];
	let at = start;
	while (at < bytes.length && bytes[at] > 0) {
		parts.push(bytes.subarray(at + 1, at + 1 + bytes[at]));
		at += 1 + bytes[at];
	}
	return { parts, next: at + 1 };
}

/** Rows in the order in which they are stored (appendix E). */
function interlacedRows(height: number): number[] {
	const passes = [
		[0, 8],
		[4, 8],
		[2, 4],
		[1, 2]
	];
	return passes.flatMap(([first, step]) =>
		Array.from(
			{ length: Math.max(0, Math.ceil((height - first) / step)) },
			(_, i) => first + i * step
		)
	);
}
