/** Sums of two steps in 16 bits, at the ends of what fits there, against plain loops. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnknownGraph } from '../../../../src/lib/engine/int8/graph';
import { memoryFor, startKernel } from '../../../../src/lib/engine/int8/kernel';
import { packPairs, pairedBytes, spareBytes } from '../../../../src/lib/engine/int8/pairs';
import { convolve, loadKernel, plainConvolve, withPeaks } from '../../helpers/kernels';

/** Weights of one sign that fall into a lane may add up to so much: 258 x 127 < 2^15. */
const MOST = 258;

/** Put a convolution of 1 x 1 into order and say how many pairs and single steps each block has. */
async function arranged(channels: number, out: number, weights: number[]) {
	const kernel = await loadKernel('pairs');
	const memory = memoryFor(kernel, 4, 4);
	const shape = [1, 1, channels, out];
	const [address, spare] = [1024, 131072];
	expect(address + pairedBytes(shape)).toBeLessThan(spare);
	expect(spare + spareBytes(shape)).toBeLessThan(memory.buffer.byteLength);
	packPairs({ shape, values: Float32Array.from(weights) }, 127, startKernel(kernel, memory), {
		...{ buffer: memory.buffer, address, spare, rowBytes: channels }
	});
	return Array.from({ length: out / 8 }, (_, i) => {
		const start = address + (i * pairedBytes(shape)) / (out / 8);
		const [pairs, singles] = new Uint32Array(memory.buffer, start, 2);
		return { pairs, singles };
	});
}

/**
 * Eight input channels of eight outputs, of which a lane gets the four at the places 0, 1, 4 and 5
 * and another the rest. The first of each output is 127, so that nothing is rounded.
 */
const lane = fc
	.record({
		sign: fc.constantFrom(-1, 1),
		rest: fc.array(fc.integer({ min: 0, max: 127 }), { minLength: 3, maxLength: 3 }),
		output: fc.integer({ min: 0, max: 7 })
	})
	.map(({ sign, rest, output }) => {
		const weights = Array.from({ length: 64 }, () => 0);
		for (let o = 0; o < 8; o++) weights[2 * 8 + o] = 127;
		[1, 4, 5].forEach((channel, i) => (weights[channel * 8 + output] = sign * rest[i]));
		weights[0 * 8 + output] = sign * 127;
		return { sign, weights, output, sum: 127 + rest[0] + rest[1] + rest[2] };
	});

describe('two steps', () => {
	it('are added in 16 bits exactly where their weights of one sign allow it', async () => {
		await fc.assert(
			fc.asyncProperty(lane, async ({ weights, sum }) => {
				const [block] = await arranged(8, 8, weights);
				expect(block).toEqual(sum <= MOST ? { pairs: 1, singles: 0 } : { pairs: 0, singles: 2 });
			}),
			{ numRuns: 100 }
		);
	});

	it.each([
		[1, 131, 1],
		[1, 132, 0],
		[-1, 131, 1],
		[-1, 132, 0]
	])('of sign %d and 127 + %d: %d pair', async (sign, rest, pairs) => {
		const weights = Array.from({ length: 64 }, () => 0);
		for (let o = 0; o < 8; o++) weights[2 * 8 + o] = 127;
		weights[3] = sign * 127;
		weights[4 * 8 + 3] = sign * 127;
		weights[5 * 8 + 3] = sign * (rest - 127);
		expect(await arranged(8, 8, weights)).toEqual([{ pairs, singles: 2 - 2 * pairs }]);
	});

	it('of opposite signs do not count against each other', async () => {
		const weights = Array.from({ length: 64 }, (_, i) => (i < 32 ? 127 : -127));
		expect(await arranged(8, 8, weights)).toEqual([{ pairs: 1, singles: 0 }]);
	});

	it('are looked at for each eight output channels by themselves', async () => {
		const weights = Array.from({ length: 8 * 16 }, (_, i) => (i % 16 < 8 || i < 16 ? 127 : 1));
		expect(await arranged(8, 16, weights)).toEqual([
			{ pairs: 0, singles: 2 },
			{ pairs: 1, singles: 0 }
		]);
	});
});

describe('a convolution in pairs of steps', () => {
	/** Weights at the ends of the bound, and beyond. */
	const magnitude = fc.oneof(
		fc.constantFrom(0, 1, 64, 65, 86, 126, 127),
		fc.integer({ min: 0, max: 127 })
	);
	const cases = fc
		.record({
			channels: fc.constantFrom(4, 8, 12, 32),
			columns: fc.constantFrom(1, 3),
			height: fc.integer({ min: 1, max: 4 }),
			width: fc.integer({ min: 1, max: 7 }),
			sign: fc.constantFrom(-1, 1, 0),
			value: fc.constantFrom(127, 126, null)
		})
		.chain(({ channels, columns, height, width, sign, value }) => {
			const count = columns * columns * channels * 8;
			const list = (of: fc.Arbitrary<number>, length: number) =>
				fc.array(of, { minLength: length, maxLength: length });
			const signed = fc.tuple(magnitude, fc.constantFrom(-1, 1)).map(([size, own]) => {
				return (sign || own) * size;
			});
			return fc.record({
				channels: fc.constant(channels),
				side: fc.constant(columns),
				height: fc.constant(height),
				width: fc.constant(width),
				weights: list(signed, count).map((weights) => withPeaks(weights, 8)),
				values: list(
					value === null ? fc.integer({ min: 0, max: 127 }) : fc.constant(value),
					height * width * channels
				)
			});
		});

	it('has the sums of a plain loop, the largest that fit among them', async () => {
		const kernel = await loadKernel('pairs');
		const eight = (value: number) => Array.from({ length: 8 }, () => value);
		fc.assert(
			fc.property(cases, ({ channels, side, height, width, weights, values }) => {
				const given = {
					...{ height, width, channels, out: 8, rows: side, columns: side, stride: 1 },
					...{ padding: (side - 1) / 2, spare: 0, values, weights, residual: null, relu: false },
					...{ scales: eight(1), biases: eight(0), perValues: eight(1e-5) }
				};
				expect(convolve(kernel, given).wide).toEqual(plainConvolve(given).wide);
			}),
			{ numRuns: 150 }
		);
	});

	it('is refused where its map is wider than the lists can say', async () => {
		const kernel = await loadKernel('pairs');
		const memory = memoryFor(kernel, 1, 1);
		const shape = [3, 3, 8, 8];
		const weight = { shape, values: new Float32Array(3 * 3 * 8 * 8) };
		const place = { buffer: memory.buffer, address: 64, spare: 32768, rowBytes: 4 * 32768 };
		expect(() => packPairs(weight, 127, startKernel(kernel, memory), place)).toThrow(UnknownGraph);
	});
});
