/**
 * What the network is given. The kernels of WebGL and WebGPU themselves are held against the
 * same values in `tests/e2e/graphics.spec.ts`.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromTexels, fromValues, inputMaker, levelsOf } from '../../../src/lib/engine/input';
import type { Manifest } from '../../../src/lib/models/manifest';
import { exampleManifest } from '../helpers/manifest';

beforeAll(async () => {
	await tf.setBackend('cpu');
});

function inputOf(width: number, height: number, channels: 1 | 3): Manifest['classifier']['input'] {
	const mean = [0.482, 0.611, 0.557].slice(0, channels);
	const std = [0.236, 0.192, 0.301].slice(0, channels);
	return { ...exampleManifest().classifier.input, width, height, channels, mean, std };
}

/** Every byte, in an order that is not that of the channels. */
const pixelsOf = ({ width, height, channels }: Manifest['classifier']['input'], count: number) =>
	Uint8Array.from({ length: count * width * height * channels }, (_, i) => (i * 37 + 11) % 256);

describe('the input', () => {
	it('is (pixel / 255 - mean) / std, channel by channel, in the nearest float', async () => {
		const input = inputOf(8, 32, 3);
		const pixels = pixelsOf(input, 2);
		const made = fromValues(input)(pixels, 2);
		expect(made.shape).toEqual([2, 32, 8, 3]);
		const expected = Float32Array.from(
			pixels,
			(pixel, i) => (pixel / 255 - input.mean[i % 3]) / input.std[i % 3]
		);
		expect(await made.data()).toEqual(expected);
	});

	it.each([
		['grey', 1, 1],
		['grey, three images', 1, 3],
		['colour', 3, 1],
		['colour, three images', 3, 3]
	] as const)('of bytes is the same to the last bit: %s', async (_, channels, count) => {
		const input = inputOf(12, 16, channels);
		const pixels = pixelsOf(input, count);
		const [values, texels] = [fromValues, fromTexels].map((make) => make(input)(pixels, count));
		expect(texels.shape).toEqual(values.shape);
		expect(texels.dtype).toBe('float32');
		expect(await texels.data()).toEqual(await values.data());
	});

	it('of rows that end within a texel is the same', async () => {
		const input = inputOf(7, 5, 1);
		const pixels = pixelsOf(input, 2);
		const made = fromTexels(input)(pixels, 2);
		expect(made.shape).toEqual([2, 5, 7, 1]);
		expect(await made.data()).toEqual(await fromValues(input)(pixels, 2).data());
	});

	it('leaves no tensor behind but itself', () => {
		const input = inputOf(8, 8, 3);
		const make = fromTexels(input);
		const before = tf.memory().numTensors;
		make(pixelsOf(input, 2), 2).dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it('is made on the processor where the processor reads', () => {
		const input = inputOf(8, 8, 1);
		const before = tf.memory().numTensors;
		inputMaker(input);
		// On a graphics chip the table is kept there.
		expect(tf.memory().numTensors).toBe(before);
		fromTexels(input);
		expect(tf.memory().numTensors).toBeGreaterThan(before);
	});

	it('has a value for each byte of each channel', () => {
		const levels = levelsOf({ mean: [0, 1], std: [1, 0.5] });
		expect(levels).toHaveLength(512);
		expect([levels[0], levels[255], levels[256], levels[511]]).toEqual([0, 1, -2, 0]);
	});
});
