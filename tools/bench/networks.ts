// The measured model as the other engines take it, and its size as users do.
import { copyFile, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readGraphModel } from '../lib/graph-model.ts';
import { toOnnx } from '../lib/onnx-export.ts';
import { modelsDir, repoRoot } from '../lib/paths.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';

/** The model for ONNX Runtime Web, whose WebGL takes no batch of any size. */
export async function onnxOf(
	{ id, classifier: { input, outputs } }: Manifest,
	setting: 'cpu' | 'webgl' | 'webgpu'
) {
	const batch = setting === 'webgl' ? 1 : 'batch';
	const graph = await readGraphModel(join(modelsDir, id));
	const { logits, classes } = outputs;
	return toOnnx(graph, {
		input: { name: input.name, dims: [batch, input.channels, input.height, input.width] },
		outputs: [{ name: logits, dims: [batch, classes.length] }]
	});
}

/**
 * Put the network that ONNX Runtime's own tool quantised beside the other, where it was made.
 * @returns whether there is one
 */
export async function copyQuantised(model: string, folder: string): Promise<boolean> {
	const file = join(repoRoot, '.cache', `${model}.int8.onnx`);
	if (!existsSync(file)) return false;
	await copyFile(file, join(folder, `${model}.int8.onnx`));
	return true;
}

/** What to do for the rows of ONNX Runtime Web in int8. */
export function howToQuantise(model: string) {
	return `ONNX Runtime Web in int8 is left out: .cache/${model}.int8.onnx is not there. To make it: npx tsx tools/bench/write-onnx.ts ${model}, then, in training-notebooks/ with requirements-bench.txt installed: python -m fieldlens_training.experiments.onnx_int8 ${model} --data DATA`;
}

/** What a user downloads for a model. */
export async function wireBytesOf({ id, files }: Manifest) {
	const { size } = await stat(join(modelsDir, id, 'manifest.json'));
	return files.reduce((sum, { bytes }) => sum + bytes, size);
}
