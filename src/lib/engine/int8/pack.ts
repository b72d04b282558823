/** Weights in the kernel's own layout, whole numbers with one scale an output channel. */
import { LEVELS, TILE_CHANNELS } from './kernel';
import type { Weight } from './graph';

/** The largest value of the image's 16-bit input; see `imageWeightLimit`. */
export const IMAGE_LEVELS = 2047;

/**
 * The largest 16-bit weight of the first convolution for which no sum leaves 32 bits.
 * @param count products of one sum.
 */
export function imageWeightLimit(count: number): number {
	return Math.min(32767, Math.floor((2 ** 31 - 1) / (count * IMAGE_LEVELS)));
}

/** A sum of products must fit into 32 bits: 127 x 127 x count. */
export function sumFits(count: number): boolean {
	return count * LEVELS * LEVELS < 2 ** 31;
}

/**
 * Largest magnitude of each output channel's weights.
 * @param weight [rows, columns, in, out].
 */
function peaks({ shape, values }: Weight): Float32Array {
	const out = shape[3];
	const found = new Float32Array(out);
	for (let i = 0; i < values.length; i++) {
		const size = Math.abs(values[i]);
		if (size > found[i % out]) found[i % out] = size;
	}
	return found;
}

/**
 * Round and pack a convolution's weights: [out / 8][rows][columns x in / group][8][group];
 * what a row lacks to full groups is 0.
 * @param weight [rows, columns, in, out], out a multiple of 8.
 * @param group inputs that one dot product takes.
 * @param levels the largest whole number.
 * @param packed where they go, of `packedLength`.
 * @returns the value of one step, an output channel each.
 */
export function packWeights(
	weight: Weight,
	group: number,
	levels: number,
	packed: Int8Array | Int16Array
): Float32Array {
	const [rows, columns, channels, out] = weight.shape;
	const { values } = weight;
	const row = columns * channels;
	const groups = Math.ceil(row / group);
	const scales = peaks(weight).map((peak) => peak / levels);
	for (let o = 0; o < out; o++) {
		const perStep = scales[o] > 0 ? 1 / scales[o] : 0;
		const block = Math.floor(o / TILE_CHANNELS) * rows * groups * TILE_CHANNELS * group;
		const place = block + (o % TILE_CHANNELS) * group;
		for (let r = 0; r < rows; r++) {
			for (let k = 0; k < row; k++) {
				const at = (r * groups + Math.floor(k / group)) * TILE_CHANNELS * group + (k % group);
				const value = values[(r * row + k) * out + o];
				packed[place + at] = Math.round(value * perStep);
			}
		}
	}
	return scales;
}

/** Values that `packWeights` writes. */
export function packedLength([rows, columns, channels, out]: number[], group: number): number {
	return rows * Math.ceil((columns * channels) / group) * group * out;
}
