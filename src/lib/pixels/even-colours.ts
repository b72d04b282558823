/**
 * Makes the colours of a cell's picture those of one stain and one light: each channel is
 * multiplied such that the median over a disc in the middle becomes the target. The same bits as
 * `fieldlens_training/data/colours.py`, which says why.
 */

export interface EvenColours {
	/** The colour that the middle gets, 0 to 255 a channel. */
	target: readonly number[];
	/** Of the disc, hundredths of the picture's side. */
	radius: number;
	/** A median counts as at least so bright. */
	least: number;
}

/**
 * @param pixels uint8 RGB, `side` x `side`.
 * @returns a new array of the same kind.
 */
export function evenColours(pixels: Uint8Array, side: number, rule: EvenColours): Uint8Array {
	const { target, radius, least } = rule;
	const counts = [0, 1, 2].map(() => new Uint32Array(256));
	let total = 0;
	const reach = (radius * side) ** 2;
	for (let y = 0; y < side; y++) {
		for (let x = 0; x < side; x++) {
			const square = (2 * x + 1 - side) ** 2 + (2 * y + 1 - side) ** 2;
			if (square * 2500 > reach) continue;
			total++;
			for (let c = 0; c < 3; c++) counts[c][pixels[(y * side + x) * 3 + c]]++;
		}
	}
	const tables = counts.map((count, c) => {
		const typical = Math.max(least, lowerMedian(count, total));
		const table = new Uint8Array(256);
		for (let level = 0; level < 256; level++) {
			table[level] = Math.min(255, Math.floor((2 * level * target[c] + typical) / (2 * typical)));
		}
		return table;
	});
	// A cell takes this a hundred times a field: no call a value.
	const even = new Uint8Array(pixels.length);
	for (let at = 0; at < pixels.length; at += 3) {
		for (let c = 0; c < 3; c++) even[at + c] = tables[c][pixels[at + c]];
	}
	return even;
}

/** The lower median of `total` levels, given how often each occurs. */
function lowerMedian(count: Uint32Array, total: number): number {
	const wanted = Math.floor((total + 1) / 2);
	let seen = 0;
	return count.findIndex((each) => (seen += each) >= wanted);
}
