// `npm run export -- --tfjs DIR`: a model as the graph model that stock TensorFlow.js opens.
import { join, resolve } from 'node:path';
import { readOptions } from './lib/options.ts';
import { findFileFaults, readIndex, readOfferedManifest } from './lib/packages.ts';
import { modelsDir } from './lib/paths.ts';
import { Problem, runMain } from './lib/problem.ts';
import { writeTensorFlowJs } from './lib/tfjs-export.ts';

const USAGE = 'npm run export -- --tfjs FOLDER [--model ID]';

await runMain(async () => {
	const options = readOptions({ model: { type: 'string' }, tfjs: { type: 'string' } }, USAGE);
	if (!options.tfjs) throw new Problem(`--tfjs is missing.\nUse: ${USAGE}`);
	for (const id of options.model ? [options.model] : await readIndex()) {
		const manifest = await readOfferedManifest(id);
		const [fault] = await findFileFaults(manifest);
		if (fault) throw new Problem(fault);
		const folder = join(resolve(options.tfjs), id);
		const bytes = await writeTensorFlowJs(join(modelsDir, id), folder);
		console.log(`${join(folder, 'model.json')}  ${(bytes / 1e6).toFixed(1)} MB`);
	}
	console.log('Open it with loadGraphModel; manifest.json says how its input is made.');
});
