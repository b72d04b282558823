import { bytesOf, finishTile } from './finish';
import { pairBlockBytes, sumPixelsInPairs } from './pairs';
import { sumPixels, TILE_PIXELS, valuesPerWord } from './tile';

/** Weights of 8 bits, step after step. */
const STEPS: i32 = 0;
/** Values and weights of 16 bits, step after step. */
const INT16: i32 = 1;
/** Weights of 8 bits in pairs of steps (`pairs.ts`); relaxed SIMD only. */
const PAIRS: i32 = 2;

/**
 * A convolution with bias, residual and ReLU; maps are NHWC, one image.
 * @param input the map of whole numbers, padded; see `sumPixels`.
 * @param inputOffsets u32 a pixel of the output, filled up to a multiple of 6: bytes from
 *   `input` to the first value that the pixel's kernel covers.
 * @param narrowOffsets likewise into the narrow output.
 * @param pixels of the output.
 * @param rows of the kernel.
 * @param steps 32-bit words of a kernel's row: columns x channels x bytes a value / 4, rounded
 *   up with weights of 0.
 * @param skip bytes from the end of such a row to the start of the next.
 * @param form of the weights: STEPS, INT16 or PAIRS.
 * @param channels of the output, a multiple of 8.
 * @param sums 192 bytes to work in.
 * The rest is as in `finishTile`, of all channels, with `residual` and `wide` without padding.
 */
export function convolve(
	input: usize,
	inputOffsets: usize,
	narrowOffsets: usize,
	pixels: i32,
	rows: i32,
	steps: i32,
	skip: usize,
	weights: usize,
	form: i32,
	channels: i32,
	scales: usize,
	biases: usize,
	residual: usize,
	relu: bool,
	wide: usize,
	narrow: usize,
	perValues: usize,
	levels: f32,
	sums: usize
): void {
	const words = rows * steps * 8;
	let blockBytes: usize = words * valuesPerWord<i8>() * sizeof<i8>();
	if (form == INT16) blockBytes = words * valuesPerWord<i16>() * sizeof<i16>();
	if (ASC_FEATURE_RELAXED_SIMD && form == PAIRS) blockBytes = pairBlockBytes(rows * steps);
	const narrowBytes = bytesOf(levels);
	const pixelBytes: usize = 4 * channels;
	for (let channel = 0; channel < channels; channel += 8) {
		const part: usize = 4 * channel;
		for (let first = 0; first < pixels; first += TILE_PIXELS) {
			const from = inputOffsets + 4 * first;
			const count = min(TILE_PIXELS, pixels - first);
			if (form == STEPS) {
				sumPixels<i8>(count, input, from, weights, rows, steps, skip, sums);
			} else if (form == INT16) {
				sumPixels<i16>(count, input, from, weights, rows, steps, skip, sums);
			} else if (ASC_FEATURE_RELAXED_SIMD) {
				sumPixelsInPairs(count, input, from, weights, rows * steps, sums);
			}
			const place = first * pixelBytes + part;
			finishTile(
				sums,
				count,
				scales + part,
				biases + part,
				residual ? residual + place : 0,
				relu,
				wide ? wide + place : 0,
				pixelBytes,
				narrow ? narrow + narrowBytes * channel : 0,
				narrowOffsets + 4 * first,
				perValues + part,
				levels
			);
		}
		weights += blockBytes;
	}
}
