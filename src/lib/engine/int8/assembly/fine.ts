// The inner loop for values of 16 bits: of the image, whose values are of both signs and whose
// rounding would be in every map, and of the maps whose rounding decides most.

/**
 * As `sumTile` of 16-bit values, of either sign, with 16-bit weights [rows][steps][8 channels]
 * [2 values] that are small enough for sums in 32 bits.
 */
export function sumFineTile(
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
			const wa = v128.load(weights);
			const wb = v128.load(weights, 16);
			const x0 = v128.load32_splat(p0);
			a0 = i32x4.add(a0, i32x4.dot_i16x8_s(wa, x0));
			b0 = i32x4.add(b0, i32x4.dot_i16x8_s(wb, x0));
			const x1 = v128.load32_splat(p1);
			a1 = i32x4.add(a1, i32x4.dot_i16x8_s(wa, x1));
			b1 = i32x4.add(b1, i32x4.dot_i16x8_s(wb, x1));
			const x2 = v128.load32_splat(p2);
			a2 = i32x4.add(a2, i32x4.dot_i16x8_s(wa, x2));
			b2 = i32x4.add(b2, i32x4.dot_i16x8_s(wb, x2));
			const x3 = v128.load32_splat(p3);
			a3 = i32x4.add(a3, i32x4.dot_i16x8_s(wa, x3));
			b3 = i32x4.add(b3, i32x4.dot_i16x8_s(wb, x3));
			const x4 = v128.load32_splat(p4);
			a4 = i32x4.add(a4, i32x4.dot_i16x8_s(wa, x4));
			b4 = i32x4.add(b4, i32x4.dot_i16x8_s(wb, x4));
			const x5 = v128.load32_splat(p5);
			a5 = i32x4.add(a5, i32x4.dot_i16x8_s(wa, x5));
			b5 = i32x4.add(b5, i32x4.dot_i16x8_s(wb, x5));
			weights += 32;
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
