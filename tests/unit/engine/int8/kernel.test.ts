/** Both modules of the kernel against plain loops. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
	INT16_LEVELS,
	kernelModule,
	LEVELS,
	memoryFor,
	startKernel,
	variantsHere
} from '../../../../src/lib/engine/int8/kernel';
import { Arena, offsetsOf } from '../../../../src/lib/engine/int8/layout';
import { int16WeightLimit } from '../../../../src/lib/engine/int8/pack';
import {
	convolve,
	loadKernel,
	narrowed,
	outputSides,
	plainConvolve,
	VARIANTS,
	withPeaks,
	type ConvolutionCase
} from '../../helpers/kernels';

/** Whole numbers, the extremes often. */
const whole = (least: number, most: number) =>
	fc.oneof(fc.constantFrom(least, most, 0), fc.integer({ min: least, max: most }));
const list = (arbitrary: fc.Arbitrary<number>, length: number) =>
	fc.array(arbitrary, { minLength: length, maxLength: length });
const float = (most: number) => fc.float({ min: -most, max: most, noNaN: true });

const convolutions: fc.Arbitrary<ConvolutionCase> = fc
	.record({
		height: fc.integer({ min: 1, max: 9 }),
		width: fc.integer({ min: 1, max: 9 }),
		channels: fc.constantFrom(4, 8, 12, 16),
		out: fc.constantFrom(8, 16, 24),
		side: fc.constantFrom(1, 3),
		stride: fc.constantFrom(1, 2),
		padded: fc.boolean(),
		spare: fc.constantFrom(0, 1),
		relu: fc.boolean(),
		hasResidual: fc.boolean(),
		isInt16: fc.boolean(),
		levels: fc.constantFrom(LEVELS, INT16_LEVELS)
	})
	.map(({ side, padded, ...shape }) => ({
		...shape,
		rows: side,
		columns: side,
		padding: padded ? (side - 1) / 2 : 0
	}))
	.filter(({ height, width, rows, padding }) => Math.min(height, width) + 2 * padding >= rows)
	.chain(({ hasResidual, isInt16, ...shape }) => {
		const { height, width, channels, out, rows, columns } = shape;
		const output = outputSides(shape as ConvolutionCase);
		const size = output.height * output.width * out;
		const products = rows * columns * channels;
		const most = isInt16 ? int16WeightLimit(products) : LEVELS;
		return fc
			.record({
				int16: fc.constant(isInt16 ? most : undefined),
				values: list(whole(0, isInt16 ? INT16_LEVELS : LEVELS), height * width * channels),
				weights: list(whole(-most, most), products * out).map((weights) =>
					withPeaks(weights, out, most)
				),
				scales: list(fc.constantFrom(1, 0.5, 0.001, 0.0123), out),
				biases: list(float(1000), out),
				residual: hasResidual ? list(float(100), size) : fc.constant(null),
				perValues: list(fc.constantFrom(0.01, 0.37, 1, 40), out)
			})
			.map((numbers) => ({ ...shape, ...numbers }));
	});

/** More of the same, every value or weight at an end of its range. */
function extreme(value: number, weight: number, int16?: number): ConvolutionCase {
	const shape = { height: 4, width: 5, channels: 64, out: 8, rows: 3, columns: 3, stride: 1 };
	return {
		...shape,
		padding: 1,
		spare: 0,
		values: Array.from({ length: 4 * 5 * 64 }, () => value),
		int16,
		// The largest among them keeps the scale at 1.
		weights: withPeaks(
			Array.from({ length: 9 * 64 * 8 }, () => weight),
			8,
			int16
		),
		scales: Array.from({ length: 8 }, () => 1),
		biases: Array.from({ length: 8 }, () => 0),
		residual: null,
		relu: false,
		perValues: Array.from({ length: 8 }, () => 1e-5)
	};
}

const MODULES = VARIANTS.flatMap((variant) => [
	{ variant, shared: false, where: 'of its own' },
	{ variant, shared: true, where: 'that is shared' }
]);

describe.each(MODULES)('the $variant kernel in a memory $where', ({ variant, shared }) => {
	it('convolves as a plain loop does, bit by bit', async () => {
		const kernel = await loadKernel(variant, shared);
		fc.assert(
			fc.property(convolutions, (given) => {
				const found = convolve(kernel, given);
				const expected = plainConvolve(given);
				expect(found.wide).toEqual(expected.wide);
				expect(found.narrow).toEqual(expected.narrow);
				expect(found.border.every((value) => value === 0)).toBe(true);
			}),
			{ numRuns: 60 }
		);
	});

	it.each([
		[127, 127],
		[127, -127],
		[0, 127]
	])('holds the sums of values %d and weights %d', async (value, weight) => {
		const given = extreme(value, weight);
		const found = convolve(await loadKernel(variant, shared), given);
		expect(found.wide).toEqual(plainConvolve(given).wide);
	});

	it.each([-1, 1])('holds the sums of int16 values and weights of sign %d', async (sign) => {
		const most = int16WeightLimit(9 * 64);
		const given = extreme(INT16_LEVELS, sign * most, most);
		const found = convolve(await loadKernel(variant, shared), given);
		expect(found.wide).toEqual(plainConvolve(given).wide);
		const largest = Math.max(...found.wide.map(Math.abs));
		expect(largest).toBeGreaterThan(0.99 * 2 ** 31);
	});

	it('gives what PyTorch gives', async () => {
		const kernel = await loadKernel(variant, shared);
		const { cases } = JSON.parse(readFileSync('tests/unit/fixtures/integers.json', 'utf8')) as {
			cases: (ConvolutionCase & { wide: number[]; narrow: number[] })[];
		};
		for (const given of cases) {
			const found = convolve(kernel, given);
			expect(found.wide).toEqual(given.wide.map(Math.fround));
			expect(found.narrow).toEqual(given.narrow);
		}
		expect(cases.length).toBeGreaterThan(3);
	});

	it('rounds to 0 and to 2047 what lies outside of an int16 map', async () => {
		const given = { ...extreme(0, 0), levels: INT16_LEVELS };
		const biases = [-5, 0, 0.5, 1.5, 127.4, 2046.5, 2047.4, 1e30];
		const ones = biases.map(() => 1);
		const found = convolve(await loadKernel(variant, shared), {
			...given,
			biases,
			perValues: ones
		});
		expect(found.narrow.slice(0, 8)).toEqual([0, 0, 0, 2, 127, 2046, 2047, 2047]);
	});

	it('rounds to 0 and to 127 what lies outside, and halves to even', async () => {
		const given = extreme(0, 0);
		const biases = [-5, 0, 0.5, 1.5, 2.5, 126.5, 127.4, 1e30];
		const ones = biases.map(() => 1);
		const found = convolve(await loadKernel(variant, shared), {
			...given,
			biases,
			perValues: ones
		});
		expect(found.narrow.slice(0, 8)).toEqual([0, 0, 0, 2, 2, 126, 127, 127]);
	});

	it('pools as a plain loop does', async () => {
		const kernel = await loadKernel(variant, shared);
		const cases = fc
			.record({
				height: fc.integer({ min: 1, max: 9 }),
				width: fc.integer({ min: 1, max: 9 }),
				channels: fc.constantFrom(8, 16),
				levels: fc.constantFrom(LEVELS, INT16_LEVELS)
			})
			.chain(({ height, width, channels, levels }) =>
				fc.record({
					height: fc.constant(height),
					width: fc.constant(width),
					channels: fc.constant(channels),
					levels: fc.constant(levels),
					values: list(fc.float({ min: 0, max: 300, noNaN: true }), height * width * channels),
					perValues: list(fc.constantFrom(0.3, 1, 7), channels)
				})
			);
		fc.assert(
			fc.property(cases, ({ height, width, channels, levels, values, perValues }) => {
				const out = { height: Math.ceil(height / 2), width: Math.ceil(width / 2) };
				const count = out.height * out.width * channels;
				const arena = new Arena();
				const input = arena.take(4 * values.length);
				const wide = arena.take(4 * count);
				const narrow = arena.take(2 * count);
				const offsets = arena.take(4 * (count + 6));
				const factors = arena.take(4 * channels);
				const memory = memoryFor(kernel, arena.pages, arena.pages);
				const narrowBytes = levels > LEVELS ? 2 : kernel.narrowBytes;
				const pixelBytes = channels * narrowBytes;
				const places = offsetsOf(out, 0, out.width * pixelBytes, pixelBytes);
				new Float32Array(memory.buffer, input, values.length).set(values);
				new Float32Array(memory.buffer, factors, channels).set(perValues);
				new Uint32Array(memory.buffer, offsets, places.length).set(places);
				startKernel(kernel, memory).pool(
					...([input, height, width, channels, wide, narrow, offsets, factors, levels] as const)
				);
				const expected = Array.from({ length: count }, (_, i) => {
					const [y, x, c] = [
						Math.floor(i / (out.width * channels)),
						Math.floor(i / channels) % out.width,
						i % channels
					];
					let most = 0;
					for (let row = 2 * y - 1; row <= 2 * y + 1; row++) {
						for (let column = 2 * x - 1; column <= 2 * x + 1; column++) {
							const isThere = row >= 0 && row < height && column >= 0 && column < width;
							if (isThere) most = Math.max(most, values[(row * width + column) * channels + c]);
						}
					}
					return most;
				});
				const Narrow = narrowBytes === 1 ? Uint8Array : Int16Array;
				expect([...new Float32Array(memory.buffer, wide, count)]).toEqual(expected);
				expect([...new Narrow(memory.buffer, narrow, count)]).toEqual(
					expected.map((value, i) => narrowed(value, perValues[i % channels], levels))
				);
			}),
			{ numRuns: 60 }
		);
	});

	it.each([1, 3])('convolves an image of %d channels, extremes included', async (channels) => {
		const kernel = await loadKernel(variant, shared);
		const limit = int16WeightLimit(49 * channels);
		const shape = { height: 6, width: 7, channels, out: 8, rows: 7, columns: 7 };
		const cases = fc.record({
			values: list(whole(-INT16_LEVELS, INT16_LEVELS), 6 * 7 * channels),
			weights: list(whole(-limit, limit), 49 * channels * 8).map((drawn) =>
				withPeaks(drawn, 8, limit)
			)
		});
		const eight = (value: number) => Array.from({ length: 8 }, () => value);
		const rest = { ...shape, stride: 2, padding: 3, spare: 0, residual: null, relu: true };
		fc.assert(
			fc.property(cases, (numbers) => {
				const given: ConvolutionCase = {
					...rest,
					...numbers,
					int16: limit,
					scales: eight(2 ** -10),
					biases: eight(0),
					perValues: eight(1)
				};
				expect(convolve(kernel, given).wide).toEqual(plainConvolve(given).wide);
			}),
			{ numRuns: 25 }
		);
	});
});

describe('the module', () => {
	it('is the fastest that the machine accepts', () => {
		// The tests run where both do (vite.config.ts).
		expect(variantsHere()).toEqual(VARIANTS);
	});

	it('of relaxed SIMD is accepted exactly where it is chosen', async () => {
		const bytes = readFileSync('src/lib/engine/int8/modules/relaxed.wasm');
		expect(WebAssembly.validate(bytes)).toBe(variantsHere().includes('relaxed'));
		await expect(kernelModule('plain', false, Uint8Array.of(1, 2, 3))).rejects.toThrow();
	});
});
