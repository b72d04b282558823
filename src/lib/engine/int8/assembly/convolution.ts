import { bytesOf, finishTile } from './finish';
import { sumPixels, TILE_PIXELS, valuesPerWord } from './tile';

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
 * @param int16 whether values and weights are of 16 bits.
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
	int16: bool,
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
	const blockBytes = int16
		? words * valuesPerWord<i16>() * sizeof<i16>()
		: words * valuesPerWord<i8>() * sizeof<i8>();
	const narrowBytes = bytesOf(levels);
	const pixelBytes: usize = 4 * channels;
	for (let channel = 0; channel < channels; channel += 8) {
		const part: usize = 4 * channel;
		for (let first = 0; first < pixels; first += TILE_PIXELS) {
			const from = inputOffsets + 4 * first;
			const count = min(TILE_PIXELS, pixels - first);
			if (int16) sumPixels<i16>(count, input, from, weights, rows, steps, skip, sums);
			else sumPixels<i8>(count, input, from, weights, rows, steps, skip, sums);
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
