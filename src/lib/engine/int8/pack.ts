/** Weights in the kernel's own layout, whole numbers with one scale an output channel. */
import { INT16_LEVELS, LEVELS, TILE_CHANNELS } from './kernel';
import type { Weight } from './graph';

/**
 * The largest 16-bit weight for which no sum with an int16 map's values leaves 32 bits.
 * @param count products of one sum.
 */
export function int16WeightLimit(count: number): number {
	return Math.min(32767, Math.floor((2 ** 31 - 1) / (count * INT16_LEVELS)));
}

/** A sum of products must fit into 32 bits: 127 x 127 x count, of an int16 map 2047 x 127. */
export function sumFits(count: number, levels: number): boolean {
	return count * levels * LEVELS < 2 ** 31;
}

/**
 * Largest magnitude of each output channel's weights.
 * @param weight [rows, columns, in, out].
 */
function peaks({ shape, values }: Weight): Float32Array {
	const out = shape[3];
	const found = new Float32Array(out);
	for (let i = 0; i < values.length; i += out) {
		for (let o = 0; o < out; o++) found[o] = Math.max(found[o], Math.abs(values[i + o]));
	}
	return found;
}

/** A constant with more output channels, the last side of its shape, which are 0. */
export function withChannels({ shape, values }: Weight, channels: number): Weight {
	const out = shape[shape.length - 1];
	if (out === channels) return { shape, values };
	const wider = new Float32Array((values.length / out) * channels);
	for (let from = 0, to = 0; from < values.length; from += out, to += channels) {
		wider.set(values.subarray(from, from + out), to);
	}
	return { shape: [...shape.slice(0, -1), channels], values: wider };
}

/** Multiply the weights of each input channel, so that its values can be given in other units. */
export function scaleInputs({ shape, values }: Weight, units: Float32Array): void {
	const [, , channels, out] = shape;
	for (let i = 0, channel = 0; i < values.length; i += out) {
		for (let o = 0; o < out; o++) values[i + o] *= units[channel];
		channel = (channel + 1) % channels;
	}
}

/**
 * Round and pack a convolution's weights: [out / 8][rows][columns x in / group][8][group];
 * what a row lacks to full groups is 0.
 * @param weight [rows, columns, in, out], out a multiple of 8.
 * @param group inputs that one dot product takes.
 * @param levels the largest whole number.
 * @param packed where they go, of `packedLength`, or longer where `tile` says so.
 * @param tile values before the weights of 8 output channels, and from those of one 8 to the next.
 * @returns the value of one step, an output channel each.
 */
export function packWeights(
	weight: Weight,
	group: number,
	levels: number,
	packed: Int8Array | Int16Array,
	tile?: { start: number; length: number }
): Float32Array {
	const [rows, columns, channels, out] = weight.shape;
	const { values } = weight;
	const row = columns * channels;
	const groups = Math.ceil(row / group);
	const scales = peaks(weight).map((peak) => peak / levels);
	const perSteps = Float64Array.from(scales, (scale) => (scale > 0 ? 1 / scale : 0));
	const lineLength = TILE_CHANNELS * groups * group;
	const { start, length } = tile ?? { start: 0, length: rows * lineLength };
	// In the order of the values, which are more than the cache holds.
	let from = 0;
	for (let r = 0; r < rows; r++) {
		for (let k = 0; k < row; k++) {
			const within = k % group;
			const place = (k - within) * TILE_CHANNELS + within;
			for (let first = 0; first < out; first += TILE_CHANNELS) {
				let to = start + (first / TILE_CHANNELS) * length + r * lineLength + place;
				for (let o = first; o < first + TILE_CHANNELS; o++, to += group) {
					// Math.round, which minds the sign of zero, takes four times as long.
					packed[to] = Math.floor(values[from++] * perSteps[o] + 0.5);
				}
			}
		}
	}
	return scales;
}

/** Values that `packWeights` writes. */
export function packedLength([rows, columns, channels, out]: number[], group: number): number {
	return rows * Math.ceil((columns * channels) / group) * group * out;
}
