// @ts-check
// Winograd's convolution of 3 x 3 in float32 (assembly/), compiled and ready to run a layer.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../lib/problem.mjs';

/** @typedef {{ side: number, channels: number, out: number }} Shape of a square map */
/** Weights' transform G g G^T (Lavin and Gray 2016), by outputs a side. */
const G = {
	2: [
		[1, 0, 0],
		[0.5, 0.5, 0.5],
		[0.5, -0.5, 0.5],
		[0, 0, 1]
	],
	4: [
		[1 / 4, 0, 0],
		[-1 / 6, -1 / 6, -1 / 6],
		[-1 / 6, 1 / 6, -1 / 6],
		[1 / 24, 1 / 12, 1 / 6],
		[1 / 24, -1 / 12, 1 / 6],
		[0, 0, 1]
	]
};

/** @returns {Promise<WebAssembly.Module>} */
export async function compileWinograd() {
	const { default: asc } = await import('assemblyscript/asc');
	const folder = await mkdtemp(join(tmpdir(), 'winograd-'));
	try {
		const file = join(folder, 'winograd.wasm');
		const { error, stderr } = await asc.main([
			join(import.meta.dirname, 'assembly/index.ts'),
			...['--outFile', file, '--enable', 'simd,relaxed-simd'],
			...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory']
		]);
		if (error) throw new Problem(`Winograd could not be compiled.\n${stderr.toString()}`);
		return await WebAssembly.compile(await readFile(file));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/**
 * One layer: stride 1, padding 1, bias, ReLU.
 * @param {WebAssembly.Module} module
 * @param {2 | 4} size outputs of a tile's side
 * @param {Shape} shape
 * @param {Float32Array} values side x side x channels
 * @param {Float32Array} weights 3 x 3 x channels x out
 * @param {Float32Array} biases
 */
export function winogradLayer(module, size, { side, channels, out }, values, weights, biases) {
	const tiles = Math.ceil(side / size);
	const places = (size + 2) ** 2;
	const padded = tiles * size + 2;
	let end = 64;
	/** @param {number} floats */
	const take = (floats) => {
		const address = end;
		end = Math.ceil((end + 4 * floats) / 64) * 64;
		return address;
	};
	const at = {
		input: take(padded * padded * channels),
		weights: take(places * channels * out),
		biases: take(out),
		// At least the rows that are computed at a time.
		tiles: take(places * tiles * tiles * channels + 6 * channels),
		products: take(places * tiles * tiles * out + 6 * out),
		output: take((tiles * size) ** 2 * out),
		scratch: take(4 * 2 * places)
	};
	const memory = new WebAssembly.Memory({ initial: Math.ceil(end / 65536) });
	const { transformInput, multiply, transformOutput } =
		/** @type {Record<string, (...given: number[]) => void>} */ (
			/** @type {unknown} */ (new WebAssembly.Instance(module, { env: { memory } }).exports)
		);
	const floats = new Float32Array(memory.buffer);
	for (let y = 0; y < side; y++) {
		const line = values.subarray(y * side * channels, (y + 1) * side * channels);
		floats.set(line, at.input / 4 + ((y + 1) * padded + 1) * channels);
	}
	floats.set(biases, at.biases / 4);
	packWeights(G[size], weights, channels, out, floats.subarray(at.weights / 4));
	const before = () =>
		transformInput?.(size, at.input, tiles, tiles, channels, at.tiles, at.scratch);
	const product = () =>
		multiply?.(places, tiles * tiles, channels, out, at.tiles, at.weights, at.products);
	const after = () =>
		transformOutput?.(size, at.products, tiles, tiles, out, at.biases, at.output, at.scratch);
	return {
		bytes: { weights: 4 * places * channels * out, all: end },
		product,
		run() {
			before();
			product();
			after();
		},
		/** @param {number} y @param {number} x @param {number} o */
		output: (y, x, o) => floats[at.output / 4 + (y * tiles * size + x) * out + o] ?? NaN
	};
}

/**
 * @param {number[][]} transform
 * @param {Float32Array} weights 3 x 3 x channels x out
 * @param {number} channels
 * @param {number} out
 * @param {Float32Array} packed [places][out / 8][channels][8]
 */
function packWeights(transform, weights, channels, out, packed) {
	const side = transform.length;
	transform.forEach((down, y) =>
		transform.forEach((across, x) => {
			for (let c = 0; c < channels; c++) {
				for (let o = 0; o < out; o++) {
					let sum = 0;
					for (let k = 0; k < 9; k++) {
						const factor = (down[Math.floor(k / 3)] ?? 0) * (across[k % 3] ?? 0);
						sum += factor * (weights[(k * channels + c) * out + o] ?? 0);
					}
					const block = (y * side + x) * (out / 8) + Math.floor(o / 8);
					packed[(block * channels + c) * 8 + (o % 8)] = sum;
				}
			}
		})
	);
}
