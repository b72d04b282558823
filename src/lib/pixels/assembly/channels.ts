// From interleaved pixels to one channel. Four pixels at a time: up to 15 bytes behind the
// last pixel are read, and up to 3 behind the last result are written.

/**
 * Grey as Pillow's `convert('L')`, ITU-R 601 luma in 16-bit fixed point.
 * @param source uint8, red, green and blue first.
 * @param stride values a pixel, 3 or 4.
 * @param count pixels.
 * @param out uint8, one value a pixel.
 */
export function greyOf(source: usize, stride: i32, count: i32, out: usize): void {
	// Red, green, green, blue: the weight of green, 38470, is two that fit into 16 bits.
	const places =
		stride == 4
			? i8x16(0, 1, 1, 2, 4, 5, 5, 6, 8, 9, 9, 10, 12, 13, 13, 14)
			: i8x16(0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11);
	const weights = i16x8(19595, 19235, 19235, 7471, 19595, 19235, 19235, 7471);
	const half = i32x4.splat(0x8000);
	for (let i = 0; i < count; i += 4) {
		const colours = i8x16.swizzle(v128.load(source + i * stride), places);
		const first = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(colours), weights);
		const last = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(colours), weights);
		const sums = i32x4.add(
			v128.shuffle<i32>(first, last, 0, 2, 4, 6),
			v128.shuffle<i32>(first, last, 1, 3, 5, 7)
		);
		storeBytes(out + i, i32x4.shr_u(i32x4.add(sums, half), 16));
	}
}

/**
 * One channel.
 * @param stride values a pixel, 1 to 4.
 * @param count pixels.
 * @param out uint8, one value a pixel.
 */
export function channelOf(source: usize, stride: i32, channel: i32, count: i32, out: usize): void {
	let places = i8x16.splat(0);
	places = i8x16.replace_lane(places, 0, <i8>channel);
	places = i8x16.replace_lane(places, 1, <i8>(channel + stride));
	places = i8x16.replace_lane(places, 2, <i8>(channel + 2 * stride));
	places = i8x16.replace_lane(places, 3, <i8>(channel + 3 * stride));
	for (let i = 0; i < count; i += 4) {
		const values = i8x16.swizzle(v128.load(source + i * stride), places);
		store<i32>(out + i, i32x4.extract_lane(values, 0));
	}
}

/** Four numbers of 0 to 255 as four bytes. */
function storeBytes(out: usize, values: v128): void {
	const words = i16x8.narrow_i32x4_s(values, values);
	store<i32>(out, i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
}
