/**
 * Touching and overlapping cells apart: the same bits as
 * `fieldlens_training/regions/cells/split.py`.
 */
import { partsOf, type Size } from './plane';

/** The largest disc that fits into a cell: its middle, and its squared radius in pixels. */
export interface Disc {
	x: number;
	y: number;
	squared: number;
}

/** Hundredths of a disc's radius to which the way to the next disc narrows between two cells. */
const NECK = 88;
/** Of the typical radius: how far from its disc a pixel belongs to a cell. */
const FAR = 1.75;

/**
 * A disc for each cell: the maxima of the distances, each unless the way to a larger one stays as
 * broad as itself.
 * @param distances squared, to what is no cell.
 * @param least squared radius.
 */
export function discsOf(distances: Int32Array, size: Size, least: number): Disc[] {
	const discs: Disc[] = [];
	for (const disc of maximaOf(distances, size, least)) {
		if (!discs.some((larger) => isSameCell(disc, larger, distances, size))) discs.push(disc);
	}
	return discs;
}

/** Pixels with no larger neighbour, the largest first, then in reading order. */
function maximaOf(distances: Int32Array, { width, height }: Size, least: number): Disc[] {
	const maxima: Disc[] = [];
	for (let y = 0; y < height; y++) {
		const top = Math.max(0, y - 1);
		const bottom = Math.min(height - 1, y + 1);
		for (let x = 0; x < width; x++) {
			const squared = distances[y * width + x];
			if (squared < least || squared === 0) continue;
			const left = Math.max(0, x - 1);
			const right = Math.min(width - 1, x + 1);
			let isMaximum = true;
			for (let row = top; row <= bottom && isMaximum; row++) {
				for (let column = left; column <= right && isMaximum; column++) {
					isMaximum = distances[row * width + column] <= squared;
				}
			}
			if (isMaximum) maxima.push({ x, y, squared });
		}
	}
	// The sort is stable.
	return maxima.sort((one, other) => other.squared - one.squared);
}

function isSameCell(disc: Disc, larger: Disc, distances: Int32Array, { width }: Size): boolean {
	const [across, down] = [larger.x - disc.x, larger.y - disc.y];
	if (across * across + down * down >= 4 * larger.squared) return false;
	const steps = Math.max(Math.abs(across), Math.abs(down));
	const limit = NECK * NECK * disc.squared;
	for (let step = 1; step < steps; step++) {
		const x = disc.x + Math.floor((2 * across * step + steps) / (2 * steps));
		const y = disc.y + Math.floor((2 * down * step + steps) / (2 * steps));
		if (distances[y * width + x] * 10_000 < limit) return false;
	}
	return true;
}

/**
 * Of each pixel of a mask the cell that it belongs to, counted from 1, 0 where to none: the disc
 * of least power (squared distance less squared radius) within the same part. Where two circles
 * overlap that is the line through both crossings.
 * @param radius of a typical cell, pixels.
 */
export function ownersOf(
	mask: Uint8Array,
	size: Size,
	discs: readonly Disc[],
	radius: number
): Int32Array {
	const { width, height } = size;
	const { labels } = partsOf(mask, size, 1);
	const owners = new Int32Array(mask.length);
	const least = new Int32Array(mask.length).fill(2 ** 31 - 1);
	const reach = Math.floor(FAR * radius) + 1;
	discs.forEach(({ x, y, squared }, i) => {
		const part = labels[y * width + x];
		const bottom = Math.min(height - 1, y + reach);
		const right = Math.min(width - 1, x + reach);
		for (let row = Math.max(0, y - reach); row <= bottom; row++) {
			const down = (row - y) * (row - y) - squared;
			for (let column = Math.max(0, x - reach); column <= right; column++) {
				const at = row * width + column;
				const power = down + (column - x) * (column - x);
				if (labels[at] !== part || power >= least[at]) continue;
				least[at] = power;
				owners[at] = i + 1;
			}
		}
	});
	return owners;
}
