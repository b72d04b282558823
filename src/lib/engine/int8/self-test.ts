/** A convolution whose sums are known: what a module must get right before it is used. */
import { memoryFor, startKernel, SUMS_BYTES, type KernelModule } from './kernel';
import { Arena, offsetsOf } from './layout';
import { packedLength, packWeights } from './pack';

const PIXELS = 12;
const CHANNELS = 16;
const OUT = 8;

/**
 * Whether a module's sums of products are exact, the largest ones included. V8 11.3 is
 * known to get relaxed dot products wrong in the code of its baseline compiler, which is the
 * one that runs first, here too; the reference images are read with optimised code as well.
 */
export function sumsAreRight(kernelModule: KernelModule): boolean {
	const { group, narrowBytes } = kernelModule;
	const arena = new Arena();
	const shape = [1, 1, CHANNELS, OUT];
	const length = packedLength(shape, group);
	const [sums, input, weights] = [SUMS_BYTES, PIXELS * CHANNELS * narrowBytes, length].map(
		(bytes) => arena.take(bytes)
	);
	const [scales, biases] = [4 * OUT, 4 * OUT].map((bytes) => arena.take(bytes));
	const offsets = arena.take(4 * PIXELS);
	const wide = arena.take(4 * PIXELS * OUT);
	const memory = memoryFor(kernelModule, arena.pages, arena.pages);
	const { buffer } = memory;

	const values = Array.from({ length: PIXELS * CHANNELS }, (_, i) =>
		i < 32 ? 127 : (i * 37) % 128
	);
	const Narrow = narrowBytes === 1 ? Uint8Array : Int16Array;
	new Narrow(buffer, input, values.length).set(values);
	// The first row is -127 or 127 everywhere, so that rounding leaves the others as they are.
	const drawn = Float32Array.from({ length: CHANNELS * OUT }, (_, i) =>
		i < 2 * OUT ? (i % 2 ? -127 : 127) : ((i * 73) % 255) - 127
	);
	packWeights({ shape, values: drawn }, group, 127, new Int8Array(buffer, weights, length));
	new Float32Array(buffer, scales, OUT).fill(1);
	const pixelBytes = CHANNELS * narrowBytes;
	new Uint32Array(buffer, offsets, PIXELS).set(
		offsetsOf({ height: 1, width: PIXELS }, 0, 0, pixelBytes)
	);
	startKernel(kernelModule, memory).convolve(
		...([input, offsets, offsets, PIXELS, 1, pixelBytes / 4, 0, weights, false, OUT] as const),
		...([scales, biases, 0, false, wide, 0, 0, 127, sums] as const)
	);
	return new Float32Array(buffer, wide, PIXELS * OUT).every((found, i) => {
		const [pixel, out] = [Math.floor(i / OUT), i % OUT];
		let sum = 0;
		for (let c = 0; c < CHANNELS; c++) sum += values[pixel * CHANNELS + c] * drawn[c * OUT + out];
		return found === sum;
	});
}
