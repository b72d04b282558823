// Compiles what is written in AssemblyScript: the integer engine's kernel (one source, a module
// for each kind of SIMD, in a memory of its own and in one that workers share) and the way from
// pixels to a model's input. Done before anything that bundles or runs them, and only when a
// source is newer.
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Problem } from './problem.ts';
import { repoRoot } from './paths.ts';

/** As in `src/lib/engine/int8/kernel.ts`: two ways of summing are in one module. */
export type Variant = 'relaxed' | 'pairs' | 'plain';
export type Module = { folder: string; name: string; features: string; shared?: boolean };

const engine = join(repoRoot, 'src/lib/engine/int8');
const pixels = join(repoRoot, 'src/lib/pixels');

const MODULES: Module[] = [
	{ folder: engine, name: 'relaxed', features: 'simd,relaxed-simd' },
	{ folder: engine, name: 'plain', features: 'simd' },
	{ folder: engine, name: 'relaxed-shared', features: 'simd,relaxed-simd,threads', shared: true },
	{ folder: engine, name: 'plain-shared', features: 'simd,threads', shared: true },
	{ folder: pixels, name: 'input', features: 'simd' }
];

/** A shared memory's largest size is part of its type: all that there can be, pages. */
const MOST_PAGES = 65536;

export const kernelFile = (variant: Variant, shared: boolean = false) =>
	join(
		engine,
		'modules',
		`${variant === 'plain' ? 'plain' : 'relaxed'}${shared ? '-shared' : ''}.wasm`
	);

/** Compile the modules that are missing or older than a source. */
export async function ensureKernel() {
	for (const module of MODULES) {
		const assembly = join(module.folder, 'assembly');
		const sources = (await readdir(assembly)).filter((name) => name.endsWith('.ts'));
		// package.json names the compiler's version.
		const others = [import.meta.filename, join(repoRoot, 'package.json')];
		const inputs = [...sources.map((name) => join(assembly, name)), ...others];
		const newest = Math.max(...(await Promise.all(inputs.map(timeOf))));
		if ((await timeOf(fileOf(module))) < newest) await compile(module);
	}
}

const fileOf = ({ folder, name }: Module) => join(folder, 'modules', `${name}.wasm`);

async function compile(module: Module) {
	const { default: asc } = await import('assemblyscript/asc');
	const file = fileOf(module);
	// Another process may be at it too: each writes its own file and puts it in place whole.
	const part = join(dirname(file), `${process.pid}-${basename(file)}`);
	await mkdir(dirname(file), { recursive: true });
	const stderr = asc.createMemoryStream();
	const { error } = await asc.main(
		[
			join(module.folder, 'assembly/index.ts'),
			...['--outFile', part],
			...['--enable', module.features],
			...(module.shared ? ['--sharedMemory', '--maximumMemory', String(MOST_PAGES)] : []),
			...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory'],
			// Vectors are passed between the module's own functions only.
			...['--disableWarning', '112']
		],
		{ stderr }
	);
	if (error) {
		await rm(part, { force: true });
		throw new Problem(`${module.folder}/assembly could not be compiled.\n${stderr.toString()}`);
	}
	await rename(part, file);
}

async function timeOf(path: string) {
	return stat(path).then(
		({ mtimeMs }) => mtimeMs,
		() => 0
	);
}
