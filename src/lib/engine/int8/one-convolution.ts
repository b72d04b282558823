/** One convolution with a memory of its own: what a module is tested and timed on. */
import { FORMS, memoryFor, startKernel, SUMS_BYTES, type KernelModule } from './kernel';
import { Arena, offsetsOf } from './layout';
import { packedLength, packWeights } from './pack';
import { packPairs, pairedBytes, spareBytes } from './pairs';

export interface OneConvolution {
	/** [rows, columns, in, out], in a multiple of 4, out of 8. */
	shape: [number, number, number, number];
	/** Of the output. The map that is read is larger by rows - 1 and columns - 1. */
	height: number;
	width: number;
	/** Whole numbers 0..127 of the map, which are repeated where there are too few. */
	values: Uint8Array;
	/** Of `shape`; each output channel is scaled so that its largest weight becomes 127. */
	weights: Float32Array;
}

export interface PlacedConvolution {
	run: () => void;
	/** Sums of products, height x width x out, as floats; the next run writes over them. */
	sums: Float32Array;
}

/** Lay a convolution out as a module wants it. @throws RangeError without memory. */
export function placeConvolution(
	kernelModule: KernelModule,
	{ shape, height, width, values, weights }: OneConvolution
): PlacedConvolution {
	const { group, narrowBytes, form } = kernelModule;
	const [rows, columns, channels, out] = shape;
	const isPaired = form === FORMS.pairs;
	const pixelBytes = channels * narrowBytes;
	const rowBytes = (width + columns - 1) * pixelBytes;
	const count = (rowBytes / narrowBytes) * (height + rows - 1);
	const offsets = offsetsOf({ height, width }, 0, rowBytes, pixelBytes);

	const arena = new Arena();
	const length = isPaired ? pairedBytes(shape) : packedLength(shape, group);
	const [sums, input, packed] = [SUMS_BYTES, count * narrowBytes, length].map((bytes) =>
		arena.take(bytes)
	);
	const spare = arena.take(isPaired ? spareBytes(shape) : 0);
	const [scales, biases] = [4 * out, 4 * out].map((bytes) => arena.take(bytes));
	const places = arena.take(offsets.byteLength);
	const wide = arena.take(4 * height * width * out);
	const memory = memoryFor(kernelModule, arena.pages, arena.pages);
	const { buffer } = memory;
	const kernel = startKernel(kernelModule, memory);

	const map = new (narrowBytes === 1 ? Uint8Array : Int16Array)(buffer, input, count);
	for (let i = 0; i < count; i++) map[i] = values[i % values.length];
	const weight = { shape, values: weights };
	if (isPaired) packPairs(weight, 127, kernel, { buffer, address: packed, spare, rowBytes });
	else packWeights(weight, group, 127, new Int8Array(buffer, packed, length));
	new Float32Array(buffer, scales, out).fill(1);
	new Uint32Array(buffer, places, offsets.length).set(offsets);
	const steps = (columns * pixelBytes) / 4;
	const given = [
		...([input, places, places, height * width, rows, steps, rowBytes - 4 * steps] as const),
		...([packed, form, out, scales, biases, 0, false, wide, 0, 0, 127, sums] as const)
	] as const;
	return {
		run: () => kernel.convolve(...given),
		sums: new Float32Array(buffer, wide, height * width * out)
	};
}
