// The inner loops: dot products of 6 pixels with 8 output channels. With 12 sums, 2 weights
// and 1 input in registers a dot product is started every half cycle, and unrolling only
// costs registers (docs/engine.md has what was measured).

/** Pixels of a tile; the tables of offsets are filled up to a multiple of it. */
export const TILE_PIXELS: i32 = 6;

/** Bytes of one value of a narrow map: 0..127 in 8 bits, or in the 16 that plain SIMD multiplies. */
export const NARROW_BYTES: i32 = ASC_FEATURE_RELAXED_SIMD ? 1 : 2;

/** Values that a 32-bit word of a map holds. */
export function valuesPerWord<Weight>(): i32 {
	return sizeof<Weight>() == 1 ? 4 / NARROW_BYTES : 2;
}

/**
 * Sums of products, exact in 32 bits.
 * @typeParam Weight i8 for a map of values 0..127; i16 for the 16-bit values, of either sign, of
 *   an int16 map or the image, with weights that are small enough for the sums.
 * @param count pixels that are wanted, 1 to 6.
 * @param input start of the map.
 * @param offsets u32 x 6, bytes from there to each pixel's first value.
 * @param weights [rows][steps][8 channels][`valuesPerWord`].
 * @param rows rows of the kernel.
 * @param steps 32-bit words of values that a row of the kernel covers.
 * @param skip bytes from the end of one such row to the start of the next.
 * @param sums int32, 6 x 8; what lies beyond `count` is undefined.
 */
export function sumPixels<Weight>(
	count: i32,
	input: usize,
	offsets: usize,
	weights: usize,
	rows: i32,
	steps: i32,
	skip: usize,
	sums: usize
): void {
	if (count == 1) sumPixel<Weight>(input, offsets, weights, rows, steps, skip, sums);
	else sumTile<Weight>(input, offsets, weights, rows, steps, skip, sums);
}

function sumTile<Weight>(
	input: usize,
	offsets: usize,
	weights: usize,
	rows: i32,
	steps: i32,
	skip: usize,
	sums: usize
): void {
	let p0 = input + load<u32>(offsets);
	let p1 = input + load<u32>(offsets, 4);
	let p2 = input + load<u32>(offsets, 8);
	let p3 = input + load<u32>(offsets, 12);
	let p4 = input + load<u32>(offsets, 16);
	let p5 = input + load<u32>(offsets, 20);
	let a0 = i32x4.splat(0);
	let b0 = i32x4.splat(0);
	let a1 = i32x4.splat(0);
	let b1 = i32x4.splat(0);
	let a2 = i32x4.splat(0);
	let b2 = i32x4.splat(0);
	let a3 = i32x4.splat(0);
	let b3 = i32x4.splat(0);
	let a4 = i32x4.splat(0);
	let b4 = i32x4.splat(0);
	let a5 = i32x4.splat(0);
	let b5 = i32x4.splat(0);
	for (let row = 0; row < rows; row++) {
		for (let step = 0; step < steps; step++) {
			const wa = fourWeights<Weight>(weights);
			const wb = fourWeights<Weight>(weights + fourBytes<Weight>());
			weights += 2 * fourBytes<Weight>();
			const x0 = v128.load32_splat(p0);
			a0 = addProducts<Weight>(wa, x0, a0);
			b0 = addProducts<Weight>(wb, x0, b0);
			const x1 = v128.load32_splat(p1);
			a1 = addProducts<Weight>(wa, x1, a1);
			b1 = addProducts<Weight>(wb, x1, b1);
			const x2 = v128.load32_splat(p2);
			a2 = addProducts<Weight>(wa, x2, a2);
			b2 = addProducts<Weight>(wb, x2, b2);
			const x3 = v128.load32_splat(p3);
			a3 = addProducts<Weight>(wa, x3, a3);
			b3 = addProducts<Weight>(wb, x3, b3);
			const x4 = v128.load32_splat(p4);
			a4 = addProducts<Weight>(wa, x4, a4);
			b4 = addProducts<Weight>(wb, x4, b4);
			const x5 = v128.load32_splat(p5);
			a5 = addProducts<Weight>(wa, x5, a5);
			b5 = addProducts<Weight>(wb, x5, b5);
			p0 += 4;
			p1 += 4;
			p2 += 4;
			p3 += 4;
			p4 += 4;
			p5 += 4;
		}
		p0 += skip;
		p1 += skip;
		p2 += skip;
		p3 += skip;
		p4 += skip;
		p5 += skip;
	}
	v128.store(sums, a0);
	v128.store(sums, b0, 16);
	v128.store(sums, a1, 32);
	v128.store(sums, b1, 48);
	v128.store(sums, a2, 64);
	v128.store(sums, b2, 80);
	v128.store(sums, a3, 96);
	v128.store(sums, b3, 112);
	v128.store(sums, a4, 128);
	v128.store(sums, b4, 144);
	v128.store(sums, a5, 160);
	v128.store(sums, b5, 176);
}

/**
 * What is left of a map when a tile would be all but empty, as of 7 x 7. Two steps at a time,
 * so that a dot product does not wait for the one before.
 */
function sumPixel<Weight>(
	input: usize,
	offset: usize,
	weights: usize,
	rows: i32,
	steps: i32,
	skip: usize,
	sums: usize
): void {
	let p = input + load<u32>(offset);
	let a0 = i32x4.splat(0);
	let b0 = i32x4.splat(0);
	let a1 = i32x4.splat(0);
	let b1 = i32x4.splat(0);
	const bytes = fourBytes<Weight>();
	for (let row = 0; row < rows; row++) {
		let step = steps;
		for (; step > 1; step -= 2) {
			const x0 = v128.load32_splat(p);
			const x1 = v128.load32_splat(p, 4);
			a0 = addProducts<Weight>(fourWeights<Weight>(weights), x0, a0);
			b0 = addProducts<Weight>(fourWeights<Weight>(weights + bytes), x0, b0);
			a1 = addProducts<Weight>(fourWeights<Weight>(weights + 2 * bytes), x1, a1);
			b1 = addProducts<Weight>(fourWeights<Weight>(weights + 3 * bytes), x1, b1);
			weights += 4 * bytes;
			p += 8;
		}
		if (step > 0) {
			const x0 = v128.load32_splat(p);
			a0 = addProducts<Weight>(fourWeights<Weight>(weights), x0, a0);
			b0 = addProducts<Weight>(fourWeights<Weight>(weights + bytes), x0, b0);
			weights += 2 * bytes;
			p += 4;
		}
		p += skip;
	}
	v128.store(sums, i32x4.add(a0, a1));
	v128.store(sums, i32x4.add(b0, b1), 16);
}

/** Bytes of four channels' weights of one step. */
function fourBytes<Weight>(): usize {
	return 4 * valuesPerWord<Weight>() * sizeof<Weight>();
}

/** Those weights, as a dot product takes them. */
function fourWeights<Weight>(weights: usize): v128 {
	return fourBytes<Weight>() == 8 ? v128.load8x8_s(weights) : v128.load(weights);
}

/** Add the dot products of four channels' weights with a word of values. */
function addProducts<Weight>(weights: v128, values: v128, sums: v128): v128 {
	return ASC_FEATURE_RELAXED_SIMD && sizeof<Weight>() == 1
		? i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, values, sums)
		: i32x4.add(sums, i32x4.dot_i16x8_s(weights, values));
}
