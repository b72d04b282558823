// @ts-check
// `npm run bench`: Fieldlens from JPEG to score beside the bare inference of stock
// TensorFlow.js and ONNX Runtime Web, on the same weights, in one run.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { layoutsOf, openEngine } from './bench/engines.mjs';
import { openFieldlens } from './bench/fieldlens.mjs';
import { measureHeap } from './bench/heap.mjs';
import { writeJpegs } from './bench/images.mjs';
import { describeMachine } from './bench/machine.mjs';
import { benchTable, ratioToOnnxRuntime, rowOf } from './bench/report.mjs';
import { startBenchServer } from './bench/server.mjs';
import { ensureChromium } from './lib/browser.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { readGraphModel } from './lib/graph-model.mjs';
import { toOnnx } from './lib/onnx-export.mjs';
import { readBackend, readCount, readOptions } from './lib/options.mjs';
import { readIndex, readOfferedManifest } from './lib/packages.mjs';
import { modelsDir, repoRoot } from './lib/paths.mjs';
import { messageOf, Problem, runMain } from './lib/problem.mjs';
import { startServer } from './lib/static-server.mjs';
import { createRandom, median, shuffle } from './lib/statistics.mjs';
import { writeTensorFlowJs } from './lib/tfjs-export.mjs';

const USAGE =
	'npm run bench -- [--model id] [--backend auto|wasm|webgl|webgpu] [--images DIR] [--rounds N] [--heap] [--out DIR]';
const HEAP_COUNTS = [500, 2000];
/** Images of a usual X-ray's size, where no originals are given. */
const GENERATED = { count: 24, width: 1500, height: 1200 };

await runMain(async () => {
	const options = readOptions(
		{
			model: { type: 'string' },
			backend: { type: 'string', default: 'auto' },
			images: { type: 'string' },
			rounds: { type: 'string' },
			heap: { type: 'boolean', default: false },
			out: { type: 'string' }
		},
		USAGE
	);
	const asked = readBackend(options.backend ?? 'auto');
	const rounds = readCount(options.rounds, 'rounds') ?? 6;
	const model = options.model ?? (await readIndex())[0];
	if (!model) throw new Problem('static/models/index.json names no model to measure.');
	const manifest = await readOfferedManifest(model);
	await ensureBuilt();
	await ensureChromium();
	const machine = await describeMachine();
	console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.browser}, Node ${machine.node}`);

	const work = await mkdtemp(join(tmpdir(), 'fieldlens-bench-'));
	const site = await startServer();
	const graphs = join(work, 'models');
	const engines = await startBenchServer(work, graphs);
	try {
		await writeTensorFlowJs(join(modelsDir, model), join(graphs, model));
		const images = await findImages(options.images, join(work, 'images'));
		// A software GPU shows that code is right, not how fast a GPU is: only when asked for.
		const backends = asked === 'auto' ? ['wasm', ...machine.gpuBackends] : [asked];
		const results = [];
		for (const backend of /** @type {import('./lib/browser.mjs').Backend[]} */ (backends)) {
			await writeFile(join(work, `${model}.onnx`), await onnxOf(manifest, backend));
			const urls = { site: site.url, engines: engines.url };
			results.push(await measureBackend(backend, manifest, urls, images, rounds, machine.cores));
		}
		const backend = results[0]?.backend ?? 'wasm';
		const heap = options.heap
			? await measureHeap({ url: site.url, model, backend, folder: work, counts: HEAP_COUNTS })
			: null;
		await report({ manifest, machine, images, rounds, results, heap, out: options.out });
	} finally {
		await site.close();
		await engines.close();
		await rm(work, { recursive: true, force: true });
	}
});

/**
 * All contenders on one backend, in every round in another order.
 * @param {import('./lib/browser.mjs').Backend} backend
 * @param {import('./lib/packages.mjs').Manifest} manifest
 * @param {{ site: string, engines: string }} urls
 * @param {{ folder: string, count: number }} images
 * @param {number} rounds
 * @param {number} cores
 */
async function measureBackend(backend, manifest, urls, images, rounds, cores) {
	/** @type {import('./bench/engines.mjs').Contender[]} */
	const contenders = [];
	/** @type {string[]} */
	const leftOut = [];
	try {
		const ours = await openFieldlens({ url: urls.site, model: manifest.id, backend, ...images });
		contenders.push(ours);
		for (const layout of layoutsOf(backend, cores)) {
			try {
				contenders.push(await openEngine(urls.engines, backend, layout, manifest));
			} catch (error) {
				leftOut.push(`${layout.engine} on ${backend}: ${messageOf(error)}`);
				console.warn(`left out: ${leftOut.at(-1)}`);
			}
		}
		const random = createRandom(Date.now());
		/** @type {Map<import('./bench/engines.mjs').Contender, number[]>} */
		const times = new Map(contenders.map((contender) => [contender, []]));
		// The first run of each warms caches and is not counted.
		for (let round = 0; round <= rounds; round++) {
			for (const contender of shuffle(contenders, random)) {
				const time = await contender.measure();
				if (round === 0) continue;
				times.get(contender)?.push(time);
				console.log(
					`${backend} round ${round}: ${contender.engine}, ${contender.layout}: ${time.toFixed(1)} ms`
				);
			}
		}
		await ours.measureJustOpened();
		const rows = [...times].map(([contender, all]) => rowOf(contender, manifest.id, backend, all));
		return { backend, rows, leftOut, firstScores: ours.firstScores };
	} finally {
		for (const contender of contenders) await contender.close();
	}
}

/**
 * The folder to drop: the one given, the shared originals, or generated images.
 * @param {string | undefined} given
 * @param {string} spare
 */
async function findImages(given, spare) {
	const shared = join(repoRoot, '../shared/data/originals');
	const folder = given ? resolve(given) : existsSync(shared) ? shared : spare;
	if (folder === spare) {
		console.log('No originals found: images are generated.');
		await writeJpegs(folder, GENERATED.count, GENERATED.width, GENERATED.height);
	}
	if (!existsSync(folder)) throw new Problem(`--images: there is no folder ${folder}.`);
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const count = entries.filter((entry) => entry.isFile()).length;
	if (count === 0) throw new Problem(`--images: ${folder} holds no file.`);
	return { folder, count, generated: folder === spare };
}

/**
 * The model for ONNX Runtime Web, whose WebGL takes no batch of any size.
 * @param {import('./lib/packages.mjs').Manifest} manifest
 * @param {import('./lib/browser.mjs').Backend} backend
 */
async function onnxOf({ id, input, outputs }, backend) {
	const batch = backend === 'webgl' ? 1 : 'batch';
	const graph = await readGraphModel(join(modelsDir, id));
	const { logits, features, classes, featureCount, gridHeight, gridWidth } = outputs;
	return toOnnx(graph, {
		input: { name: input.name, dims: [batch, input.channels, input.height, input.width] },
		outputs: [
			{ name: logits, dims: [batch, classes.length] },
			{ name: features, dims: [batch, featureCount, gridHeight, gridWidth] }
		]
	});
}

/**
 * Print the tables and write bench.json.
 * @param {object} run
 * @param {import('./lib/packages.mjs').Manifest} run.manifest
 * @param {Awaited<ReturnType<typeof describeMachine>>} run.machine
 * @param {{ folder: string, count: number, generated: boolean }} run.images
 * @param {number} run.rounds
 * @param {Awaited<ReturnType<typeof measureBackend>>[]} run.results
 * @param {Awaited<ReturnType<typeof measureHeap>> | null} run.heap
 * @param {string | undefined} run.out
 */
async function report({ manifest, machine, images, rounds, results, heap, out }) {
	const folder = resolve(out ?? join('out', 'bench'));
	const backends = results.map(({ backend, rows, leftOut, firstScores }) => ({
		backend,
		leftOut,
		ratioToOnnxRuntime: ratioToOnnxRuntime(rows),
		firstScoreMs: Math.round(median(firstScores.ready)),
		firstScoreJustOpenedMs: Math.round(firstScores.justOpened ?? NaN)
	}));
	const file = {
		date: new Date().toISOString(),
		machine,
		model: manifest.id,
		modelVersion: manifest.version,
		input: `${manifest.input.width} x ${manifest.input.height} x ${manifest.input.channels}`,
		images: { count: images.count, generated: images.generated },
		rounds,
		rows: results.flatMap((result) => result.rows),
		backends,
		heap
	};
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'bench.json'), `${JSON.stringify(file, null, '\t')}\n`);

	console.log(
		`\n${file.model} ${file.modelVersion}, ${file.input}; ${images.count} images, ${rounds} rounds`
	);
	for (const [place, { rows }] of results.entries()) {
		const figures = backends[place];
		console.log(`\n${benchTable(rows)}\n`);
		console.log(
			`Fieldlens end to end / ONNX Runtime Web's bare inference, all threads, better batch: ${figures?.ratioToOnnxRuntime ?? '-'}`
		);
		console.log(
			`First score after the drop: ${figures?.firstScoreMs} ms; dropped while the page still opens: ${figures?.firstScoreJustOpenedMs} ms`
		);
	}
	for (const { files, peakMegabytes, keptMegabytes, longestTaskMs } of heap ?? []) {
		console.log(
			`JavaScript heap of the page with ${files} files: ${peakMegabytes} MB at its peak, ${keptMegabytes} MB kept; longest task ${longestTaskMs || 'under 50'} ms`
		);
	}
	console.log(`\nWritten: ${join(folder, 'bench.json')}`);
}
