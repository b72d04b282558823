/** `npm run export`: what it writes is opened by stock TensorFlow.js. */
import '@tensorflow/tfjs-backend-cpu';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTensorFlowJs } from '../../../tools/lib/tfjs-export';
import { colourPackage } from '../helpers/colour-package';
import { packedPackage } from '../helpers/manifest';

const plain = colourPackage();
const made = packedPackage(plain);
let source = '';
let out = '';

beforeEach(async () => {
	source = await mkdtemp(join(tmpdir(), 'fieldlens-test-'));
	out = join(source, 'out');
	await writeFile(join(source, 'manifest.json'), JSON.stringify(made.manifest));
	for (const [path, content] of made.files) await writeFile(join(source, path), content);
});
afterEach(() => rm(source, { recursive: true }));

describe('an exported model', () => {
	it('is the plain graph model, and gives the logits of the reference vectors', async () => {
		await writeTensorFlowJs(source, out);
		for (const [path, content] of plain.files) {
			expect((await readFile(join(out, path))).equals(Buffer.from(content)), path).toBe(true);
		}
		expect((await readdir(out)).sort()).toEqual(['manifest.json', ...plain.files.keys()].sort());

		await tf.setBackend('cpu');
		const model = await loadGraphModel({ load: () => artifacts(out) });
		const { input, outputs } = made.manifest.classifier;
		const { referenceVectors } = made.manifest;
		for (const { pixels, logits, id } of referenceVectors) {
			const values = Float32Array.from(
				inflateRawSync(Buffer.from(pixels, 'base64')),
				(pixel, i) => (pixel / 255 - input.mean[i % 3]) / input.std[i % 3]
			);
			const x = tf.tensor4d(values, [1, input.height, input.width, 3]);
			const found = model.execute({ [input.name]: x }, outputs.logits) as tf.Tensor;
			const off = [...(await found.data())].map((value, i) => Math.abs(value - logits[i]));
			expect(Math.max(...off), id).toBeLessThan(1e-4);
		}
	});

	it('does not mix with what lies in the folder', async () => {
		await writeTensorFlowJs(source, out);
		await expect(writeTensorFlowJs(source, out)).rejects.toThrow(/is not empty/);
	});

	it('is written nowhere but in its folder', async () => {
		const text = await readFile(join(source, 'model.json'), 'utf8');
		await writeFile(join(source, 'model.json'), text.replace('"shard-1.bin"', '"../shard-1.bin"'));
		await expect(writeTensorFlowJs(source, out)).rejects.toThrow(/name \.\.\/shard-1\.bin/);
		expect(await readdir(out)).toEqual([]);
	});

	it('of a damaged package is named, and leaves no model.json', async () => {
		const shard = join(source, 'shard-1.deflate.bin');
		await writeFile(shard, (await readFile(shard)).subarray(0, -2));
		await expect(writeTensorFlowJs(source, out)).rejects.toThrow(/shard-1\.deflate\.bin is not/);
		expect(await readdir(out)).not.toContain('model.json');
	});
});

async function artifacts(folder: string): Promise<tf.io.ModelArtifacts> {
	const json = JSON.parse(
		await readFile(join(folder, 'model.json'), 'utf8')
	) as Required<tf.io.ModelJSON>;
	const groups = json.weightsManifest;
	const paths = groups.flatMap((group) => group.paths);
	const shards = await Promise.all(paths.map((path) => readFile(join(folder, path))));
	return {
		format: json.format,
		modelTopology: json.modelTopology,
		weightSpecs: groups.flatMap((group) => group.weights),
		weightData: new Uint8Array(Buffer.concat(shards)).buffer
	};
}
