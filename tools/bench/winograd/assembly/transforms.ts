// The transforms of Winograd's minimal filtering, F(2 x 2, 3 x 3) and F(4 x 4, 3 x 3), of four
// channels at a time (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks").

/**
 * One column of an input tile: B^T d.
 * @param size outputs a side, 2 or 4: size + 2 values come and go.
 * @param from, step where the first value lies and bytes to the next; likewise `to`, `toStep`.
 */
export function inputColumn(size: i32, from: usize, step: usize, to: usize, toStep: usize): void {
	const d0 = v128.load(from);
	const d1 = v128.load(from + step);
	const d2 = v128.load(from + 2 * step);
	const d3 = v128.load(from + 3 * step);
	if (size == 2) {
		v128.store(to, f32x4.sub(d0, d2));
		v128.store(to + toStep, f32x4.add(d1, d2));
		v128.store(to + 2 * toStep, f32x4.sub(d2, d1));
		v128.store(to + 3 * toStep, f32x4.sub(d1, d3));
		return;
	}
	const d4 = v128.load(from + 4 * step);
	const d5 = v128.load(from + 5 * step);
	const two = f32x4.splat(2);
	const four = f32x4.splat(4);
	const five = f32x4.splat(5);
	const even = f32x4.sub(d4, f32x4.mul(four, d2));
	const odd = f32x4.sub(d3, f32x4.mul(four, d1));
	const evenTwo = f32x4.sub(d4, d2);
	const oddTwo = f32x4.mul(two, f32x4.sub(d3, d1));
	v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(four, d0), f32x4.mul(five, d2)), d4));
	v128.store(to + toStep, f32x4.add(even, odd));
	v128.store(to + 2 * toStep, f32x4.sub(even, odd));
	v128.store(to + 3 * toStep, f32x4.add(evenTwo, oddTwo));
	v128.store(to + 4 * toStep, f32x4.sub(evenTwo, oddTwo));
	v128.store(to + 5 * toStep, f32x4.add(f32x4.sub(f32x4.mul(four, d1), f32x4.mul(five, d3)), d5));
}

/** One column of an output tile: A^T m, size + 2 values to `size`. */
export function outputColumn(size: i32, from: usize, step: usize, to: usize, toStep: usize): void {
	const m0 = v128.load(from);
	const m1 = v128.load(from + step);
	const m2 = v128.load(from + 2 * step);
	const m3 = v128.load(from + 3 * step);
	if (size == 2) {
		v128.store(to, f32x4.add(f32x4.add(m0, m1), m2));
		v128.store(to + toStep, f32x4.sub(f32x4.sub(m1, m2), m3));
		return;
	}
	const m4 = v128.load(from + 4 * step);
	const m5 = v128.load(from + 5 * step);
	const near = f32x4.add(m1, m2);
	const nearOdd = f32x4.sub(m1, m2);
	const far = f32x4.add(m3, m4);
	const farOdd = f32x4.sub(m3, m4);
	v128.store(to, f32x4.add(f32x4.add(m0, near), far));
	v128.store(to + toStep, f32x4.add(nearOdd, f32x4.mul(f32x4.splat(2), farOdd)));
	v128.store(to + 2 * toStep, f32x4.add(near, f32x4.mul(f32x4.splat(4), far)));
	v128.store(to + 3 * toStep, f32x4.add(f32x4.add(nearOdd, f32x4.mul(f32x4.splat(8), farOdd)), m5));
}
