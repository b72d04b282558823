// The two passes of Pillow's 8-bit resize (see `resize.ts` beside this folder). A fixed-point
// weight of up to 23 bits and sign is `high << 14 | low`, so that 16-bit dot products sum eight
// samples at a time; all sums are modulo 2^32, as in C and in the TypeScript.

const PRECISION_BITS: i32 = 22;
const LOW_BITS: i32 = 14;

/**
 * Across: four rows at a time; up to three rows behind the last are read and written.
 * @param source uint8, rows of `width` bytes; up to 8 bytes a row's end are read behind it.
 * @param starts i32, first sample of each output sample.
 * @param groups i32, eights of weights of each output sample.
 * @param weights int16 [sum of groups][low, high][8].
 * @param out uint8, rows of `outWidth` bytes.
 */
export function resizeRows(
	source: usize,
	rows: i32,
	width: i32,
	starts: usize,
	groups: usize,
	weights: usize,
	outWidth: i32,
	out: usize
): void {
	const rounding = i32x4.splat(1 << (PRECISION_BITS - 1));
	for (let row = 0; row < rows; row += 4) {
		let weight = weights;
		for (let x = 0; x < outWidth; x++) {
			let p0 = source + row * width + load<i32>(starts + 4 * x);
			let p1 = p0 + width;
			let p2 = p1 + width;
			let p3 = p2 + width;
			const end = p0 + 8 * load<i32>(groups + 4 * x);
			let low0 = i32x4.splat(0);
			let low1 = i32x4.splat(0);
			let low2 = i32x4.splat(0);
			let low3 = i32x4.splat(0);
			let high0 = i32x4.splat(0);
			let high1 = i32x4.splat(0);
			let high2 = i32x4.splat(0);
			let high3 = i32x4.splat(0);
			while (p0 < end) {
				const low = v128.load(weight);
				const high = v128.load(weight, 16);
				const v0 = v128.load_ext<u8>(p0);
				low0 = i32x4.add(low0, i32x4.dot_i16x8_s(v0, low));
				high0 = i32x4.add(high0, i32x4.dot_i16x8_s(v0, high));
				const v1 = v128.load_ext<u8>(p1);
				low1 = i32x4.add(low1, i32x4.dot_i16x8_s(v1, low));
				high1 = i32x4.add(high1, i32x4.dot_i16x8_s(v1, high));
				const v2 = v128.load_ext<u8>(p2);
				low2 = i32x4.add(low2, i32x4.dot_i16x8_s(v2, low));
				high2 = i32x4.add(high2, i32x4.dot_i16x8_s(v2, high));
				const v3 = v128.load_ext<u8>(p3);
				low3 = i32x4.add(low3, i32x4.dot_i16x8_s(v3, low));
				high3 = i32x4.add(high3, i32x4.dot_i16x8_s(v3, high));
				weight += 32;
				p0 += 8;
				p1 += 8;
				p2 += 8;
				p3 += 8;
			}
			const s0 = whole(low0, high0);
			const s1 = whole(low1, high1);
			const s2 = whole(low2, high2);
			const s3 = whole(low3, high3);
			const s01 = i32x4.add(
				v128.shuffle<i32>(s0, s1, 0, 4, 1, 5),
				v128.shuffle<i32>(s0, s1, 2, 6, 3, 7)
			);
			const s23 = i32x4.add(
				v128.shuffle<i32>(s2, s3, 0, 4, 1, 5),
				v128.shuffle<i32>(s2, s3, 2, 6, 3, 7)
			);
			const sums = i32x4.add(
				v128.shuffle<i32>(s01, s23, 0, 1, 4, 5),
				v128.shuffle<i32>(s01, s23, 2, 3, 6, 7)
			);
			const words = clipped(i32x4.add(sums, rounding), i32x4.splat(0));
			const bytes = i8x16.narrow_i16x8_u(words, words);
			const place = out + row * outWidth + x;
			v128.store_lane<u8>(place, bytes, 0);
			v128.store_lane<u8>(place + outWidth, bytes, 1);
			v128.store_lane<u8>(place + 2 * outWidth, bytes, 2);
			v128.store_lane<u8>(place + 3 * outWidth, bytes, 3);
		}
	}
}

/**
 * Down, all rows of the result; 16 columns at a time: up to 15 bytes behind a row are written,
 * and up to a row and 16 bytes behind the source are read.
 * @param source uint8, rows of `width` bytes.
 * @param starts i32, first source row of each output row.
 * @param pairs i32, twos of weights of each output row.
 * @param weights int16 [sum of pairs][low, high][2].
 * @param out uint8, `outHeight` rows of `width` bytes.
 */
export function resizeColumns(
	source: usize,
	width: i32,
	starts: usize,
	pairs: usize,
	weights: usize,
	outHeight: i32,
	out: usize
): void {
	const rounding = i32x4.splat(1 << (PRECISION_BITS - 1));
	for (let y = 0; y < outHeight; y++) {
		const first = source + load<i32>(starts + 4 * y) * width;
		const count = load<i32>(pairs + 4 * y);
		for (let x = 0; x < width; x += 16) {
			let low0 = rounding;
			let low1 = rounding;
			let low2 = rounding;
			let low3 = rounding;
			let high0 = i32x4.splat(0);
			let high1 = i32x4.splat(0);
			let high2 = i32x4.splat(0);
			let high3 = i32x4.splat(0);
			let place = first + x;
			let weight = weights;
			for (let i = 0; i < count; i++) {
				const upper = v128.load(place);
				const lower = v128.load(place + width);
				const left = v128.shuffle<i8>(
					upper,
					lower,
					0,
					16,
					1,
					17,
					2,
					18,
					3,
					19,
					4,
					20,
					5,
					21,
					6,
					22,
					7,
					23
				);
				const right = v128.shuffle<i8>(
					upper,
					lower,
					8,
					24,
					9,
					25,
					10,
					26,
					11,
					27,
					12,
					28,
					13,
					29,
					14,
					30,
					15,
					31
				);
				const low = v128.load32_splat(weight);
				const high = v128.load32_splat(weight, 4);
				const v0 = i16x8.extend_low_i8x16_u(left);
				low0 = i32x4.add(low0, i32x4.dot_i16x8_s(v0, low));
				high0 = i32x4.add(high0, i32x4.dot_i16x8_s(v0, high));
				const v1 = i16x8.extend_high_i8x16_u(left);
				low1 = i32x4.add(low1, i32x4.dot_i16x8_s(v1, low));
				high1 = i32x4.add(high1, i32x4.dot_i16x8_s(v1, high));
				const v2 = i16x8.extend_low_i8x16_u(right);
				low2 = i32x4.add(low2, i32x4.dot_i16x8_s(v2, low));
				high2 = i32x4.add(high2, i32x4.dot_i16x8_s(v2, high));
				const v3 = i16x8.extend_high_i8x16_u(right);
				low3 = i32x4.add(low3, i32x4.dot_i16x8_s(v3, low));
				high3 = i32x4.add(high3, i32x4.dot_i16x8_s(v3, high));
				place += 2 * width;
				weight += 8;
			}
			const left = clipped(whole(low0, high0), whole(low1, high1));
			const right = clipped(whole(low2, high2), whole(low3, high3));
			v128.store(out + y * width + x, i8x16.narrow_i16x8_u(left, right));
		}
		weights += 8 * count;
	}
}

function whole(low: v128, high: v128): v128 {
	return i32x4.add(low, i32x4.shl(high, LOW_BITS));
}

/** Without the fraction, as 16-bit words; narrowing those to bytes clips at 0 and 255. */
function clipped(first: v128, last: v128): v128 {
	return i16x8.narrow_i32x4_s(
		i32x4.shr_s(first, PRECISION_BITS),
		i32x4.shr_s(last, PRECISION_BITS)
	);
}
