// Bundles the bench's page and the lanes of its engines; that of Fieldlens is made of the same
// source as the app.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { ensureKernel } from '../lib/kernel.ts';

const PAGES = fileURLToPath(new URL('./pages', import.meta.url));
/** TensorFlow.js's bundles are classic scripts, and so is the worker that takes them. */
const SCRIPTS = [
	{ name: 'lanes', format: 'es' },
	{ name: 'field-parts', format: 'es' },
	{ name: 'int8-lane', format: 'es' },
	{ name: 'ort-lane', format: 'es' },
	{ name: 'tfjs-lane', format: 'iife' }
] as const;

/**
 * @param folder is made; the bench's server shows it as `/bench`
 */
export async function writePages(folder: string): Promise<void> {
	await ensureKernel();
	for (const { name, format } of SCRIPTS) {
		await build({
			root: PAGES,
			configFile: false,
			publicDir: false,
			base: '/bench/',
			logLevel: 'error',
			build: {
				target: 'es2022',
				outDir: folder,
				emptyOutDir: false,
				rolldownOptions: {
					input: join(PAGES, `${name}.ts`),
					output: { format, entryFileNames: `${name}.js` }
				}
			}
		});
	}
	await copyFile(join(PAGES, 'index.html'), join(folder, 'index.html'));
}
