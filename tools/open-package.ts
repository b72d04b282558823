// Opens a model package with TensorFlow.js as it is on npm and prints, as JSON, the logits that
// it computes. Of the reference vectors of the manifest, or of --images: a JSON list of
// {name, pixels}, packed as reference vectors are. For the notebook on quantisation and export.
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { readOptions } from './lib/options.ts';
import { messageOf, Problem, runMain } from './lib/problem.ts';
import { readShards } from './lib/shards.ts';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { Manifest } from '../src/lib/models/manifest.ts';

const USAGE =
	'npx tsx tools/open-package.ts --package <folder> [--images FILE] [--backend wasm|cpu]';

export type Packed = { name: string; pixels: string };

await runMain(async () => {
	const options = readOptions(
		{
			package: { type: 'string' },
			images: { type: 'string' },
			backend: { type: 'string', default: 'wasm' }
		},
		USAGE
	);
	if (!options.package) throw new Problem(`Use: ${USAGE}`);
	const folder = resolve(options.package);
	const manifest = (await readJson(join(folder, 'manifest.json'))) as Manifest;
	const backend = options.backend ?? 'wasm';
	if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
	if (!(await tf.setBackend(backend))) throw new Problem(`TensorFlow.js has no ${backend} here.`);
	await tf.ready();

	const model = await openModel(folder);
	const images: Packed[] = options.images
		? ((await readJson(resolve(options.images))) as Packed[])
		: manifest.referenceVectors.map(({ id, pixels }) => ({ name: id, pixels }));
	const found = images.map(({ name, pixels }) => ({
		name,
		logits: readLogits(model, manifest, pixels)
	}));
	console.log(
		JSON.stringify(
			{ backend: tf.getBackend(), version: tf.version_core, images: found },
			null,
			'\t'
		)
	);
	return 0;
});

async function readJson(file: string): Promise<unknown> {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as unknown;
	} catch (error) {
		throw new Problem(`${file} cannot be read: ${messageOf(error)}`);
	}
}

/** Give TensorFlow.js the files from the disk; what they say is left to it. */
async function openModel(folder: string) {
	const model = (await readJson(join(folder, 'model.json'))) as tf.io.ModelJSON;
	const groups = model.weightsManifest;
	const names = groups.flatMap((group) => group.paths);
	const shards = await readShards(folder, names);
	return loadGraphModel({
		load: () =>
			Promise.resolve({
				modelTopology: model.modelTopology,
				format: model.format,
				signature: model.signature,
				weightSpecs: groups.flatMap((group) => group.weights),
				weightData: new Uint8Array(Buffer.concat(shards)).buffer
			})
	});
}

function readLogits(model: GraphModel, manifest: Manifest, packed: string): number[] {
	const { input, outputs } = manifest.classifier;
	const pixels = inflateRawSync(Buffer.from(packed, 'base64'));
	const values = Float32Array.from(pixels, (pixel, index) => {
		const channel = index % input.channels;
		return (pixel / 255 - (input.mean[channel] ?? 0)) / (input.std[channel] ?? 1);
	});
	return tf.tidy(() => {
		const x = tf.tensor4d(values, [1, input.height, input.width, input.channels]);
		const logits = model.execute({ [input.name]: x }, outputs.logits);
		return [...(logits as tf.Tensor).dataSync()];
	});
}
