/** GIF's LZW (appendix F): lowest bits first, the width of codes grows as late as it can. */

const MOST_CODES = 4096;

/**
 * @param codeSize bits of an index.
 * @param count indices that must come.
 * @throws Error where the data end early or are damaged.
 */
export function unpackGifLzw(packed: Uint8Array, codeSize: number, count: number): Uint8Array {
	if (codeSize < 1 || codeSize > 8) throw new Error('an impossible code size');
	const clear = 1 << codeSize;
	const prefix = new Uint16Array(MOST_CODES);
	const suffix = new Uint8Array(MOST_CODES);
	const lengths = new Uint16Array(MOST_CODES).fill(1);
	for (let code = 0; code < clear; code++) suffix[code] = code;
	const target = new Uint8Array(count);
	let [next, width, previous, written] = [clear + 2, codeSize + 1, -1, 0];
	let [held, bits, at] = [0, 0, 0];
	/** Write a code's indices, from the last to the first. @returns the first. */
	const write = (code: number, end: number): number => {
		let one = code;
		for (let place = end - 1; ; place--) {
			target[place] = suffix[one];
			if (lengths[one] === 1) return suffix[one];
			one = prefix[one];
		}
	};
	while (written < count) {
		while (bits < width) {
			if (at >= packed.length) throw new Error('the data end early');
			held |= packed[at++] << bits;
			bits += 8;
		}
		const code = held & ((1 << width) - 1);
		held >>>= width;
		bits -= width;
		if (code === clear) {
			[next, width, previous] = [clear + 2, codeSize + 1, -1];
			continue;
		}
		// The end, before all indices came; or a code that is not known yet.
		const isNew = code === next && previous >= 0;
		if (code === clear + 1 || (code > next && !isNew) || (code === next && !isNew)) {
			throw new Error('the data are damaged');
		}
		const length = isNew ? lengths[previous] + 1 : lengths[code];
		if (written + length > count) throw new Error('too many indices');
		if (previous >= 0 && next < MOST_CODES) {
			prefix[next] = previous;
			lengths[next] = lengths[previous] + 1;
			suffix[next] = firstOf(isNew ? previous : code, prefix, suffix, lengths);
			next++;
			if (next === 1 << width && width < 12) width++;
		}
		write(code, written + length);
		written += length;
		previous = code;
	}
	return target;
}

function firstOf(
	code: number,
	prefix: Uint16Array,
	suffix: Uint8Array,
	lengths: Uint16Array
): number {
	let one = code;
	while (lengths[one] > 1) one = prefix[one];
	return suffix[one];
}
