// The fp32 network that the bench gives to ONNX Runtime Web, as a file for the Python tool that
// quantises it: `npx tsx tools/bench/write-onnx.ts MODEL` writes `.cache/MODEL.onnx`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOfferedManifest } from '../lib/packages.ts';
import { repoRoot } from '../lib/paths.ts';
import { Problem, runMain } from '../lib/problem.ts';
import { onnxOf } from './networks.ts';

await runMain(async () => {
	const [model] = process.argv.slice(2);
	if (!model) throw new Problem('Use: npx tsx tools/bench/write-onnx.ts MODEL');
	const folder = join(repoRoot, '.cache');
	await mkdir(folder, { recursive: true });
	const file = join(folder, `${model}.onnx`);
	await writeFile(file, await onnxOf(await readOfferedManifest(model), 'cpu'));
	console.log(`Written: ${file}`);
});
