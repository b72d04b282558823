/** The shipped models in whole numbers, against the figures that the exporter computed. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Reading } from '../../../../src/lib/engine/protocol';
import { UnknownGraph } from '../../../../src/lib/engine/int8/graph';
import { IntegerNetwork } from '../../../../src/lib/engine/int8/network';
import {
	distanceDifference,
	largestDifference,
	referenceImages,
	type ReferenceImage
} from '../../../../src/lib/engine/reference';
import {
	ADMISSION_TOLERANCE,
	DISTANCE_TOLERANCE,
	LANE_MEGABYTES
} from '../../../../src/lib/base/limits';
import { parseManifest } from '../../../../src/lib/models/manifest';
import type { ModelPackage } from '../../../../src/lib/models/store';
import { loadKernel, VARIANTS } from '../../helpers/kernels';
import { shippedPackage } from '../../helpers/shipped';

const { models } = JSON.parse(readFileSync('static/models/index.json', 'utf8')) as {
	models: string[];
};

/** Those that carry ranges; others are read in exact figures (docs/engine.md). */
const integerModels = models.filter(
	(id) => shippedPackage(id).manifest.classifier.activations !== undefined
);

it('has the recommended model of each task', () => {
	expect(integerModels).toEqual(expect.arrayContaining(['malaria-resnet34', 'pneumonia-resnet34']));
});

describe.each(integerModels)('%s in whole numbers', (id) => {
	let model: ModelPackage;
	let images: ReferenceImage[];
	/** Readings of the reference images by each module. */
	const readings: Reading[][] = [];
	const networks: IntegerNetwork[] = [];

	beforeAll(async () => {
		model = shippedPackage(id);
		images = await referenceImages(model.manifest);
		for (const variant of VARIANTS) {
			const network = IntegerNetwork.load(model, await loadKernel(variant));
			networks.push(network);
			readings.push(images.map(({ pixels }) => network.read(pixels, 1)[0]));
		}
	});

	it('is within half of what admission allows', () => {
		for (const [i, image] of images.entries()) {
			for (const read of readings) {
				const off = largestDifference(read[i].logits, image.logits);
				expect(off, image.id).toBeLessThan(ADMISSION_TOLERANCE.integer / 2);
				const unlike = distanceDifference(read[i].distance, image.distance);
				expect(unlike, image.id).toBeLessThan(DISTANCE_TOLERANCE.integer / 2);
			}
		}
	});

	it('gives the same bits with relaxed and with plain SIMD', () => {
		expect(readings[0]).toEqual(readings[1]);
	});

	it('takes no more memory than a lane is planned with', () => {
		for (const { bytes } of networks) {
			expect(bytes.constants + bytes.maps).toBeLessThanOrEqual(LANE_MEGABYTES.int8 * 1e6);
		}
	});

	it('reads a batch as it reads each image', () => {
		const [network] = networks;
		const size = images[0].pixels.length;
		const batch = new Uint8Array(2 * size);
		batch.set(images[1].pixels);
		batch.set(images[0].pixels, size);
		expect(network.read(batch, 2)).toEqual([readings[0][1], readings[0][0]]);
		expect(() => network.read(batch.subarray(1), 2)).toThrow('another size');
	});
});

describe('a model', () => {
	it.each([
		['without ranges', (model: ModelPackage) => delete model.manifest.classifier.activations],
		[
			'without the range of one map',
			(model: ModelPackage) => delete model.manifest.classifier.activations?.ranges['pool']
		],
		[
			'with a range that is too short',
			(model: ModelPackage) => {
				const { ranges } = model.manifest.classifier.activations!;
				ranges['pool'] = { ...ranges['pool'], channels: 'AAAA' };
			}
		],
		[
			'with an operation that this engine does not know',
			(model: ModelPackage) => {
				model.topology = model.topology.replace('"MaxPool"', '"AvgPool"');
			}
		],
		[
			'with a convolution that is dilated',
			(model: ModelPackage) => {
				model.topology = model.topology.replace(
					'"dilations":{"list":{"i":["1","1","1","1"]}}',
					'"dilations":{"list":{"i":["1","2","2","1"]}}'
				);
			}
		]
	])(
		'%s is left to another engine',
		async (_, change) => {
			const model = shippedPackage(models[0]);
			change(model);
			const kernel = await loadKernel('plain');
			expect(() => IntegerNetwork.load(model, kernel)).toThrow(UnknownGraph);
		},
		60_000
	);

	it('comes closer to the exact figures with maps of more bits', async () => {
		const [coarse, int16] = [false, true].map((all) => {
			// The ResNet34 is within 0.002 of its reference films with 8 bits already.
			const model = shippedPackage('pneumonia-resnet50');
			for (const range of Object.values(model.manifest.classifier.activations!.ranges))
				range.int16 = all;
			return model;
		});
		const images = await referenceImages(coarse.manifest);
		for (const variant of VARIANTS) {
			const kernel = await loadKernel(variant);
			const [before, after] = [coarse, int16].map((model) => {
				const network = IntegerNetwork.load(model, kernel);
				return images.reduce((sum, { pixels, logits }) => {
					const found = network.read(pixels, 1)[0].logits;
					return sum + Math.abs(found[1] - found[0] - (logits[1] - logits[0]));
				}, 0);
			});
			expect(after).toBeLessThan(before / 2);
		}
	});

	it('of the site says its ranges in the form of the manifest', () => {
		for (const id of integerModels) {
			const { manifest } = shippedPackage(id);
			expect(parseManifest(manifest).ok).toBe(true);
			expect(manifest.classifier.activations?.images).toBeGreaterThan(100);
		}
	});
});
