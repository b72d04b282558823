/** Random U-Nets in the int8 engine, against plain loops and against TensorFlow.js. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { UnknownGraph } from '../../../../src/lib/engine/int8/graph';
import { Int8MapNetwork } from '../../../../src/lib/engine/int8/map-network';
import { TensorFlowMapNetwork } from '../../../../src/lib/engine/tensorflow-map-network';
import { loadKernel, VARIANTS } from '../../helpers/kernels';
import {
	floatMaps,
	integerOutput,
	outputOf,
	randomNumbers,
	randomUnet,
	unetModel,
	type RandomUnet
} from '../../helpers/random-unet';

const SEEDS = Array.from({ length: 24 }, (_, seed) => seed + 1);

/** Noise, and the ends of the range. */
function imagesOf({ height, width, channels }: RandomUnet, seed: number): Uint8Array[] {
	const random = randomNumbers(1000 + seed);
	const size = height * width * channels;
	return [
		Uint8Array.from({ length: size }, () => Math.floor(256 * random())),
		Uint8Array.from({ length: size }, (_, i) => (i * 7) % 256),
		new Uint8Array(size).fill(255)
	];
}

beforeAll(async () => {
	await tf.setBackend('cpu');
});

describe.each(VARIANTS)('with %s SIMD', (variant) => {
	it.each(SEEDS)('network %d is read as by plain loops, bit by bit', async (seed) => {
		const net = randomUnet(seed);
		const images = imagesOf(net, seed);
		// Every third network has all of its maps in 16 bits.
		const int16 = new Set(seed % 3 === 0 ? net.layers.map(({ name }) => name) : []);
		const model = unetModel(net, images.slice(0, 2), int16);
		const network = Int8MapNetwork.load(model, await loadKernel(variant));
		for (const image of [...images, images[0]]) {
			expect([...network.read(image)]).toEqual(integerOutput(net, model, image));
		}
	});
});

it.each(SEEDS)('network %d is close to what TensorFlow.js reads', async (seed) => {
	const net = randomUnet(seed);
	const images = imagesOf(net, seed);
	const model = unetModel(net, images);
	const int16 = unetModel(net, images, new Set(net.layers.map(({ name }) => name)));
	const kernel = await loadKernel('relaxed');
	const inFloats = await TensorFlowMapNetwork.load(model);
	for (const image of images) {
		const exact = [...(await inFloats.read(image))];
		const expected = [...floatMaps(net, image).get(outputOf(net))!.values];
		exact.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 3));
		const spread = Math.max(...exact) - Math.min(...exact);
		const [off, fineOff] = [model, int16].map((each) => {
			const found = Int8MapNetwork.load(each, kernel).read(image);
			return Math.max(...exact.map((value, i) => Math.abs(value - found[i])));
		});
		expect(off).toBeLessThan(0.06 * spread);
		expect(fineOff).toBeLessThan(0.006 * spread);
	}
});

describe('a graph', () => {
	const net = randomUnet(1);
	const images = imagesOf(net, 1);
	const change = (from: string | RegExp, to: string) => {
		const model = unetModel(net, images);
		const topology = model.topology.replace(from, to);
		expect(topology).not.toBe(model.topology);
		return { ...model, topology };
	};
	const joined = net.layers.find(({ op }) => op === 'concatenation')!.name;
	const enlarged = net.layers.find(({ op }) => op === 'enlargement')!.name;

	it.each([
		['without ranges', () => ({ ...unetModel(net, images), activations: undefined })],
		['without its output', () => ({ ...unetModel(net, images), output: 'absent' })],
		[
			'whose output has many channels',
			() => ({ ...unetModel(net, images), output: net.layers[0].name })
		],
		['whose output is a concatenation', () => ({ ...unetModel(net, images), output: joined })],
		['whose output is an enlarged map', () => ({ ...unetModel(net, images), output: enlarged })],
		['of another enlargement', () => change('ResizeNearestNeighbor', 'ResizeBilinear')],
		[
			'with aligned corners',
			() => change('"align_corners":{"b":false}', '"align_corners":{"b":true}')
		],
		[
			'that joins maps of 7 and of 16 bits',
			() => {
				const skip = net.layers.find((layer) => layer.op === 'concatenation')!;
				return unetModel(net, images, new Set([skip.op === 'concatenation' ? skip.from[1] : '']));
			}
		],
		[
			'that is enlarged by another factor',
			() => {
				const model = unetModel(net, images);
				const weights = model.weights.slice(0);
				const { weightsManifest } = JSON.parse(model.topology) as {
					weightsManifest: { weights: { name: string; shape: number[] }[] }[];
				};
				let at = 0;
				for (const { name, shape } of weightsManifest[0].weights) {
					if (name === `${enlarged} size`) new Int32Array(weights, at, 2)[0] *= 2;
					at += 4 * shape.reduce((product, side) => product * side, 1);
				}
				return { ...model, weights };
			}
		]
	])('%s is left to another backend', async (_, made) => {
		const kernel = await loadKernel('plain');
		expect(() => Int8MapNetwork.load(made(), kernel)).toThrow(UnknownGraph);
	});

	it('reads images of its size only', async () => {
		const network = Int8MapNetwork.load(unetModel(net, images), await loadKernel('plain'));
		expect(() => network.read(images[0].subarray(1))).toThrow('another size');
	});
});
