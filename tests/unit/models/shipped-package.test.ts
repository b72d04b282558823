/** The shipped packages, opened by TensorFlow.js as it is on npm. */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distanceDifference } from '../../../src/lib/engine/reference';
import { DISTANCE_TOLERANCE } from '../../../src/lib/base/limits';
import { parseManifest, type Manifest } from '../../../src/lib/models/manifest';
import { writeTensorFlowJs } from '../../../tools/lib/tfjs-export';

const MODELS = 'static/models';
const LARGEST_SHARD = 4 * 1024 * 1024;
/** Bytes on the wire; by what an architecture begins with. */
const LARGEST_PACKAGE: Record<string, number> = { resnet34: 12_000_000, resnet50: 13_500_000 };
/** Of what storing the weights may cost on validation: share of decisions, and AUC. */
const MOST_CHANGED = 0.005;
const MOST_AREA_LOST = 0.001;
/** Of what tells an image that is not of the model's kind. */
const LARGEST_STATISTICS = 200_000;
/** The largest difference of a logit from the one that the exporter computed. */
const TOLERANCE = 0.01;

const scratch = mkdtempSync(join(tmpdir(), 'fieldlens-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const ids = (readJson('index.json') as { models: string[] }).models;

function read(...path: string[]): Buffer {
	return readFileSync(join(MODELS, ...path));
}

function readJson(...path: string[]): unknown {
	return JSON.parse(read(...path).toString());
}

function manifestOf(id: string): Manifest {
	const result = parseManifest(readJson(id, 'manifest.json'));
	if (!result.ok) throw new Error(`${id}: ${result.refusal.field} ${result.refusal.detail}`);
	return result.manifest;
}

/** Write the package as `npm run export` does, and give stock TensorFlow.js those files. */
async function openPackage(id: string): Promise<GraphModel> {
	const folder = join(scratch, `${id}-${tf.getBackend()}`);
	await writeTensorFlowJs(join(MODELS, id), folder);
	const model = JSON.parse(
		readFileSync(join(folder, 'model.json'), 'utf8')
	) as Required<tf.io.ModelJSON>;
	const paths = model.weightsManifest.flatMap((group) => group.paths);
	const weights = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))));
	const others = ['manifest.json', 'model.json'];
	expect(readdirSync(folder).sort()).toEqual([...paths, ...others].sort());
	return loadGraphModel({
		load: async () => ({
			modelTopology: model.modelTopology,
			format: model.format,
			signature: model.signature,
			weightSpecs: model.weightsManifest.flatMap((group) => group.weights),
			weightData: new Uint8Array(weights).buffer
		})
	});
}

describe.each(ids)('%s', (id) => {
	let manifest: Manifest;
	beforeAll(() => {
		manifest = manifestOf(id);
	});

	it('holds the files that its manifest names, as they were written', () => {
		for (const file of manifest.files) {
			const bytes = read(id, file.path);
			expect(bytes.length, file.path).toBe(file.bytes);
			expect(createHash('sha256').update(bytes).digest('hex'), file.path).toBe(file.sha256);
		}
	});

	it('comes in small shards and is small in all', () => {
		for (const file of manifest.files) expect(file.bytes).toBeLessThanOrEqual(LARGEST_SHARD);
		const { network } = manifest.card.training;
		expect(manifest.totalBytes).toBeLessThanOrEqual(LARGEST_PACKAGE[network]);
		for (const changed of Object.values(manifest.classifier.storage?.decisionsChanged ?? {})) {
			expect(changed).toBeLessThanOrEqual(MOST_CHANGED * manifest.classifier.storage!.n);
		}
		const { before = 0, after = 0 } = manifest.classifier.storage?.auc ?? {};
		expect(before - after).toBeLessThanOrEqual(MOST_AREA_LOST);
		expect(manifest.recognition?.bytes ?? 0).toBeLessThanOrEqual(LARGEST_STATISTICS);
	});

	it.each(['cpu', 'wasm'])(
		'gives the logits of its reference vectors on %s',
		async (backend) => {
			expect(await tf.setBackend(backend)).toBe(true);
			await tf.ready();
			const model = await openPackage(id);
			const { input, outputs } = manifest.classifier;
			const { referenceVectors } = manifest;
			for (const vector of referenceVectors) {
				const pixels = inflateRawSync(Buffer.from(vector.pixels, 'base64'));
				const values = Float32Array.from(pixels, (pixel, index) => {
					const channel = index % input.channels;
					return (pixel / 255 - input.mean[channel]) / input.std[channel];
				});
				const x = tf.tensor4d(values, [1, input.height, input.width, input.channels]);
				const [logits, ...distances] = model.execute({ [input.name]: x }, [
					outputs.logits,
					...(outputs.distance === undefined ? [] : [outputs.distance])
				]) as tf.Tensor[];
				const found = [...logits.dataSync()];
				expect(found.length).toBe(vector.logits.length);
				for (const [place, logit] of vector.logits.entries()) {
					expect(Math.abs(found[place] - logit), vector.id).toBeLessThanOrEqual(TOLERANCE);
				}
				for (const distance of distances) {
					expect(distance.shape).toEqual([1, 1]);
					const off = distanceDifference(distance.dataSync()[0], vector.distance ?? null);
					expect(off, vector.id).toBeLessThanOrEqual(DISTANCE_TOLERANCE.full / 5);
				}
				tf.dispose([x, logits, ...distances]);
			}
			model.dispose();
		},
		120_000
	);
});
