/** LZW as TIFF has it (6.0, section 13): codes of 9 to 12 bits, high bits first. */

const CLEAR = 256;
const END = 257;
const CODES = 4096;

/**
 * Unpack into `target`; it stops where either end is reached.
 * @returns the number of bytes written. @throws Error where a code is not in the table.
 */
export function unpackLzw(source: Uint8Array, target: Uint8Array): number {
	/** Each code's text is that of another and one byte more. */
	const before = new Uint16Array(CODES);
	const byte = Uint8Array.from({ length: CODES }, (_, code) => code & 255);
	const length = new Uint16Array(CODES).fill(1, 0, 256);
	let next = END + 1;
	let width = 9;
	let previous = -1;
	let bits = 0;
	let held = 0;
	let to = 0;
	for (let from = 0; to < target.length;) {
		while (held < width) {
			if (from >= source.length) return to;
			bits = ((bits & 0xffff) << 8) | source[from++];
			held += 8;
		}
		held -= width;
		const code = (bits >> held) & ((1 << width) - 1);
		if (code === END) return to;
		if (code === CLEAR) {
			[next, width, previous] = [END + 1, 9, -1];
			continue;
		}
		if (previous >= 0 && next < CODES) {
			before[next] = previous;
			length[next] = length[previous] + 1;
			byte[next] = firstOf(code < next ? code : previous, before, length, byte);
			next++;
		}
		if (code >= next || code === CLEAR) throw new Error('no such code');
		for (let at = to + length[code] - 1, part = code; at >= to; at--, part = before[part]) {
			if (at < target.length) target[at] = byte[part];
		}
		to = Math.min(target.length, to + length[code]);
		previous = code;
		// A code is widened one early.
		if (next + 1 >= 1 << width && width < 12) width++;
	}
	return to;
}

function firstOf(code: number, before: Uint16Array, length: Uint16Array, byte: Uint8Array): number {
	let part = code;
	for (let left = length[code]; left > 1; left--) part = before[part];
	return byte[part];
}
