// From sums of products to the values of a map: scale, bias, residual, ReLU, rounding.
import { NARROW_BYTES } from './tile';

/** 1.5 x 2^23: added to a float below 2^22 it leaves the nearest whole number in the low bits. */
const ROUNDING: f32 = 12582912.0;

/** Bytes of a value of a map of whole numbers 0..levels. */
export function bytesOf(levels: f32): i32 {
	return levels > 127 ? 2 : NARROW_BYTES;
}

/**
 * Eight channels of the pixels of a tile.
 * @param sums int32 x 8 a pixel.
 * @param count pixels.
 * @param scales, biases float x 8: value = sum * scale + bias.
 * @param residual float x 8 of the first pixel, to be added; 0 for none.
 * @param relu whether negative values become 0.
 * @param wide where the first pixel's values go as floats, 0 for nowhere.
 * @param pixelBytes from a pixel to the next in `residual` and `wide`.
 * @param narrow where whole numbers 0..levels go, 0 for nowhere.
 * @param offsets u32 a pixel, from `narrow`.
 * @param perValues float x 8, the whole number that a value of 1 becomes: levels / the
 *   channel's range.
 * @param levels 127, or up to 32767 for a map of 16 bits.
 */
export function finishTile(
	sums: usize,
	count: i32,
	scales: usize,
	biases: usize,
	residual: usize,
	relu: bool,
	wide: usize,
	pixelBytes: usize,
	narrow: usize,
	offsets: usize,
	perValues: usize,
	levels: f32
): void {
	const scaleLow = v128.load(scales);
	const scaleHigh = v128.load(scales, 16);
	const biasLow = v128.load(biases);
	const biasHigh = v128.load(biases, 16);
	for (let i = 0; i < count; i++) {
		let low = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(v128.load(sums)), scaleLow), biasLow);
		let high = f32x4.add(
			f32x4.mul(f32x4.convert_i32x4_s(v128.load(sums, 16)), scaleHigh),
			biasHigh
		);
		sums += 32;
		if (residual) {
			low = f32x4.add(low, v128.load(residual));
			high = f32x4.add(high, v128.load(residual, 16));
			residual += pixelBytes;
		}
		if (relu) {
			low = f32x4.pmax(low, f32x4.splat(0));
			high = f32x4.pmax(high, f32x4.splat(0));
		}
		if (wide) {
			v128.store(wide, low);
			v128.store(wide, high, 16);
			wide += pixelBytes;
		}
		if (narrow) {
			storeNarrow(narrow + load<u32>(offsets), low, high, perValues, levels);
			offsets += 4;
		}
	}
}

/** Round eight values to 0..levels and store them as the dot product of such a map reads them. */
export function storeNarrow(
	narrow: usize,
	low: v128,
	high: v128,
	perValues: usize,
	levels: f32
): void {
	const words = i16x8.narrow_i32x4_s(
		rounded(f32x4.mul(low, v128.load(perValues)), levels),
		rounded(f32x4.mul(high, v128.load(perValues, 16)), levels)
	);
	if (bytesOf(levels) == 1) v128.store64_lane(narrow, i8x16.narrow_i16x8_u(words, words), 0);
	else v128.store(narrow, words);
}

function rounded(values: v128, levels: f32): v128 {
	const within = f32x4.pmax(f32x4.pmin(values, f32x4.splat(levels)), f32x4.splat(0));
	return i32x4.sub(f32x4.add(within, f32x4.splat(ROUNDING)), f32x4.splat(ROUNDING));
}
