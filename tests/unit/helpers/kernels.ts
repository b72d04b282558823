/** The integer engine's kernel on arrays, and the same in plain loops. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import {
	FORMS,
	kernelModule,
	LEVELS,
	memoryFor,
	startKernel,
	SUMS_BYTES,
	type KernelModule,
	type Variant
} from '../../../src/lib/engine/int8/kernel';
import { Arena, offsetsOf } from '../../../src/lib/engine/int8/layout';
import { packedLength, packWeights } from '../../../src/lib/engine/int8/pack';
import { packPairs, pairedBytes, spareBytes } from '../../../src/lib/engine/int8/pairs';
import { kernelFile } from '../../../tools/lib/kernel';

export const VARIANTS: Variant[] = ['relaxed', 'pairs', 'plain'];

// The baseline compiler of Node 20 gets relaxed dot products wrong (`self-test.ts`).
setFlagsFromString('--no-liftoff');

export const loadKernel = (variant: Variant, shared = false): Promise<KernelModule> =>
	kernelModule(variant, shared, readFileSync(kernelFile(variant, shared)));

/** The module that the page would get from an address, and its name. */
export function servedModule(url: string) {
	const name = /([a-z-]+)\.wasm/.exec(url)![1];
	return { name, bytes: readFileSync(`src/lib/engine/int8/modules/${name}.wasm`) };
}

export interface ConvolutionCase {
	height: number;
	width: number;
	channels: number;
	out: number;
	rows: number;
	columns: number;
	stride: number;
	padding: number;
	/** More border than the padding needs. */
	spare: number;
	/**
	 * Whole numbers 0..127, or of 16 bits where the convolution is int16; height x width x
	 * channels.
	 */
	values: number[];
	/** Whole numbers -127..127, or -int16..int16, rows x columns x channels x out. */
	weights: number[];
	scales: number[];
	biases: number[];
	residual: number[] | null;
	relu: boolean;
	/** Levels / range, one an output channel. */
	perValues: number[];
	/** Values and weights of 16 bits, the latter's largest; 7 bits and 127 without. */
	int16?: number;
	/** The largest whole number of the output; 127 where it is left out. */
	levels?: number;
}

export interface ConvolutionResult {
	wide: number[];
	narrow: number[];
	/** What lies around the narrow map. */
	border: number[];
}

export function outputSides({ height, width, rows, columns, stride, padding }: ConvolutionCase) {
	return {
		height: Math.floor((height + 2 * padding - rows) / stride) + 1,
		width: Math.floor((width + 2 * padding - columns) / stride) + 1
	};
}

/** The weights' own whole numbers reach the kernel only where each channel holds the largest. */
export function withPeaks(weights: number[], out: number, most = LEVELS): number[] {
	return weights.map((weight, i) => (i < out ? most : weight));
}

/** Pad, pack, run and unpad. */
export function convolve(kernel: KernelModule, given: ConvolutionCase): ConvolutionResult {
	const { height, width, channels, out, rows, columns, stride, padding, spare } = given;
	const { int16, levels = LEVELS } = given;
	const valueBytes = int16 ? 2 : kernel.narrowBytes;
	const outBytes = levels > LEVELS ? 2 : kernel.narrowBytes;
	const group = int16 ? 2 : kernel.group;
	const output = outputSides(given);
	const pixels = output.height * output.width;
	const border = padding + spare;
	const pixelBytes = channels * valueBytes;
	const rowBytes = (width + 2 * border) * pixelBytes;
	const shape = [rows, columns, channels, out];

	const arena = new Arena();
	const sums = arena.take(SUMS_BYTES);
	const input = arena.take(rowBytes * (height + 2 * border));
	const form = int16 ? FORMS.int16 : kernel.form;
	const isPaired = form === FORMS.pairs;
	const length = isPaired ? pairedBytes(shape) : packedLength(shape, group);
	const weights = arena.take(int16 ? 2 * length : length);
	const workspace = arena.take(isPaired ? spareBytes(shape) : 0);
	const [scales, biases, perValues] = [0, 0, 0].map(() => arena.take(4 * out));
	const inputOffsets = arena.take(4 * (pixels + 6));
	const narrowOffsets = arena.take(4 * (pixels + 6));
	const wide = arena.take(4 * pixels * out);
	const residual = arena.take(4 * pixels * out);
	const outRow = (output.width + 2) * out * outBytes;
	const narrowBytesInAll = outRow * (output.height + 2);
	const narrow = arena.take(narrowBytesInAll);
	const memory = memoryFor(kernel, arena.pages, arena.pages);
	const { buffer } = memory;
	const typeOf = (bytes: number) => (bytes === 1 ? Uint8Array : Int16Array);

	const values = (rowBytes / valueBytes) * (height + 2 * border);
	const map = new (typeOf(valueBytes))(buffer, input, values);
	given.values.forEach((value, i) => {
		const [y, x, c] = [
			Math.floor(i / (width * channels)),
			Math.floor(i / channels) % width,
			i % channels
		];
		map[((y + border) * (width + 2 * border) + x + border) * channels + c] = value;
	});
	const Packed = int16 ? Int16Array : Int8Array;
	const started = startKernel(kernel, memory);
	const weight = { shape, values: Float32Array.from(given.weights) };
	const place = { buffer, address: weights, spare: workspace, rowBytes };
	if (isPaired) packPairs(weight, LEVELS, started, place);
	else packWeights(weight, group, int16 ?? LEVELS, new Packed(buffer, weights, length));
	new Float32Array(buffer, scales, out).set(given.scales);
	new Float32Array(buffer, biases, out).set(given.biases);
	new Float32Array(buffer, perValues, out).set(given.perValues);
	if (given.residual) new Float32Array(buffer, residual, pixels * out).set(given.residual);
	const start = spare * (rowBytes + pixelBytes);
	const from = offsetsOf(output, start, stride * rowBytes, stride * pixelBytes);
	new Uint32Array(buffer, inputOffsets, from.length).set(from);
	const outPixel = out * outBytes;
	const to = offsetsOf(output, outRow + outPixel, outRow, outPixel);
	new Uint32Array(buffer, narrowOffsets, to.length).set(to);

	const steps = Math.ceil((columns * pixelBytes) / 4);
	started.convolve(
		input,
		inputOffsets,
		narrowOffsets,
		pixels,
		rows,
		steps,
		rowBytes - 4 * steps,
		weights,
		form,
		out,
		scales,
		biases,
		given.residual ? residual : 0,
		given.relu,
		wide,
		narrow,
		perValues,
		levels,
		sums
	);
	const inside: number[] = [];
	const around: number[] = [];
	new (typeOf(outBytes))(buffer, narrow, narrowBytesInAll / outBytes).forEach((value, i) => {
		const [y, x] = [
			Math.floor(i / ((output.width + 2) * out)),
			Math.floor(i / out) % (output.width + 2)
		];
		const isInside = y > 0 && y <= output.height && x > 0 && x <= output.width;
		(isInside ? inside : around).push(value);
	});
	return {
		wide: [...new Float32Array(buffer, wide, pixels * out)],
		narrow: inside,
		border: around
	};
}

/** Whole number of a value as the kernel rounds it: to the nearest, halves to even. */
export function narrowed(value: number, perValue: number, levels = LEVELS): number {
	const scaled = Math.min(
		levels,
		Math.max(0, Math.fround(Math.fround(value) * Math.fround(perValue)))
	);
	const floor = Math.floor(scaled);
	const rest = scaled - floor;
	return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** The same convolution, one product after the other. */
export function plainConvolve(given: ConvolutionCase): ConvolutionResult {
	const { height, width, channels, out, rows, columns, stride, padding } = given;
	const output = outputSides(given);
	const wide: number[] = [];
	const narrow: number[] = [];
	for (let i = 0; i < output.height * output.width * out; i++) {
		const [y, x, o] = [
			Math.floor(i / (output.width * out)),
			Math.floor(i / out) % output.width,
			i % out
		];
		let sum = 0;
		for (let k = 0; k < rows * columns * channels; k++) {
			const [r, s, c] = [
				Math.floor(k / (columns * channels)),
				Math.floor(k / channels) % columns,
				k % channels
			];
			const [inY, inX] = [y * stride + r - padding, x * stride + s - padding];
			if (inY < 0 || inY >= height || inX < 0 || inX >= width) continue;
			sum += given.values[(inY * width + inX) * channels + c] * given.weights[k * out + o];
		}
		let value = Math.fround(
			Math.fround(Math.fround(sum) * Math.fround(given.scales[o])) + Math.fround(given.biases[o])
		);
		if (given.residual) value = Math.fround(value + Math.fround(given.residual[i]));
		if (given.relu) value = Math.max(value, 0);
		wide.push(value);
		narrow.push(narrowed(value, given.perValues[o], given.levels));
	}
	return { wide, narrow, border: [] };
}
