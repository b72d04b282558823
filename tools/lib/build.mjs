// @ts-check
// Builds the site when it is missing or older than what it is made of.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expectSuccess, runNpm } from './command.mjs';
import { repoRoot } from './paths.mjs';

const SOURCES = [
	'src',
	'static',
	'schemas',
	'package.json',
	'package-lock.json',
	'svelte.config.js',
	'vite.config.ts',
	'tools/check-models.mjs'
];

/**
 * Whether `build/` is there and newer than every source.
 * @param {string} [root]
 */
export async function isBuilt(root = repoRoot) {
	const built = await timeOf(join(root, 'build', 'index.html'));
	if (built === 0) return false;
	for (const source of SOURCES) {
		if ((await newestBelow(join(root, source))) > built) return false;
	}
	return true;
}

/** Build when it is needed. */
export async function ensureBuilt() {
	if (await isBuilt()) return;
	console.log('Building the site (npm run build) ...');
	expectSuccess(await runNpm(['run', 'build']), 'The site could not be built (see above).');
}

/**
 * The newest change below a path; a folder's own time counts, so that a removed file shows.
 * @param {string} path
 * @returns {Promise<number>} milliseconds; 0 where there is nothing
 */
async function newestBelow(path) {
	let newest = await timeOf(path);
	const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
	for (const entry of entries) {
		const inner = join(path, entry.name);
		newest = Math.max(newest, entry.isDirectory() ? await newestBelow(inner) : await timeOf(inner));
	}
	return newest;
}

/** @param {string} path */
async function timeOf(path) {
	try {
		return (await stat(path)).mtimeMs;
	} catch {
		return 0;
	}
}
