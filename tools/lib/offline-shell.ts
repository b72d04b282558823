// Completes the service worker's list of files to keep. SvelteKit's `$service-worker` does
// not know what a worker's own build emits (its chunks, TensorFlow.js's WebAssembly), so the
// list is made from the finished site instead.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';
import { afterSite } from './after-site.ts';

const PLACEHOLDER = /["'`]__FIELDLENS_SHELL__["'`]/;

/**
 * When the site is written, put its list of files into `service-worker.js`.
 * @param folder where the adapter writes
 */
export const listShell = (folder = 'build'): Plugin =>
	afterSite('fieldlens-offline-shell', () => writeShell(folder));

/**
 * Replace the placeholder in a built site's service worker by the list of its files.
 * @throws {Error} where there is no placeholder
 */
export async function writeShell(folder: string): Promise<void> {
	const script = join(folder, 'service-worker.js');
	const source = await readFile(script, 'utf8');
	if (!PLACEHOLDER.test(source)) throw new Error(`${script} has no place for the list`);
	const shell = JSON.stringify(await shellOf(folder));
	await writeFile(
		script,
		source.replace(PLACEHOLDER, () => JSON.stringify(shell))
	);
}

/** The files of a built site that it needs offline, and a version that changes with them. */
export async function shellOf(folder: string) {
	const hash = createHash('sha256');
	const paths = [];
	for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
		const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
		if (!entry.isFile() || !belongsToShell(path)) continue;
		paths.push(path);
	}
	paths.sort();
	for (const path of paths) hash.update(path).update(await readFile(join(folder, path)));
	// Pages are asked for by their folder.
	const asked = paths.map((path) => path.replace(/(^|\/)index\.html$/, '$1'));
	return { version: hash.digest('hex').slice(0, 16), paths: asked };
}

/**
 * Models are kept by the page itself; of them only the manifests belong to the shell. The pictures
 * of the web manifest are shown by the system where it offers to install, and by no page.
 */
function belongsToShell(path: string) {
	if (path === 'service-worker.js' || path.startsWith('.') || path.startsWith('screenshots/'))
		return false;
	return !/^models\/[^/]+\//.test(path) || path.endsWith('/manifest.json');
}
