// @ts-check
// The measured model as the other engines take it, and its size as users do.
import { copyFile, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readGraphModel } from '../lib/graph-model.mjs';
import { toOnnx } from '../lib/onnx-export.mjs';
import { modelsDir, repoRoot } from '../lib/paths.mjs';

/**
 * The model for ONNX Runtime Web, whose WebGL takes no batch of any size.
 * @param {import('../lib/packages.mjs').Manifest} manifest
 * @param {'cpu' | 'webgl' | 'webgpu'} setting
 */
export async function onnxOf({ id, classifier: { input, outputs } }, setting) {
	const batch = setting === 'webgl' ? 1 : 'batch';
	const graph = await readGraphModel(join(modelsDir, id));
	const { logits, features, classes, featureCount, gridHeight, gridWidth } = outputs;
	return toOnnx(graph, {
		input: { name: input.name, dims: [batch, input.channels, input.height, input.width] },
		outputs: [
			{ name: logits, dims: [batch, classes.length] },
			{ name: features, dims: [batch, featureCount, gridHeight, gridWidth] }
		]
	});
}

/**
 * Put the network that ONNX Runtime's own tool quantised beside the other, where it was made.
 * @param {string} model
 * @param {string} folder
 * @returns {Promise<boolean>} whether there is one
 */
export async function copyQuantised(model, folder) {
	const file = join(repoRoot, '.cache', `${model}.int8.onnx`);
	if (!existsSync(file)) return false;
	await copyFile(file, join(folder, `${model}.int8.onnx`));
	return true;
}

/**
 * What to do for the rows of ONNX Runtime Web in int8.
 * @param {string} model
 */
export function howToQuantise(model) {
	return `ONNX Runtime Web in int8 is left out: .cache/${model}.int8.onnx is not there. To make it: node tools/bench/write-onnx.mjs ${model}, then, in training-notebooks/ with requirements-bench.txt installed: python -m fieldlens_training.experiments.onnx_int8 ${model} --data DATA`;
}

/**
 * What a user downloads for a model.
 * @param {import('../lib/packages.mjs').Manifest} manifest
 */
export async function wireBytesOf({ id, files }) {
	const { size } = await stat(join(modelsDir, id, 'manifest.json'));
	return files.reduce((sum, { bytes }) => sum + bytes, size);
}
