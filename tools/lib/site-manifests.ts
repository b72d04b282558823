// Makes the manifests of the built site small: the reference vectors, which are needed when a model
// is stored and not before, go into a file of their own. A package on a stick has them in its manifest.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { REFERENCE_FILE } from '../../src/lib/models/reference-file.ts';
import { afterSite } from './after-site.ts';

/**
 * When the site is written, split its manifests.
 * @param folder where the adapter writes
 */
export const splitManifests = (folder = 'build'): Plugin =>
	afterSite('fieldlens-site-manifests', () => splitAll(join(folder, 'models')));

/** Split the manifests of all packages below a folder; one that is split already stays as it is. */
export async function splitAll(models: string): Promise<void> {
	for (const entry of await readdir(models, { withFileTypes: true })) {
		if (!entry.isDirectory()) continue;
		const file = join(models, entry.name, 'manifest.json');
		const { referenceVectors, ...summary } = JSON.parse(await readFile(file, 'utf8')) as {
			referenceVectors?: unknown;
		};
		if (referenceVectors === undefined) continue;
		await writeFile(join(models, entry.name, REFERENCE_FILE), JSON.stringify({ referenceVectors }));
		await writeFile(file, JSON.stringify(summary));
	}
}
