// Builds the site when it is missing or older than what it is made of.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expectSuccess, runNpm } from './command.ts';
import { repoRoot } from './paths.ts';

const SOURCES = [
	'src',
	'messages',
	'static',
	'schemas',
	'package.json',
	'package-lock.json',
	'svelte.config.js',
	'vite.config.ts',
	'tools/check-models.ts',
	'tools/lib'
];

/** Whether `build/` is there and newer than every source. */
export async function isBuilt(root: string = repoRoot) {
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
 * @returns milliseconds; 0 where there is nothing
 */
async function newestBelow(path: string): Promise<number> {
	let newest = await timeOf(path);
	const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
	for (const entry of entries) {
		const inner = join(path, entry.name);
		newest = Math.max(newest, entry.isDirectory() ? await newestBelow(inner) : await timeOf(inner));
	}
	return newest;
}

async function timeOf(path: string) {
	try {
		return (await stat(path)).mtimeMs;
	} catch {
		return 0;
	}
}
