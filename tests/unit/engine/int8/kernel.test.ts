/** Both modules of the kernel against plain loops. */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
	kernelModule,
	memoryFor,
	startKernel,
	SUMS_BYTES,
	variantHere
} from '../../../../src/lib/engine/int8/kernel';
import { Arena, offsetsOf } from '../../../../src/lib/engine/int8/layout';
import {
	IMAGE_LEVELS,
	imageWeightLimit,
	packedLength,
	packWeights
} from '../../../../src/lib/engine/int8/pack';
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
		hasResidual: fc.boolean()
	})
	.map(({ side, padded, ...shape }) => ({
		...shape,
		rows: side,
		columns: side,
		padding: padded ? (side - 1) / 2 : 0
	}))
	.filter(({ height, width, rows, padding }) => Math.min(height, width) + 2 * padding >= rows)
	.chain(({ hasResidual, ...shape }) => {
		const { height, width, channels, out, rows, columns } = shape;
		const output = outputSides(shape as ConvolutionCase);
		const size = output.height * output.width * out;
		return fc
			.record({
				values: list(whole(0, 127), height * width * channels),
				weights: list(whole(-127, 127), rows * columns * channels * out).map((weights) =>
					withPeaks(weights, out)
				),
				scales: list(fc.constantFrom(1, 0.5, 0.001, 0.0123), out),
				biases: list(float(1000), out),
				residual: hasResidual ? list(float(100), size) : fc.constant(null),
				perValues: list(fc.constantFrom(0.01, 0.37, 1, 40), out)
			})
			.map((numbers) => ({ ...shape, ...numbers }));
	});

/** More of the same, every value or weight at an end of its range. */
function extreme(value: number, weight: number): ConvolutionCase {
	const shape = { height: 4, width: 5, channels: 64, out: 8, rows: 3, columns: 3, stride: 1 };
	return {
		...shape,
		padding: 1,
		spare: 0,
		values: Array.from({ length: 4 * 5 * 64 }, () => value),
		// A 127 among them keeps the scale at 1.
		weights: withPeaks(
			Array.from({ length: 9 * 64 * 8 }, () => weight),
			8
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
	}, 60_000);

	it.each([
		[127, 127],
		[127, -127],
		[0, 127]
	])('holds the sums of values %d and weights %d', async (value, weight) => {
		const given = extreme(value, weight);
		const found = convolve(await loadKernel(variant, shared), given);
		expect(found.wide).toEqual(plainConvolve(given).wide);
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
				channels: fc.constantFrom(8, 16)
			})
			.chain(({ height, width, channels }) =>
				fc.record({
					height: fc.constant(height),
					width: fc.constant(width),
					channels: fc.constant(channels),
					values: list(fc.float({ min: 0, max: 300, noNaN: true }), height * width * channels),
					perValues: list(fc.constantFrom(0.3, 1, 7), channels)
				})
			);
		fc.assert(
			fc.property(cases, ({ height, width, channels, values, perValues }) => {
				const out = { height: Math.ceil(height / 2), width: Math.ceil(width / 2) };
				const count = out.height * out.width * channels;
				const arena = new Arena();
				const input = arena.take(4 * values.length);
				const wide = arena.take(4 * count);
				const narrow = arena.take(2 * count);
				const offsets = arena.take(4 * (count + 6));
				const factors = arena.take(4 * channels);
				const memory = memoryFor(kernel, arena.pages, arena.pages);
				const pixelBytes = channels * kernel.narrowBytes;
				const places = offsetsOf(out, 0, out.width * pixelBytes, pixelBytes);
				new Float32Array(memory.buffer, input, values.length).set(values);
				new Float32Array(memory.buffer, factors, channels).set(perValues);
				new Uint32Array(memory.buffer, offsets, places.length).set(places);
				startKernel(kernel, memory).pool(
					...([input, height, width, channels, wide, narrow, offsets, factors] as const)
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
				const Narrow = kernel.narrowBytes === 1 ? Uint8Array : Int16Array;
				expect([...new Float32Array(memory.buffer, wide, count)]).toEqual(expected);
				expect([...new Narrow(memory.buffer, narrow, count)]).toEqual(
					expected.map((value, i) => narrowed(value, perValues[i % channels]))
				);
			}),
			{ numRuns: 60 }
		);
	});

	it.each([1, 3])('convolves an image of %d channels, extremes included', async (channels) => {
		const kernel = await loadKernel(variant, shared);
		const limit = imageWeightLimit(49 * channels);
		const [height, width, border, out] = [6, 7, 3, 8];
		const row = (width + 2 * border) * channels;
		const values = fc.array(whole(-IMAGE_LEVELS, IMAGE_LEVELS), {
			minLength: height * width * channels,
			maxLength: height * width * channels
		});
		const weights = list(whole(-limit, limit), 49 * channels * out).map((drawn) =>
			drawn.map((weight, i) => (i < out ? limit : weight))
		);
		fc.assert(
			fc.property(values, weights, (values, weights) => {
				const shape = [7, 7, channels, out];
				const output = { height: 3, width: 4 };
				const arena = new Arena();
				const sums = arena.take(SUMS_BYTES);
				const input = arena.take(2 * row * (height + 2 * border));
				const packed = arena.take(2 * packedLength(shape, 2));
				const [scales, biases] = [arena.take(4 * out), arena.take(4 * out)];
				const offsets = arena.take(4 * 18);
				const wide = arena.take(4 * 12 * out);
				const memory = memoryFor(kernel, arena.pages, arena.pages);
				const image = new Int16Array(memory.buffer, input, row * (height + 2 * border));
				values.forEach((value, i) => {
					const y = Math.floor(i / (width * channels));
					image[(y + border) * row + border * channels + (i % (width * channels))] = value;
				});
				const target = new Int16Array(memory.buffer, packed, packedLength(shape, 2));
				packWeights({ shape, values: Float32Array.from(weights) }, 2, limit, target);
				new Float32Array(memory.buffer, scales, out).fill(2 ** -10);
				const places = offsetsOf(output, 0, 4 * row, 4 * channels);
				new Uint32Array(memory.buffer, offsets, places.length).set(places);
				const steps = Math.ceil((7 * channels) / 2);
				const skip = 2 * row - 4 * steps;
				startKernel(kernel, memory).convolveImage(
					...([
						input,
						offsets,
						12,
						7,
						steps,
						skip,
						packed,
						out,
						scales,
						biases,
						wide,
						sums
					] as const)
				);
				const expected = Array.from({ length: 12 * out }, (_, i) => {
					const [y, x, o] = [Math.floor(i / (4 * out)), Math.floor(i / out) % 4, i % out];
					let sum = 0;
					for (let k = 0; k < 49 * channels; k++) {
						const r = 2 * y + Math.floor(k / (7 * channels));
						sum += image[r * row + 2 * x * channels + (k % (7 * channels))] * weights[k * out + o];
					}
					return Math.max(0, Math.fround(Math.fround(sum) * 2 ** -10));
				});
				expect([...new Float32Array(memory.buffer, wide, 12 * out)]).toEqual(expected);
			}),
			{ numRuns: 25 }
		);
	});
});

describe('the module', () => {
	it('is the fastest that the machine accepts', () => {
		// The tests run where both do (vite.config.ts).
		expect(variantHere()).toBe('relaxed');
	});

	it('of relaxed SIMD is accepted exactly where it is chosen', async () => {
		const bytes = readFileSync('src/lib/engine/int8/modules/relaxed.wasm');
		expect(WebAssembly.validate(bytes)).toBe(variantHere() === 'relaxed');
		await expect(kernelModule('plain', false, Uint8Array.of(1, 2, 3))).rejects.toThrow();
	});
});
