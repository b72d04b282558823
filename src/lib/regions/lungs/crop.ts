/**
 * From the outline of the lungs to the picture that the classifier reads: the same bits as
 * `fieldlens_training/regions/lung_crop.py`, where each step is written down.
 */
import type { Resize } from '../../pixels/resizer';
import { FILM_SIZE, piecesOf, type Box, type Mask } from './mask';
import { smoothed } from './smooth';

/** How the crop is made; but for `smoothing` in hundredths. */
export interface CropRule {
	/** Passes of the filter that the film goes through first (`smoothed`). */
	smoothing: number;
	/** Of the lungs' box: what it grows by on each side. */
	margin: number;
	/** Of the box's mean side: what is shown around the lungs. */
	reach: number;
	/** Of the lungs' greys: what becomes black and what becomes white. */
	percentiles: readonly [low: number, high: number];
}

/**
 * The lungs alone, uint8 `size` x `size`.
 * @param film greys, `FILM_SIZE` x `FILM_SIZE`.
 * @param box the least one around the mask.
 */
export function cropLungs(
	film: Uint8Array,
	mask: Mask,
	box: Box,
	rule: CropRule,
	size: number,
	resize: Resize
): Uint8Array {
	const smooth = smoothed(film, rule.smoothing);
	const greys = stretchOf(smooth, mask, rule.percentiles);
	const shown = dilated(mask, reachOf(box, rule.reach));
	const { left, top, right, bottom } = grown(box, rule.margin);
	const [width, height] = [right - left, bottom - top];
	const data = new Uint8Array(width * height);
	for (let y = Math.max(0, top); y < Math.min(FILM_SIZE, bottom); y++) {
		const row = y * FILM_SIZE;
		const target = (y - top) * width - left;
		for (let x = Math.max(0, left); x < Math.min(FILM_SIZE, right); x++) {
			if (shown[row + x] === 1) data[target + x] = greys[smooth[row + x]];
		}
	}
	return resize({ width, height, stride: 1, data }, 'grey', size, size);
}

/** The box with its margin; it may reach beyond the film. */
export function grown({ left, top, right, bottom }: Box, margin: number): Box {
	const across = Math.max(1, Math.floor(((right - left) * margin + 50) / 100));
	const down = Math.max(1, Math.floor(((bottom - top) * margin + 50) / 100));
	return {
		left: left - across,
		top: top - down,
		right: right + across,
		bottom: bottom + down
	};
}

/** Pixels around the mask that are shown. */
export function reachOf({ left, top, right, bottom }: Box, reach: number): number {
	return Math.max(1, Math.floor(((right - left + bottom - top) * reach + 100) / 200));
}

/** The greys that become black and white. */
export function greyRange(
	film: Uint8Array,
	mask: Mask,
	[least, most]: CropRule['percentiles']
): [low: number, high: number] {
	const counts = new Uint32Array(256);
	let total = 0;
	for (let i = 0; i < film.length; i++) {
		if (mask[i] === 0) continue;
		counts[film[i]]++;
		total++;
	}
	let [low, high, sum] = [-1, -1, 0];
	for (let grey = 0; grey < 256 && high < 0; grey++) {
		sum += counts[grey];
		if (low < 0 && sum * 100 >= least * total) low = grey;
		if (sum * 100 >= most * total) high = grey;
	}
	return [low, Math.max(high, low + 1)];
}

/** What each grey becomes. */
export function stretchOf(film: Uint8Array, mask: Mask, percentiles: CropRule['percentiles']) {
	const [low, high] = greyRange(film, mask, percentiles);
	const range = high - low;
	return Uint8Array.from({ length: 256 }, (_, grey) =>
		Math.min(255, Math.max(0, Math.floor((510 * (grey - low) + range) / (2 * range))))
	);
}

/** The mask grown by a square of `2 reach + 1` pixels. */
export function dilated(mask: Mask, reach: number): Mask {
	const result = new Uint8Array(mask.length);
	for (const { runs } of piecesOf(mask)) {
		for (const { y, start, end } of runs) {
			const [left, right] = [Math.max(0, start - reach), Math.min(FILM_SIZE, end + reach)];
			const bottom = Math.min(FILM_SIZE - 1, y + reach);
			for (let row = Math.max(0, y - reach); row <= bottom; row++) {
				result.fill(1, row * FILM_SIZE + left, row * FILM_SIZE + right);
			}
		}
	}
	return result;
}
