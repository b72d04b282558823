// @ts-check
// Checks Node's version and installs the npm packages where they are missing or not those of
// package-lock.json. It runs before anything is installed: Node's own modules only, no TypeScript.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The oldest Node that Fieldlens is built with. */
const OLDEST_NODE = '20.19.0';

/**
 * @typedef {{ version?: string, optional?: boolean, peer?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/**
 * @param {string} version such as `20.20.2`
 * @returns {string | null} what to say when it is too old
 */
export function findNodeFault(version) {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	// Vite 8's own rule: 20.19, 22.12, or anything newer; 21 and early 22 lack require(esm).
	const enough = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
	return enough
		? null
		: `Fieldlens needs Node ${OLDEST_NODE} or newer (of Node 22: 22.12 or newer; not 21); this is Node ${version}. Get a newer one, for example the current LTS version, and run the command again.`;
}

/**
 * Whether what is installed is what the lock file names. Times are not compared: a checkout
 * touches the lock file without changing it, and an install needs the network.
 * @param {LockedPackages} wanted
 * @param {LockedPackages} present optional packages of other systems may lack
 */
export function coversPackages(wanted, present) {
	return Object.entries(wanted).every(
		([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version
	);
}

/**
 * Run `npm ci` when it is needed.
 * @returns {Promise<string | null>} what to say when the packages could not be installed
 */
export async function ensureInstalled() {
	const wanted = await readPackages(join(root, 'package-lock.json'));
	const present = await readPackages(join(root, 'node_modules', '.package-lock.json'));
	if (wanted !== null && present !== null && coversPackages(wanted, present)) return null;
	console.log('Installing the packages (npm ci) ...');
	// With NODE_ENV=production npm would leave out the build tools.
	const code = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund']);
	return code === 0
		? null
		: 'The packages could not be installed (see above). The first start needs a connection to the npm registry; run the command again when there is one.';
}

/**
 * @param {string} file
 * @returns {Promise<LockedPackages | null>} null when it cannot be read
 */
async function readPackages(file) {
	try {
		const lock = /** @type {{ packages?: LockedPackages }} */ (
			/** @type {unknown} */ (JSON.parse(await readFile(file, 'utf8')))
		);
		return lock.packages ?? null;
	} catch {
		return null;
	}
}

/**
 * Run npm, also where it is not a plain program (Windows).
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code; 127 where npm does not exist
 */
function runNpm(args) {
	const script = process.env['npm_execpath'];
	const [program, ...before] =
		script && /npm-cli\.[cm]?js$/.test(script)
			? [process.execPath, script]
			: process.platform === 'win32'
				? ['cmd.exe', '/d', '/s', '/c', 'npm']
				: ['npm'];
	return new Promise((resolve) => {
		const child = spawn(program, [...before, ...args], { cwd: root, stdio: 'inherit' });
		child.once('error', () => resolve(127));
		child.once('close', (code, signal) => resolve(signal ? 130 : (code ?? 1)));
	});
}
