/** A small network on TensorFlow.js itself, with figures that can be worked out by hand. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { isHalfPrecision, Network } from '../../../src/lib/engine/tensorflow';
import type { Manifest } from '../../../src/lib/models/manifest';
import type { ModelPackage } from '../../../src/lib/models/store';
import { exampleManifest } from '../helpers/manifest';

const float = { type: 'DT_FLOAT' };
const integer = { type: 'DT_INT32' };
const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
const shapeOf = (shape: number[]) => ({ dim: shape.map((size) => ({ size: String(size) })) });

/** A graph model: features = x * [1, -1, 2] (rectified), logits = mean of features * weights. */
function smallModel(
	classWeights = [1, 0, 0, 1, 0.5, 0],
	changes: Partial<Manifest> = {}
): ModelPackage {
	const constants: [string, number[], number[], 'float32' | 'int32'][] = [
		['kernel', [1, 1, 1, 3], [1, -1, 2], 'float32'],
		['axes', [2], [1, 2], 'int32'],
		['classes', [3, 2], classWeights, 'float32']
	];
	const constantNodes = constants.map(([name, shape, , dtype]) => {
		const kind = dtype === 'int32' ? integer : float;
		const tensor = { dtype: kind.type, tensorShape: shapeOf(shape) };
		return { name, op: 'Const', attr: { dtype: kind, value: { tensor } } };
	});
	const placeholder = { dtype: float, shape: { shape: shapeOf([-1, 2, 2, 1]) } };
	const node = (name: string, op: string, input: string[], attr: object = {}) => ({
		name,
		op,
		input,
		attr: { T: float, ...attr }
	});
	const nodes = [
		{ name: 'input', op: 'Placeholder', attr: placeholder },
		...constantNodes,
		node('convolved', 'Conv2D', ['input', 'kernel'], {
			strides: { list: { i: ['1', '1', '1', '1'] } },
			dilations: { list: { i: ['1', '1', '1', '1'] } },
			padding: text('VALID'),
			data_format: text('NHWC')
		}),
		node('features', 'Relu', ['convolved']),
		node('mean', 'Mean', ['features', 'axes'], { keep_dims: { b: false }, Tidx: integer }),
		node('logits', 'MatMul', ['mean', 'classes'], {
			transpose_a: { b: false },
			transpose_b: { b: false }
		})
	];
	const topology = JSON.stringify({
		format: 'graph-model',
		modelTopology: { node: nodes, library: {}, versions: { producer: 1 } },
		weightsManifest: [
			{
				paths: ['shard-1.bin'],
				weights: constants.map(([name, shape, , dtype]) => ({ name, shape, dtype }))
			}
		]
	});
	const bytes = constants.flatMap(([, , values, dtype]) => [
		...new Uint8Array(
			(dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer
		)
	]);
	return { manifest: exampleManifest(changes), topology, weights: Uint8Array.from(bytes).buffer };
}

beforeAll(async () => {
	await tf.setBackend('cpu');
});

/** (pixel / 255 - 0.5) / 0.25 of the example manifest: 0 is -2, 255 is 2. */
const DARK = [0, 0, 0, 0];
const CORNER = [255, 0, 0, 0];

describe('a network', () => {
	it('reads logits, and a map that is the features times the class weights', async () => {
		const network = await Network.load(smallModel());
		const [reading] = await network.read(Uint8Array.from(CORNER), 1);
		// Corner: x = 2, features [2, 0, 4]; elsewhere x = -2, features [0, 2, 0].
		// Mean [0.5, 1.5, 1]; logits [0.5 * 1 + 1 * 0.5, 1.5 * 1]; map = f * [1, -1, 0.5].
		expect([...reading.logits]).toEqual([1, 1.5]);
		expect([...reading.map]).toEqual([4, -2, -2, -2]);
	});

	it('gives each image of a batch what it gets alone', async () => {
		const network = await Network.load(smallModel());
		const images = [CORNER, DARK, [10, 200, 30, 90], [255, 255, 255, 255]];
		const together = await network.read(Uint8Array.from(images.flat()), images.length);
		expect(together).toHaveLength(images.length);
		for (const [i, image] of images.entries()) {
			const [alone] = await network.read(Uint8Array.from(image), 1);
			expect([...together[i].logits]).toEqual([...alone.logits]);
			expect([...together[i].map]).toEqual([...alone.map]);
		}
	});

	it('gives results that share no memory, so that each can be handed over', async () => {
		const network = await Network.load(smallModel());
		const readings = await network.read(Uint8Array.from([...CORNER, ...DARK]), 2);
		const buffers = readings.flatMap(({ logits, map }) => [logits.buffer, map.buffer]);
		expect(new Set(buffers).size).toBe(4);
		expect(readings[1].map.byteLength).toBe(4 * 4);
	});

	it('normalises each channel with its own mean and deviation', async () => {
		const manifest = exampleManifest();
		const model = smallModel();
		model.manifest.input = { ...manifest.input, mean: [1], std: [0.5] };
		const network = await Network.load(model);
		const [reading] = await network.read(Uint8Array.of(255, 255, 255, 255), 1);
		expect([...reading.map]).toEqual([0, 0, 0, 0]);
		const [dark] = await network.read(Uint8Array.from(DARK), 1);
		// x = -2: features [0, 2, 0], map -2.
		expect([...dark.map]).toEqual([-2, -2, -2, -2]);
	});

	it('whose output is no number is dead', async () => {
		const network = await Network.load(smallModel([NaN, 0, 0, 1, 0, 0]));
		await expect(network.read(Uint8Array.from(CORNER), 1)).rejects.toThrow('not a number');
	});

	it('leaves no tensor behind when it reads', async () => {
		const network = await Network.load(smallModel());
		await network.read(Uint8Array.from(CORNER), 1);
		const before = tf.memory().numTensors;
		for (let i = 0; i < 3; i++) await network.read(Uint8Array.from([...CORNER, ...DARK]), 2);
		expect(tf.memory().numTensors).toBe(before);
	});

	it('is not made of something else', async () => {
		const model = smallModel();
		await expect(Network.load({ ...model, topology: 'no JSON' })).rejects.toThrow();
		await expect(Network.load({ ...model, topology: '{"weightsManifest":[]}' })).rejects.toThrow();
	});
});

describe('half precision', () => {
	it('is a matter of WebGL alone', () => {
		expect(isHalfPrecision('wasm')).toBe(false);
		expect(isHalfPrecision('webgpu')).toBe(false);
	});
});
