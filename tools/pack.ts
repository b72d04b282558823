// `npm run pack`: each model as one file, for devices without a connection.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readOptions } from './lib/options.ts';
import { packModel } from './lib/pack.ts';
import { findFileFaults, readIndex, readOfferedManifest } from './lib/packages.ts';
import { Problem, runMain } from './lib/problem.ts';

const USAGE = 'npm run pack [-- --model ID] [--out FOLDER]';

await runMain(async () => {
	const options = readOptions(
		{ model: { type: 'string' }, out: { type: 'string', default: 'out/packs' } },
		USAGE
	);
	const folder = resolve(options.out);
	await mkdir(folder, { recursive: true });
	for (const id of options.model ? [options.model] : await readIndex()) {
		const manifest = await readOfferedManifest(id);
		const [fault] = await findFileFaults(manifest);
		if (fault) throw new Problem(fault);
		const { name, bytes } = await packModel(manifest);
		await writeFile(join(folder, name), bytes);
		console.log(`${join(folder, name)}  ${(bytes.length / 1e6).toFixed(1)} MB`);
	}
	console.log('Copy a file to a stick, and drop it on the page of the other device.');
});
