/** A small network on TensorFlow.js itself, with figures that can be worked out by hand. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { isHalfPrecision, Network } from '../../../src/lib/engine/tensorflow';
import { colourLogits, colourPackage } from '../helpers/colour-package';
import { exampleManifest } from '../helpers/manifest';
import { smallModel } from '../helpers/small-model';

beforeAll(async () => {
	await tf.setBackend('cpu');
});

/** (pixel / 255 - 0.5) / 0.25 of the example manifest: 0 is -2, 255 is 2. */
const DARK = [0, 0, 0, 0];
const CORNER = [255, 0, 0, 0];

describe('a network', () => {
	it('reads logits', async () => {
		const network = await Network.load(smallModel());
		const [reading] = await network.read(Uint8Array.from(CORNER), 1);
		// Corner: x = 2, features [2, 0, 4]; elsewhere x = -2, features [0, 2, 0].
		// Mean [0.5, 1.5, 1]; logits [0.5 * 1 + 1 * 0.5, 1.5 * 1].
		expect([...reading.logits]).toEqual([1, 1.5]);
	});

	it('gives each image of a batch what it gets alone', async () => {
		const network = await Network.load(smallModel());
		const images = [CORNER, DARK, [10, 200, 30, 90], [255, 255, 255, 255]];
		const together = await network.read(Uint8Array.from(images.flat()), images.length);
		expect(together).toHaveLength(images.length);
		for (const [i, image] of images.entries()) {
			const [alone] = await network.read(Uint8Array.from(image), 1);
			expect([...together[i].logits]).toEqual([...alone.logits]);
		}
	});

	it('gives each of two batches in flight its own', async () => {
		const network = await Network.load(smallModel({ centre: [0.5, 0.5, 1] }));
		const [first, second] = await Promise.all([
			network.read(Uint8Array.from(CORNER), 1),
			network.read(Uint8Array.from([...DARK, ...CORNER]), 2)
		]);
		expect([...first[0].logits]).toEqual([1, 1.5]);
		expect(second.map(({ distance }) => distance)).toEqual([0.25 + 2.25 + 1, 1]);
		// Of the dark image: features [0, 2, 0], logits [0, 2].
		expect(second.map(({ logits }) => [...logits])).toEqual([
			[0, 2],
			[1, 1.5]
		]);
	});

	it('whose outputs have another size than its manifest says is dead', async () => {
		const model = smallModel();
		model.manifest.classifier.outputs.classes = [
			...model.manifest.classifier.outputs.classes,
			'third'
		];
		const network = await Network.load(model);
		await expect(network.read(Uint8Array.from(CORNER), 1)).rejects.toThrow('another size');
	});

	it('gives results that share no memory, so that each can be handed over', async () => {
		const network = await Network.load(smallModel());
		const readings = await network.read(Uint8Array.from([...CORNER, ...DARK]), 2);
		expect(new Set(readings.map(({ logits }) => logits.buffer)).size).toBe(2);
		expect(readings[1].logits.buffer.byteLength).toBe(2 * 4);
	});

	it('normalises each channel with its own mean and deviation', async () => {
		const manifest = exampleManifest();
		const model = smallModel();
		model.manifest.classifier.input = { ...manifest.classifier.input, mean: [1], std: [0.5] };
		const network = await Network.load(model);
		const [reading] = await network.read(Uint8Array.of(255, 255, 255, 255), 1);
		expect([...reading.logits]).toEqual([0, 0]);
		const [dark] = await network.read(Uint8Array.from(DARK), 1);
		// x = -2: features [0, 2, 0].
		expect([...dark.logits]).toEqual([0, 2]);
	});

	it('of three channels reads colours, each channel with its own mean and deviation', async () => {
		const { manifest, files } = colourPackage();
		const weights = new Uint8Array(files.get('shard-1.bin')!).buffer;
		const topology = Buffer.from(files.get('model.json')!).toString();
		const network = await Network.load({ manifest, topology, weights, region: null });
		const count = manifest.classifier.input.width * manifest.classifier.input.height;
		for (const colour of [
			[180, 60, 170],
			[10, 200, 30]
		]) {
			const pixels = Uint8Array.from({ length: count * 3 }, (_, i) => colour[i % 3]);
			const [{ logits }] = await network.read(pixels, 1);
			colourLogits(pixels).forEach((expected, i) => expect(logits[i]).toBeCloseTo(expected, 4));
		}
	});

	it('whose output is no number is dead', async () => {
		const network = await Network.load(smallModel({ classWeights: [NaN, 0, 0, 1, 0, 0] }));
		await expect(network.read(Uint8Array.from(CORNER), 1)).rejects.toThrow('not a number');
	});

	it('says no distance where the model has none', async () => {
		const network = await Network.load(smallModel());
		const [reading] = await network.read(Uint8Array.from(CORNER), 1);
		expect(reading.distance).toBeNull();
	});

	it('says of each image of a batch how unlike the training images it is', async () => {
		const network = await Network.load(smallModel({ centre: [0.5, 0.5, 1] }));
		const readings = await network.read(Uint8Array.from([...CORNER, ...DARK]), 2);
		// Means [0.5, 1.5, 1] and [0, 2, 0]; squared distances from [0.5, 0.5, 1].
		expect(readings.map(({ distance }) => distance)).toEqual([1, 0.25 + 2.25 + 1]);
		expect([...readings[0].logits]).toEqual([1, 1.5]);
		expect([...readings[1].logits]).toEqual([0, 2]);
	});

	it.each([NaN, 1e30])('whose distance is no number is dead: %d', async (centre) => {
		// The square of 1e30 is no float32.
		const network = await Network.load(smallModel({ centre: [centre, 0, 0] }));
		await expect(network.read(Uint8Array.from(CORNER), 1)).rejects.toThrow('not a number');
	});

	it.each([
		['without a distance', {}],
		['with one', { centre: [0, 0, 0] }]
	])('leaves no tensor behind when it reads, %s', async (_, given) => {
		const network = await Network.load(smallModel(given));
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
