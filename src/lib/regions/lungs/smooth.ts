/** Smooths the working film before the lungs are cut out, the same bits as Python's `smoothed`. */
import { FILM_SIZE } from './mask';

/**
 * The film after a binomial filter: `passes` times along the rows, then along the columns, each
 * value becomes itself twice plus its two neighbours (itself at an edge), rounded at the end.
 * Standard deviation: the square root of half of `passes`, in pixels.
 * @param film uint8 greys, `FILM_SIZE` x `FILM_SIZE`; it is left as it is.
 * @param passes from 0, which gives the film itself, to 5: 255 x 16^5 is below 2^31, 255 x 16^6 is not.
 */
export function smoothed(film: Uint8Array, passes: number): Uint8Array {
	if (passes === 0) return film;
	const sums = Int32Array.from(film);
	for (let pass = 0; pass < passes; pass++) addNeighboursInRows(sums);
	for (let pass = 0; pass < passes; pass++) addNeighboursInColumns(sums);
	const shift = 4 * passes;
	const half = 1 << (shift - 1);
	const result = new Uint8Array(film.length);
	for (let i = 0; i < result.length; i++) result[i] = (sums[i] + half) >> shift;
	return result;
}

function addNeighboursInRows(sums: Int32Array): void {
	for (let start = 0; start < sums.length; start += FILM_SIZE) {
		const last = start + FILM_SIZE - 1;
		let before = sums[start];
		for (let i = start; i < last; i++) {
			const here = sums[i];
			sums[i] = before + 2 * here + sums[i + 1];
			before = here;
		}
		sums[last] = before + 3 * sums[last];
	}
}

function addNeighboursInColumns(sums: Int32Array): void {
	const before = sums.slice(0, FILM_SIZE);
	for (let start = 0; start < sums.length; start += FILM_SIZE) {
		const below = Math.min(start + FILM_SIZE, sums.length - FILM_SIZE);
		for (let x = 0; x < FILM_SIZE; x++) {
			const here = sums[start + x];
			// In the last row `below` is the row itself, which is not written before it is read.
			sums[start + x] = before[x] + 2 * here + sums[below + x];
			before[x] = here;
		}
	}
}
