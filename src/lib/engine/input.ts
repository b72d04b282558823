/**
 * Bytes to the network's input, (pixel / 255 - mean) / std channel by channel. A graphics chip
 * is given the bytes, four to a texel or a word, and looks their values up in the table that
 * the processor uses: the input is the same to the last bit wherever it is made.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import type { Classifier } from '../models/manifest';

export type InputRule = Pick<
	Classifier['input'],
	'name' | 'width' | 'height' | 'channels' | 'mean' | 'std'
>;

type Shape = [count: number, height: number, width: number, channels: number];

/**
 * @param pixels uint8, count x height x width x channels; not kept.
 * @returns float32 of the same shape; the caller disposes of it.
 */
export type MakeInput = (pixels: Uint8Array, count: number) => tf.Tensor4D;

/** How the started backend is given its images. */
export function inputMaker(input: InputRule): MakeInput {
	const make = { webgl: fromTexels, webgpu: fromWords }[tf.getBackend()] ?? fromValues;
	return make(input);
}

/** The value of each byte: channels x 256. */
export function levelsOf({ mean, std }: Pick<Classifier['input'], 'mean' | 'std'>): Float32Array {
	return Float32Array.from({ length: mean.length * 256 }, (_, i) => {
		const channel = i >> 8;
		return ((i & 255) / 255 - mean[channel]) / std[channel];
	});
}

const shapeOf = (input: InputRule, count: number): Shape => [
	count,
	input.height,
	input.width,
	input.channels
];

/** On the processor. */
export function fromValues(input: InputRule): MakeInput {
	const { channels } = input;
	const levels = levelsOf(input);
	return (pixels, count) => {
		const values = new Float32Array(pixels.length);
		for (let c = 0; c < channels; c++) {
			const table = levels.subarray(c * 256, (c + 1) * 256);
			for (let i = c; i < pixels.length; i += channels) values[i] = table[pixels[i]];
		}
		return tf.tensor4d(values, shapeOf(input, count));
	};
}

/**
 * With stock operations: the bytes are taken for pictures of four channels, which WebGL
 * uploads as they are. (A tensor of bytes it would upload with three zeros beside each.)
 */
export function fromTexels(input: InputRule): MakeInput {
	const { height, width, channels } = input;
	const texels = (width * channels) / 4;
	// Rows that end within a texel: no size that is in use.
	if (!Number.isInteger(texels)) return fromValues(input);
	const levels = tf.tensor1d(levelsOf(input));
	// Where in the table a channel begins: 0, 256, 512, exact in 16-bit floats too.
	const starts = tf.tensor1d(
		Array.from({ length: channels }, (_, channel) => channel * 256),
		'int32'
	);
	return (pixels, count) =>
		tf.tidy(() => {
			const picture = { data: pixels, width: texels, height: count * height };
			const bytes = tf.reshape(tf.browser.fromPixels(picture, 4), shapeOf(input, count));
			return tf.gather<tf.Tensor>(
				levels,
				channels > 1 ? tf.add(bytes, starts) : bytes
			) as tf.Tensor4D;
		});
}

/** With a kernel of our own: WebGPU has none that reads bytes. */
function fromWords(input: InputRule): MakeInput {
	const levels = tf.tensor1d(levelsOf(input));
	return (pixels, count) =>
		tf.tidy(() => {
			const packed = new Int32Array(Math.ceil(pixels.length / 4));
			new Uint8Array(packed.buffer).set(pixels);
			const words = tf.tensor1d(packed, 'int32');
			const shape = shapeOf(input, count);
			return tf.engine().runKernel<tf.Tensor4D>(WORDS, { words, levels }, { shape });
		});
}

const WORDS = 'FieldlensBytes';
const WORKGROUP = 128;

const runWords: tf.KernelFunc = ({ inputs, backend, attrs }) => {
	const shape = (attrs as { shape: Shape }).shape;
	const { words, levels } = inputs as tf.NamedTensorInfoMap & Record<string, tf.TensorInfo>;
	const program: WebGPUProgram = {
		variableNames: ['words', 'levels'],
		outputShape: shape,
		shaderKey: WORDS,
		size: true,
		workgroupSize: [WORKGROUP, 1, 1],
		dispatchLayout: { x: [0, 1, 2, 3] },
		dispatch: [Math.ceil(tf.util.sizeFromShape(shape) / WORKGROUP), 1, 1],
		// The words are little-endian on every device that has WebGPU.
		getUserCode: () => `
			fn main(index : i32) {
				if (index < uniforms.size) {
					let word = bitcast<u32>(words[index / 4]);
					let byte = (word >> (8u * u32(index % 4))) & 255u;
					let channel = index % uniforms.outShape.w;
					setOutputAtIndex(index, levels[channel * 256 + i32(byte)]);
				}
			}`
	};
	return (backend as WebGPUBackend).runWebGPUProgram(program, [words, levels], 'float32');
};

tf.registerKernel({ kernelName: WORDS, backendName: 'webgpu', kernelFunc: runWords });
