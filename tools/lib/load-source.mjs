// @ts-check
// Loads TypeScript modules of the app in Node, through Vite.
import { createServer } from 'vite';
import { repoRoot } from './paths.mjs';

/**
 * @param {string} path from the repository's root, such as `/src/lib/models/manifest.ts`
 * @returns {Promise<Record<string, any>>} the module's exports
 */
export async function loadSource(path) {
	const [loaded] = await loadSources([path]);
	return loaded ?? {};
}

/**
 * Several at once, which costs little more than one.
 * @param {readonly string[]} paths
 * @returns {Promise<Record<string, any>[]>} the modules' exports
 */
export async function loadSources(paths) {
	const vite = await createServer({
		root: repoRoot,
		configFile: false,
		// The tsconfig extends what SvelteKit writes, which a fresh clone lacks. Vite hands the
		// option on to Oxc, though its types do not name it.
		oxc: /** @type {import('vite').OxcOptions} */ ({ tsconfig: false }),
		server: { middlewareMode: true, ws: false, watch: null },
		appType: 'custom',
		logLevel: 'error',
		optimizeDeps: { noDiscovery: true }
	});
	try {
		return await Promise.all(paths.map((path) => vite.ssrLoadModule(path)));
	} finally {
		await vite.close();
	}
}
