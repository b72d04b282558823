// Checks every model package of static/models before it is built into the site.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findFileFaults, readIndex, readManifest } from './lib/packages.ts';
import { modelsDir } from './lib/paths.ts';
import { messageOf, Problem, runMain } from './lib/problem.ts';

await runMain(async () => {
	const ids = await readIndex();
	const faults = await findStrayPackages(ids);
	for (const id of ids) {
		try {
			const manifest = await readManifest(id);
			faults.push(...(await findFileFaults(manifest)));
			const megabytes = (manifest.totalBytes / 1e6).toFixed(1);
			console.log(`${id} ${manifest.version}: ${manifest.files.length} files, ${megabytes} MB`);
		} catch (error) {
			if (!(error instanceof Problem)) throw error;
			faults.push(messageOf(error));
		}
	}
	if (faults.length > 0) {
		throw new Problem(
			`The model packages are not in order:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`
		);
	}
	if (ids.length === 0) console.warn('Warning: static/models/index.json names no model.');
});

async function findStrayPackages(ids: string[]): Promise<string[]> {
	const faults = ids
		.filter((id, place) => ids.indexOf(id) !== place)
		.map((id) => `${join(modelsDir, 'index.json')} names ${id} twice.`);
	for (const name of await readdir(modelsDir)) {
		if (name !== 'index.json' && !ids.includes(name)) {
			faults.push(
				`${join(modelsDir, name)} is not named in ${join(modelsDir, 'index.json')}. Add its id there, or remove it.`
			);
		}
	}
	return faults;
}
