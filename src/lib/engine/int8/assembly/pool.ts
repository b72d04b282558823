import { bytesOf, storeNarrow } from './finish';

/**
 * Maximum over 3 x 3 at stride 2 with one pixel of padding, of a map without negative values.
 * @param input float, height x width x channels; channels a multiple of 8.
 * @param wide, narrow, narrowOffsets, perValues, levels the outputs, as in `convolve`; the output is
 *   ceil(height / 2) x ceil(width / 2).
 */
export function pool(
	input: usize,
	height: i32,
	width: i32,
	channels: i32,
	wide: usize,
	narrow: usize,
	narrowOffsets: usize,
	perValues: usize,
	levels: f32
): void {
	const narrowBytes = bytesOf(levels);
	const outWidth = (width + 1) >> 1;
	const outHeight = (height + 1) >> 1;
	for (let row = 0; row < outHeight; row++) {
		const top = max(0, 2 * row - 1);
		const bottom = min(height - 1, 2 * row + 1);
		for (let column = 0; column < outWidth; column++) {
			const left = max(0, 2 * column - 1);
			const right = min(width - 1, 2 * column + 1);
			const pixel = row * outWidth + column;
			const to = narrow ? narrow + load<u32>(narrowOffsets + 4 * pixel) : 0;
			for (let channel = 0; channel < channels; channel += 8) {
				let low = f32x4.splat(0);
				let high = f32x4.splat(0);
				for (let y = top; y <= bottom; y++) {
					let from = input + 4 * ((y * width + left) * channels + channel);
					for (let x = left; x <= right; x++) {
						low = f32x4.pmax(low, v128.load(from));
						high = f32x4.pmax(high, v128.load(from, 16));
						from += 4 * channels;
					}
				}
				if (wide) {
					v128.store(wide + 4 * (pixel * channels + channel), low);
					v128.store(wide + 4 * (pixel * channels + channel), high, 16);
				}
				if (narrow) {
					const values = to + narrowBytes * channel;
					storeNarrow(values, low, high, perValues + 4 * channel, levels);
				}
			}
		}
	}
}
