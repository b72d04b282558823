import { sumFineTile } from './fine';
import { bytesOf, finish } from './finish';
import { NARROW_BYTES, sumTile, TILE_PIXELS } from './tile';

/**
 * A convolution with bias, residual and ReLU; maps are NHWC, one image.
 * @param input the map of whole numbers, padded; see `sumTile`, where `fine` `sumFineTile`.
 * @param inputOffsets u32 a pixel of the output, filled up to a multiple of 6: bytes from
 *   `input` to the first value that the pixel's kernel covers.
 * @param narrowOffsets likewise into the narrow output.
 * @param pixels of the output.
 * @param rows of the kernel.
 * @param steps 32-bit words of a kernel's row: columns x channels x bytes a value / 4, rounded
 *   up with weights of 0.
 * @param skip bytes from the end of such a row to the start of the next.
 * @param fine whether values and weights are of 16 bits.
 * @param channels of the output, a multiple of 8.
 * @param sums 192 bytes to work in.
 * The rest is as in `finish`, of all channels, with `residual` and `wide` without padding.
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
	fine: bool,
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
	const blockBytes = fine ? rows * steps * 32 : (rows * steps * 32) / NARROW_BYTES;
	const narrowBytes = bytesOf(levels);
	for (let channel = 0; channel < channels; channel += 8) {
		for (let first = 0; first < pixels; first += TILE_PIXELS) {
			const from = inputOffsets + 4 * first;
			if (fine) sumFineTile(input, from, weights, rows, steps, skip, sums);
			else sumTile(input, from, weights, rows, steps, skip, sums);
			const count = min(TILE_PIXELS, pixels - first);
			for (let i = 0; i < count; i++) {
				const pixel = first + i;
				const place = 4 * (pixel * channels + channel);
				finish(
					sums + 32 * i,
					scales + 4 * channel,
					biases + 4 * channel,
					residual ? residual + place : 0,
					relu,
					wide ? wide + place : 0,
					narrow ? narrow + load<u32>(narrowOffsets + 4 * pixel) + narrowBytes * channel : 0,
					perValues + 4 * channel,
					levels
				);
			}
		}
		weights += blockBytes;
	}
}
