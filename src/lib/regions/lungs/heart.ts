/**
 * On which side the heart lies, to tell a mirrored film: the same bits as
 * `fieldlens_training/regions/heart_side.py`, where each step is written down.
 */
import type { Resize } from '../../pixels/resizer';
import { stretchOf, type CropRule } from './crop';
import { FILM_SIZE, type Box, type Mask } from './mask';

const SIDE = 8;
/** Of the left half of the box, row after row; fitted by `fit_heart_side.py`. */
const WEIGHTS = [
	[-8, -7, 9, 14],
	[25, 8, 30, 20],
	[10, -17, 13, -10],
	[-9, -30, -2, -21],
	[-11, -12, -23, -23],
	[9, -22, -81, -23],
	[38, 13, -28, -14],
	[9, 37, 26, -7]
] as const;
const LIMIT = 12750;

/**
 * Above 0 where the heart lies on the picture's right, as it should.
 * @param film greys, `FILM_SIZE` x `FILM_SIZE`.
 * @param box the least one around the mask.
 */
export function heartScore(
	film: Uint8Array,
	mask: Mask,
	{ left, top, right, bottom }: Box,
	percentiles: CropRule['percentiles'],
	resize: Resize
): number {
	const greys = stretchOf(film, mask, percentiles);
	const [width, height] = [right - left, bottom - top];
	const data = new Uint8Array(width * height);
	for (let y = 0; y < height; y++) {
		const row = (top + y) * FILM_SIZE + left;
		for (let x = 0; x < width; x++) data[y * width + x] = greys[film[row + x]];
	}
	const small = resize({ width, height, stride: 1, data }, 'grey', SIDE, SIDE);
	let score = 0;
	WEIGHTS.forEach((weights, y) => {
		weights.forEach((weight, x) => {
			score += weight * (small[y * SIDE + x] - small[y * SIDE + SIDE - 1 - x]);
		});
	});
	return score;
}

/** Whether the heart clearly lies on the picture's left. For upright films with two lungs. */
export function isMirrored(score: number): boolean {
	return score < -LIMIT;
}
