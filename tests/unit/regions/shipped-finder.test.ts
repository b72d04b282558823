/** The finder that packages are given: what it finds in the int8 engine and in TensorFlow.js. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { Int8MapNetwork } from '../../../src/lib/engine/int8/map-network';
import type { MapModel } from '../../../src/lib/engine/map-model';
import { inflate } from '../../../src/lib/engine/reference';
import { TensorFlowMapNetwork } from '../../../src/lib/engine/tensorflow-map-network';
import { checkTopology } from '../../../src/lib/models/topology';
import { simdResize } from '../../../src/lib/pixels/resizer';
import { maskOf, piecesOf } from '../../../src/lib/regions/lungs/mask';
import { levelsOf, outlineOf } from '../../../src/lib/regions/lungs/outline';
import { findsReferences, type RegionModel } from '../../../src/lib/regions/region-model';
import { loadKernel, VARIANTS } from '../helpers/kernels';

const FOLDER = 'training-notebooks/runs/lung-finder/package';

interface Written {
	files: { path: string; encoding?: string }[];
	input: MapModel['input'];
	output: string;
	crop: { smoothing: number; margin: number; reach: number; percentiles: [number, number] };
	activations: MapModel['activations'];
}
const written = JSON.parse(readFileSync(`${FOLDER}/region.json`, 'utf8')) as Written;
const shards = written.files.slice(1).map(({ path, encoding }) => {
	const bytes = readFileSync(`${FOLDER}/${path}`);
	return encoding ? inflateRawSync(bytes) : bytes;
});
const model: MapModel = {
	topology: readFileSync(`${FOLDER}/model.json`, 'utf8'),
	weights: Uint8Array.from(Buffer.concat(shards)).buffer,
	input: written.input,
	output: written.output,
	activations: written.activations
};

interface Reference {
	id: string;
	film: string;
	crop: { x: number; y: number; width: number; height: number };
}
const { references } = JSON.parse(readFileSync('tests/unit/fixtures/finder.json', 'utf8')) as {
	references: Reference[];
};
const rule: Pick<RegionModel, 'references' | 'crop'> = {
	crop: written.crop,
	references: references.map(({ id, film, crop: { x, y, width, height } }) => ({
		id,
		film,
		box: { left: x, top: y, right: x + width, bottom: y + height }
	}))
};

const resize = await simdResize(readFileSync('src/lib/pixels/modules/input.wasm'));

const finderOf = (network: { read(pixels: Uint8Array): Float32Array | Promise<Float32Array> }) => ({
	size: model.input.width,
	read: (pixels: Uint8Array) => network.read(pixels)
});

beforeAll(async () => {
	await tf.setBackend('cpu');
});

it('has a graph that packages may have', () => {
	expect(checkTopology(model.topology, model.weights).ok).toBe(true);
});

describe.each(VARIANTS)('in the int8 engine, %s SIMD', (variant) => {
	it('finds the lungs of the references', async () => {
		const network = Int8MapNetwork.load(model, await loadKernel(variant));
		expect(references).toHaveLength(3);
		expect(await findsReferences(finderOf(network), rule, resize)).toBe(true);
	});
});

describe('TensorFlow.js', () => {
	it('finds the lungs of the references', async () => {
		const network = await TensorFlowMapNetwork.load(model);
		expect(await findsReferences(finderOf(network), rule, resize)).toBe(true);
	});

	it('and the int8 engine outline the same lungs, but for a few pixels', async () => {
		const exact = await TensorFlowMapNetwork.load(model);
		const int8 = Int8MapNetwork.load(model, await loadKernel('relaxed'));
		for (const { id, film } of references) {
			const data = await inflate(film, 224 * 224);
			const pixels = resize({ width: 224, height: 224, stride: 1, data }, 'grey', 112, 112);
			const [one, other] = [await exact.read(pixels), int8.read(pixels)].map((logits) =>
				maskOf(piecesOf(outlineOf(levelsOf(logits))))
			);
			const differing = one.reduce((sum, inside, i) => sum + Math.abs(inside - other[i]), 0);
			const all = one.reduce((sum, inside) => sum + inside, 0);
			expect(differing / all, id).toBeLessThan(0.02);
		}
	});
});

it('a finder that finds something else is not admitted', async () => {
	const empty = { size: 112, read: () => new Float32Array(56 * 56).fill(-3) };
	expect(await findsReferences(empty, rule, resize)).toBe(false);
	const all = { size: 112, read: () => new Float32Array(56 * 56).fill(3) };
	expect(await findsReferences(all, rule, resize)).toBe(false);
});
