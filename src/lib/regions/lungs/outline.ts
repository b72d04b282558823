/**
 * From the finder's logits to the outline of the lungs, in whole numbers: the same bits as
 * `fieldlens_training/regions/outline_mask.py`.
 */
import { FILM_SIZE, maskOf, piecesOf, withoutHoles, type Mask } from './mask';

/** Pixels of the working film along a side that one of the finder's map covers. */
const STEP = 4;
/** Side of the finder's map. */
export const MAP_SIZE = FILM_SIZE / STEP;
const LEVELS_PER_LOGIT = 16;
/** Hundredths of the largest piece's pixels that another one has at least, to be kept. */
export const LEAST_PIECE = 12;

/** Logits in steps of 1/16, held to -128 to 127. */
export function levelsOf(logits: Float32Array): Int8Array {
	const levels = new Int8Array(logits.length);
	for (let i = 0; i < levels.length; i++) {
		const level = Math.floor(logits[i] * LEVELS_PER_LOGIT + 0.5);
		levels[i] = Math.min(127, Math.max(-128, level));
	}
	return levels;
}

/**
 * The lungs on the working film.
 * @param levels the finder's map, `MAP_SIZE` x `MAP_SIZE`.
 */
export function outlineOf(levels: Int8Array): Mask {
	return keepLungs(insideOf(levels));
}

/** Where the map, enlarged linearly with half-pixel centres, is above 0. */
function insideOf(levels: Int8Array): Mask {
	// Output o lies at (2 o - 3) / 8 of the map: weights of 8 along each side.
	const first = new Int32Array(FILM_SIZE);
	const second = new Int32Array(FILM_SIZE);
	const part = new Int32Array(FILM_SIZE);
	for (let o = 0; o < FILM_SIZE; o++) {
		const place = 2 * o - 3;
		first[o] = Math.max(0, place >> 3);
		second[o] = Math.min(MAP_SIZE - 1, (place >> 3) + 1);
		part[o] = place & 7;
	}
	const wide = new Int32Array(MAP_SIZE * FILM_SIZE);
	for (let y = 0, i = 0; y < MAP_SIZE; y++) {
		const row = y * MAP_SIZE;
		for (let x = 0; x < FILM_SIZE; x++, i++) {
			wide[i] = levels[row + first[x]] * (8 - part[x]) + levels[row + second[x]] * part[x];
		}
	}
	const mask = new Uint8Array(FILM_SIZE * FILM_SIZE);
	for (let y = 0, i = 0; y < FILM_SIZE; y++) {
		const [above, below] = [first[y] * FILM_SIZE, second[y] * FILM_SIZE];
		const [upper, lower] = [8 - part[y], part[y]];
		for (let x = 0; x < FILM_SIZE; x++, i++) {
			mask[i] = wide[above + x] * upper + wide[below + x] * lower > 0 ? 1 : 0;
		}
	}
	return mask;
}

/** The largest piece and those that are not much smaller, holes filled. */
function keepLungs(mask: Mask): Mask {
	const pieces = piecesOf(mask);
	const largest = Math.max(0, ...pieces.map(({ area }) => area));
	return withoutHoles(maskOf(pieces.filter(({ area }) => area * 100 >= largest * LEAST_PIECE)));
}
