// @ts-check
// Installs the npm packages when they are missing or not those of package-lock.json.
// Built-ins only: it runs before anything is installed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectSuccess, runNpm } from './command.mjs';
import { repoRoot } from './paths.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, peer?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * Whether what is installed is what the lock file names. Times are not compared: a checkout
 * touches the lock file without changing it, and an install needs the network.
 * @param {string} [root]
 */
async function isInstalled(root = repoRoot) {
	const wanted = await readPackages(join(root, 'package-lock.json'));
	const present = await readPackages(join(root, 'node_modules', '.package-lock.json'));
	return wanted !== null && present !== null && coversPackages(wanted, present);
}

/**
 * @param {LockedPackages} wanted
 * @param {LockedPackages} present optional packages of other systems may lack
 */
export function coversPackages(wanted, present) {
	return Object.entries(wanted).every(
		([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version
	);
}

/** Run `npm ci` when it is needed. */
export async function ensureInstalled() {
	if (await isInstalled()) return;
	console.log('Installing the packages (npm ci) ...');
	// With NODE_ENV=production npm would leave out the build tools.
	const code = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund']);
	expectSuccess(
		code,
		'The packages could not be installed (see above). The first start needs a connection to the npm registry; run the command again when there is one.'
	);
}

/**
 * @param {string} file
 * @returns {Promise<LockedPackages | null>} null when it cannot be read
 */
async function readPackages(file) {
	try {
		return JSON.parse(await readFile(file, 'utf8')).packages ?? null;
	} catch {
		return null;
	}
}
