// The inner loop for processors on which the dot product that adds is not one instruction (x86
// without AVX-VNNI): products of two steps are added in 16 bits, and then widened together. All
// that 3 pixels need fits into the registers (docs/engine.md has what was measured).
//
// A block holds the weights of 8 output channels:
//   u32 pairs of steps, u32 single steps, 8 bytes unused, i16 x 8 ones
//   u16 a pair and then a single: where its values begin, 32-bit words from a pixel's first one;
//     there is room for one a step
//   weights [pairs][2 steps][8 channels][4], then [singles][8 channels][4]

/** Pixels of a tile of this loop; half of TILE_PIXELS. */
const PIXELS: i32 = 3;
const ONES: usize = 16;
const HEADER: usize = 32;
/** Bytes of the weights of a step: 8 channels x 4 values. */
const STEP: usize = 32;

/**
 * The largest sum of the magnitudes of weights of one sign that fall into one 16-bit lane: times
 * 127 it stays within 16 bits, whatever the values. Each step puts two weights into a lane, so
 * that a step alone, of at most 127 + 127, always may.
 */
const MOST: i16 = 258;

/** From the start of a block to its weights. */
function listBytes(steps: i32): usize {
	return (2 * steps + 15) & ~15;
}

/** Bytes of a block. @param steps of the whole kernel, all rows together. */
export function pairBlockBytes(steps: i32): usize {
	return HEADER + listBytes(steps) + STEP * steps;
}

/**
 * Put a block in order whose weights are there, step after step: pairs of steps whose sums may be
 * added in 16 bits first, then what is left over.
 * @param block its start; the weights begin after the header and the list.
 * @param rows, steps of the kernel, and 32-bit words of a row.
 * @param rowWords words from the start of a row of the map to the next.
 * @param spare 34 bytes a step to work in.
 */
export function arrangePairs(
	block: usize,
	rows: i32,
	steps: i32,
	rowWords: i32,
	spare: usize
): void {
	const weights = block + HEADER + listBytes(rows * steps);
	const spareList = spare + STEP * rows * steps;
	let from = weights;
	let to = weights;
	let list = block + HEADER;
	let pairs = 0;
	let singles = 0;
	for (let row = 0; row < rows; row++) {
		let step = 0;
		while (step < steps) {
			const place = <u16>(row * rowWords + step);
			if (step + 1 < steps && mayAdd(from)) {
				memory.copy(to, from, 2 * STEP);
				store<u16>(list, place);
				list += 2;
				to += 2 * STEP;
				from += 2 * STEP;
				pairs++;
				step += 2;
			} else {
				memory.copy(spare + STEP * singles, from, STEP);
				store<u16>(spareList + 2 * singles, place);
				from += STEP;
				singles++;
				step++;
			}
		}
	}
	memory.copy(to, spare, STEP * singles);
	memory.copy(list, spareList, 2 * singles);
	store<u32>(block, pairs);
	store<u32>(block, singles, 4);
	v128.store(block, i16x8.splat(1), ONES);
}

/** Whether the sums of two steps cannot leave 16 bits. */
function mayAdd(weights: usize): bool {
	for (let at: usize = 0; at < STEP; at += 16) {
		const first = v128.load(weights + at);
		const second = v128.load(weights + STEP + at);
		const positive = i16x8.add(
			i16x8.extadd_pairwise_i8x16_s(i8x16.max_s(first, i8x16.splat(0))),
			i16x8.extadd_pairwise_i8x16_s(i8x16.max_s(second, i8x16.splat(0)))
		);
		const negative = i16x8.add(
			i16x8.extadd_pairwise_i8x16_s(i8x16.min_s(first, i8x16.splat(0))),
			i16x8.extadd_pairwise_i8x16_s(i8x16.min_s(second, i8x16.splat(0)))
		);
		const over = v128.or(
			i16x8.gt_s(positive, i16x8.splat(MOST)),
			i16x8.lt_s(negative, i16x8.splat(-MOST))
		);
		if (v128.any_true(over)) return false;
	}
	return true;
}

/**
 * Sums of products, exact in 32 bits, as `sumPixels` gives them.
 * @param block the weights of 8 output channels.
 * @param steps of the whole kernel.
 */
export function sumPixelsInPairs(
	count: i32,
	input: usize,
	offsets: usize,
	block: usize,
	steps: i32,
	sums: usize
): void {
	let done = 0;
	for (; count - done > 1; done += PIXELS) {
		sumThree(input, offsets + 4 * done, block, steps, sums + 32 * done);
	}
	if (done < count) sumOne(input, offsets + 4 * done, block, steps, sums + 32 * done);
}

function sumThree(input: usize, offsets: usize, block: usize, steps: i32, sums: usize): void {
	const p0 = input + load<u32>(offsets);
	const p1 = input + load<u32>(offsets, 4);
	const p2 = input + load<u32>(offsets, 8);
	// Read from memory, ones stay in a register: V8 makes a constant anew for each use.
	const ones = v128.load(block, ONES);
	let list = block + HEADER;
	let weights = list + listBytes(steps);
	let end = list + 2 * load<u32>(block);
	const last = end + 2 * load<u32>(block, 4);
	let a0 = i32x4.splat(0);
	let b0 = i32x4.splat(0);
	let a1 = i32x4.splat(0);
	let b1 = i32x4.splat(0);
	let a2 = i32x4.splat(0);
	let b2 = i32x4.splat(0);
	for (; list < end; list += 2) {
		const place = (<usize>load<u16>(list)) << 2;
		const wa = v128.load(weights);
		const wb = v128.load(weights, 16);
		const va = v128.load(weights, 32);
		const vb = v128.load(weights, 48);
		weights += 2 * STEP;
		const x0 = v128.load32_splat(p0 + place);
		const y0 = v128.load32_splat(p0 + place, 4);
		a0 = i32x4.add(a0, widened(sumOfTwo(wa, x0, va, y0), ones));
		b0 = i32x4.add(b0, widened(sumOfTwo(wb, x0, vb, y0), ones));
		const x1 = v128.load32_splat(p1 + place);
		const y1 = v128.load32_splat(p1 + place, 4);
		a1 = i32x4.add(a1, widened(sumOfTwo(wa, x1, va, y1), ones));
		b1 = i32x4.add(b1, widened(sumOfTwo(wb, x1, vb, y1), ones));
		const x2 = v128.load32_splat(p2 + place);
		const y2 = v128.load32_splat(p2 + place, 4);
		a2 = i32x4.add(a2, widened(sumOfTwo(wa, x2, va, y2), ones));
		b2 = i32x4.add(b2, widened(sumOfTwo(wb, x2, vb, y2), ones));
	}
	for (; list < last; list += 2) {
		const place = (<usize>load<u16>(list)) << 2;
		const wa = v128.load(weights);
		const wb = v128.load(weights, 16);
		weights += STEP;
		const x0 = v128.load32_splat(p0 + place);
		a0 = i32x4.add(a0, widened(products(wa, x0), ones));
		b0 = i32x4.add(b0, widened(products(wb, x0), ones));
		const x1 = v128.load32_splat(p1 + place);
		a1 = i32x4.add(a1, widened(products(wa, x1), ones));
		b1 = i32x4.add(b1, widened(products(wb, x1), ones));
		const x2 = v128.load32_splat(p2 + place);
		a2 = i32x4.add(a2, widened(products(wa, x2), ones));
		b2 = i32x4.add(b2, widened(products(wb, x2), ones));
	}
	v128.store(sums, a0);
	v128.store(sums, b0, 16);
	v128.store(sums, a1, 32);
	v128.store(sums, b1, 48);
	v128.store(sums, a2, 64);
	v128.store(sums, b2, 80);
}

/** What is left of a map when two pixels of three would be computed for nothing. */
function sumOne(input: usize, offset: usize, block: usize, steps: i32, sums: usize): void {
	const p = input + load<u32>(offset);
	const ones = v128.load(block, ONES);
	let list = block + HEADER;
	let weights = list + listBytes(steps);
	const end = list + 2 * load<u32>(block);
	const last = end + 2 * load<u32>(block, 4);
	let a0 = i32x4.splat(0);
	let b0 = i32x4.splat(0);
	let a1 = i32x4.splat(0);
	let b1 = i32x4.splat(0);
	for (; list < end; list += 2) {
		const place = (<usize>load<u16>(list)) << 2;
		const x = v128.load32_splat(p + place);
		const y = v128.load32_splat(p + place, 4);
		// Summed apart, so that a dot product does not wait for the one before.
		a0 = i32x4.add(a0, widened(products(v128.load(weights), x), ones));
		b0 = i32x4.add(b0, widened(products(v128.load(weights, 16), x), ones));
		a1 = i32x4.add(a1, widened(products(v128.load(weights, 32), y), ones));
		b1 = i32x4.add(b1, widened(products(v128.load(weights, 48), y), ones));
		weights += 2 * STEP;
	}
	for (; list < last; list += 2) {
		const x = v128.load32_splat(p + ((<usize>load<u16>(list)) << 2));
		a0 = i32x4.add(a0, widened(products(v128.load(weights), x), ones));
		b0 = i32x4.add(b0, widened(products(v128.load(weights, 16), x), ones));
		weights += STEP;
	}
	v128.store(sums, i32x4.add(a0, a1));
	v128.store(sums, i32x4.add(b0, b1), 16);
}

/** Sums of two products each, in 16 bits; four channels of one step. */
function products(weights: v128, values: v128): v128 {
	return i16x8.relaxed_dot_i8x16_i7x16_s(weights, values);
}

/** The same of two steps, where their sum stays within 16 bits. */
function sumOfTwo(first: v128, values: v128, second: v128, next: v128): v128 {
	return i16x8.add(products(first, values), products(second, next));
}

/** One sum of 32 bits a channel of its two of 16. */
function widened(sums: v128, ones: v128): v128 {
	return i32x4.dot_i16x8_s(sums, ones);
}
