/** PackBits, the run lengths of TIFF (6.0, section 9) and of DICOM (PS3.5, annex G.3). */

/**
 * Unpack into `target`; it stops where either end is reached.
 * @returns the number of bytes written.
 */
export function unpackBits(source: Uint8Array, target: Uint8Array): number {
	let from = 0;
	let to = 0;
	while (from < source.length && to < target.length) {
		const control = source[from++];
		if (control < 128) {
			const count = Math.min(control + 1, source.length - from, target.length - to);
			target.set(source.subarray(from, from + count), to);
			from += control + 1;
			to += count;
		} else if (control > 128 && from < source.length) {
			const count = Math.min(257 - control, target.length - to);
			target.fill(source[from++], to, to + count);
			to += count;
		}
	}
	return to;
}
