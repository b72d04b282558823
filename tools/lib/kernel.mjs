// @ts-check
// Compiles the integer engine's kernel from AssemblyScript: one source, a module for each kind
// of SIMD, in a memory of its own and in one that workers share. Done before anything that
// bundles or runs them, and only when a source is newer.
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Problem } from './problem.mjs';
import { repoRoot } from './paths.mjs';

const folder = join(repoRoot, 'src/lib/engine/int8');
const assembly = join(folder, 'assembly');

/** @typedef {'relaxed' | 'plain'} Variant */

/** @type {Record<Variant, string>} */
const FEATURES = { relaxed: 'simd,relaxed-simd', plain: 'simd' };

/** A shared memory's largest size is part of its type: all that there can be, pages. */
const MOST_PAGES = 65536;

/**
 * @param {Variant} variant
 * @param {boolean} [shared]
 */
export const kernelFile = (variant, shared = false) =>
	join(folder, 'modules', `${variant}${shared ? '-shared' : ''}.wasm`);

/** Compile the modules that are missing or older than a source. */
export async function ensureKernel() {
	const sources = (await readdir(assembly)).filter((name) => name.endsWith('.ts'));
	// package.json names the compiler's version.
	const others = [import.meta.filename, join(repoRoot, 'package.json')];
	const inputs = [...sources.map((name) => join(assembly, name)), ...others];
	const newest = Math.max(...(await Promise.all(inputs.map(timeOf))));
	for (const variant of /** @type {Variant[]} */ (Object.keys(FEATURES))) {
		for (const shared of [false, true]) {
			if ((await timeOf(kernelFile(variant, shared))) < newest) await compile(variant, shared);
		}
	}
}

/**
 * @param {Variant} variant
 * @param {boolean} shared
 */
async function compile(variant, shared) {
	const { default: asc } = await import('assemblyscript/asc');
	const file = kernelFile(variant, shared);
	// Another process may be at it too: each writes its own file and puts it in place whole.
	const part = join(dirname(file), `${process.pid}-${basename(file)}`);
	await mkdir(dirname(file), { recursive: true });
	const { error, stderr } = await asc.main([
		join(assembly, 'index.ts'),
		...['--outFile', part],
		...['--enable', FEATURES[variant] + (shared ? ',threads' : '')],
		...(shared ? ['--sharedMemory', '--maximumMemory', String(MOST_PAGES)] : []),
		...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory'],
		// Vectors are passed between the kernel's own functions only.
		...['--disableWarning', '112']
	]);
	if (error) {
		await rm(part, { force: true });
		throw new Problem(`The integer engine's kernel could not be compiled.\n${stderr.toString()}`);
	}
	await rename(part, file);
}

/** @param {string} path */
async function timeOf(path) {
	return stat(path).then(
		({ mtimeMs }) => mtimeMs,
		() => 0
	);
}
