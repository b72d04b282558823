// @ts-check
// The app's own engine in whole numbers as a lane of the bench: the same source that the app
// is built from, bundled by itself.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { ensureKernel } from '../lib/kernel.mjs';

const ENTRY = fileURLToPath(new URL('./integer-lane.js', import.meta.url));

/**
 * Write `integer-lane.js`, a module worker, and the kernel's modules.
 * @param {string} folder is made; the bench's server shows it as `/integer`
 */
export async function writeIntegerLane(folder) {
	await ensureKernel();
	await build({
		root: dirname(ENTRY),
		configFile: false,
		publicDir: false,
		base: '/integer/',
		logLevel: 'error',
		// As in load-source.mjs: the tsconfig extends what a fresh clone lacks.
		oxc: /** @type {import('vite').OxcOptions} */ ({ tsconfig: false }),
		build: {
			target: 'es2022',
			outDir: folder,
			emptyOutDir: false,
			rolldownOptions: { input: ENTRY, output: { entryFileNames: 'integer-lane.js' } }
		}
	});
}
