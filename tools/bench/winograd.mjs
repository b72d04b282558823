// @ts-check
// Which way of convolving is the faster one for each 3 x 3 layer of a network: the integer
// kernel, or Winograd's in float32. Rounds in turn in one process, medians, processor time
// because machines are shared. Under Node, whose version should be that of a current browser:
// Node 20 has no VNNI.
//
//   node tools/bench/winograd.mjs [--model pneumonia-resnet34] [--rounds 15]
import { openIntegerNetwork } from '../lib/node-engine.mjs';
import { readCount, readOptions } from '../lib/options.mjs';
import { readOfferedManifest } from '../lib/packages.mjs';
import { Problem, runMain } from '../lib/problem.mjs';
import { markdownTable } from '../lib/table.mjs';
import { compileWinograd, winogradLayer } from './winograd/winograd.mjs';

/** @typedef {import('./winograd/winograd.mjs').Shape} Shape */
/** @typedef {{ shape: Shape, layers: number, products: number, runs: Record<string, () => void> }} Race */

await runMain(async () => {
	const options = readOptions(
		{ model: { type: 'string' }, rounds: { type: 'string' } },
		'node tools/bench/winograd.mjs [--model ID] [--rounds COUNT]'
	);
	const rounds = readCount(options.rounds, 'rounds') ?? 15;
	const manifest = await readOfferedManifest(options.model ?? 'pneumonia-resnet34');
	const { network, kernel } = await openIntegerNetwork(manifest);
	const module = await compileWinograd();

	/** @type {Map<string, Race>} */
	const races = new Map();
	for (const { step, products, run } of network.work) {
		if (step.kind === 'pool' || step.rows !== 3 || step.stride !== 1) continue;
		const shape = {
			side: step.input.height,
			channels: step.input.channels,
			out: step.output.channels
		};
		const key = Object.values(shape).join();
		const known = races.get(key);
		if (known) known.layers++;
		else
			races.set(key, {
				shape,
				layers: 1,
				products,
				runs: { int8: run, ...winograd(module, shape) }
			});
	}

	const rows = [...races.values()].map((race) => {
		const times = measure(Object.entries(race.runs), rounds);
		/** @param {string} name */
		const ms = (name) => times.get(name) ?? NaN;
		const { side, channels, out } = race.shape;
		return [
			`${side} x ${side}, ${channels} to ${out}`,
			race.layers,
			...Object.keys(race.runs).map((name) => Number(ms(name).toFixed(2))),
			Number((Math.min(ms('F(2 x 2)'), ms('F(4 x 4)')) / ms('int8')).toFixed(1)),
			Math.round((2 * race.products) / ms('int8') / 1e6)
		];
	});
	const names = Object.keys([...races.values()][0]?.runs ?? {});
	const header = ['3 x 3 layer', 'layers', ...names, 'best Winograd : int8', 'int8, Gop/s'];
	console.log(`${manifest.id}, ${kernel.variant} SIMD, Node ${process.versions.node}`);
	console.log(
		`Milliseconds of processor time a layer, median of ${rounds} rounds in turn, one thread.\n`
	);
	console.log(markdownTable(header, rows));
});

/**
 * Both sizes of tiles, whole and without their transforms.
 * @param {WebAssembly.Module} module
 * @param {Shape} shape
 */
function winograd(module, shape) {
	const { side, channels, out } = shape;
	const values = drawn(side * side * channels, 0, 1);
	const weights = drawn(9 * channels * out, -0.1, 0.1);
	const biases = drawn(out, -1, 1);
	/** @type {Record<string, () => void>} */
	const runs = {};
	for (const size of /** @type {const} */ ([2, 4])) {
		const layer = winogradLayer(module, size, shape, values, weights, biases);
		layer.run();
		compare(shape, values, weights, biases, layer.output);
		runs[`F(${size} x ${size})`] = layer.run;
		runs[`F(${size} x ${size}), products alone`] = layer.product;
	}
	return runs;
}

/**
 * Some of the results against a plain loop.
 * @param {Shape} shape
 * @param {Float32Array} values
 * @param {Float32Array} weights
 * @param {Float32Array} biases
 * @param {(y: number, x: number, o: number) => number} output
 * @throws {Problem}
 */
function compare({ side, channels, out }, values, weights, biases, output) {
	for (let i = 0; i < 500; i++) {
		const [y, x, o] = [i % side, (7 * i) % side, (13 * i) % out];
		let sum = biases[o] ?? 0;
		for (let k = 0; k < 9; k++) {
			const [row, column] = [y + Math.floor(k / 3) - 1, x + (k % 3) - 1];
			if (row < 0 || row >= side || column < 0 || column >= side) continue;
			for (let c = 0; c < channels; c++) {
				const value = values[(row * side + column) * channels + c] ?? 0;
				sum += value * (weights[(k * channels + c) * out + o] ?? 0);
			}
		}
		if (!(Math.abs(Math.max(0, sum) - output(y, x, o)) < 2e-3)) {
			throw new Problem(`Winograd gives ${output(y, x, o)} for ${Math.max(0, sum)}.`);
		}
	}
}

/**
 * @param {[string, () => void][]} runs
 * @param {number} rounds
 * @returns {Map<string, number>} milliseconds of processor time, medians
 */
function measure(runs, rounds) {
	for (const [, run] of runs) for (let i = 0; i < 5; i++) run();
	/** @type {Map<string, number[]>} */
	const times = new Map(runs.map(([name]) => [name, []]));
	for (let round = 0; round < rounds; round++) {
		for (let i = 0; i < runs.length; i++) {
			const next = runs[(i + round) % runs.length];
			if (!next) continue;
			const [name, run] = next;
			const start = process.cpuUsage();
			run();
			const { user, system } = process.cpuUsage(start);
			times.get(name)?.push((user + system) / 1000);
		}
	}
	return new Map([...times].map(([name, found]) => [name, median(found)]));
}

/** @param {number[]} values */
function median(values) {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/**
 * The same numbers at each call.
 * @param {number} count
 * @param {number} least
 * @param {number} most
 */
function drawn(count, least, most) {
	let state = 1;
	return Float32Array.from({ length: count }, () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return least + ((most - least) * state) / 2 ** 32;
	});
}
