// @ts-check
// `npm run bench`: Fieldlens from JPEG to score, and its engine alone, beside the bare inference
// of stock TensorFlow.js and ONNX Runtime Web, on the same weights, in one run.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { graphicsLayouts, openEngine, processorLayouts } from './bench/engines.mjs';
import { openFieldlens } from './bench/fieldlens.mjs';
import { measureHeap } from './bench/heap.mjs';
import { writeJpegs } from './bench/images.mjs';
import { writeIntegerLane } from './bench/integer.mjs';
import { describeMachine } from './bench/machine.mjs';
import { copyQuantised, howToQuantise, onnxOf, wireBytesOf } from './bench/networks.mjs';
import { CHART, readmeChart, readmeSection, replaceSection } from './bench/readme.mjs';
import { benchTable, loadingOf, onceLines, ratioToOnnxRuntime, rowOf } from './bench/report.mjs';
import { startBenchServer } from './bench/server.mjs';
import { ensureChromium } from './lib/browser.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { readBackend, readCount, readOptions } from './lib/options.mjs';
import { readOfferedManifest } from './lib/packages.mjs';
import { modelsDir, repoRoot } from './lib/paths.mjs';
import { messageOf, Problem, runMain } from './lib/problem.mjs';
import { startServer } from './lib/static-server.mjs';
import { createRandom, median, shuffle } from './lib/statistics.mjs';
import { writeTensorFlowJs } from './lib/tfjs-export.mjs';

const USAGE =
	'npm run bench -- [--model id] [--backend auto|int8|wasm|webgl|webgpu] [--images DIR] [--rounds N] [--heap] [--readme] [--out DIR]';
/** What the originals beside the project are for. */
const USUAL_MODEL = 'pneumonia-resnet34';
const HEAP_COUNTS = [500, 2000];
/** How often the stored package is loaded. */
const LOADS = 5;
/** Images of a usual X-ray's size, where no originals are given. */
const GENERATED = { count: 24, width: 1500, height: 1200 };

/**
 * @typedef {import('./lib/browser.mjs').Backend} Backend
 * @typedef {import('./bench/engines.mjs').Contender} Contender
 * @typedef {import('./bench/report.mjs').BenchFile} BenchFile
 *
 * @typedef {object} Setting what is measured in the same rounds
 * @property {'cpu' | 'webgl' | 'webgpu'} name
 * @property {Backend[]} ways of Fieldlens itself
 * @property {import('./bench/engines.mjs').Layout[]} layouts
 */

await runMain(async () => {
	const options = readOptions(
		{
			model: { type: 'string', default: USUAL_MODEL },
			backend: { type: 'string', default: 'auto' },
			images: { type: 'string' },
			rounds: { type: 'string' },
			heap: { type: 'boolean', default: false },
			readme: { type: 'boolean', default: false },
			out: { type: 'string' }
		},
		USAGE
	);
	const asked = readBackend(options.backend ?? 'auto');
	const rounds = readCount(options.rounds, 'rounds') ?? 5;
	const manifest = await readOfferedManifest(options.model ?? USUAL_MODEL);
	const model = manifest.id;
	await ensureBuilt();
	await ensureChromium();
	const machine = await describeMachine();
	console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.browser}, Node ${machine.node}`);

	const work = await mkdtemp(join(tmpdir(), 'fieldlens-bench-'));
	const site = await startServer();
	const folders = { onnx: work, models: join(work, 'models'), integer: join(work, 'integer') };
	const engines = await startBenchServer(folders);
	try {
		await writeTensorFlowJs(join(modelsDir, model), join(folders.models, model));
		await writeIntegerLane(folders.integer);
		const quantised = await copyQuantised(model, work);
		if (!quantised) console.log(howToQuantise(model));
		const images = await findImages(options.images, join(work, 'images'));
		const backends = [];
		const loading = [];
		let onnxBytes = 0;
		for (const setting of settingsOf(asked, machine, quantised)) {
			const onnx = await onnxOf(manifest, setting.name);
			await writeFile(join(work, `${model}.onnx`), onnx);
			onnxBytes = onnx.length;
			const urls = { site: site.url, engines: engines.url };
			const found = await measureSetting(setting, manifest, urls, images, rounds);
			backends.push(found.figures);
			loading.push(...found.loading);
		}
		const backend = loading[0]?.backend ?? 'wasm';
		const heap = options.heap
			? await measureHeap({ url: site.url, model, backend, folder: work, counts: HEAP_COUNTS })
			: null;
		/** @type {BenchFile} */
		const file = {
			date: new Date().toISOString(),
			machine,
			model,
			modelVersion: manifest.version,
			input: `${manifest.input.width} x ${manifest.input.height} x ${manifest.input.channels}`,
			images: { count: images.count, generated: images.generated },
			rounds,
			package: { wireBytes: await wireBytesOf(manifest), onnxBytes },
			loading,
			backends,
			heap
		};
		await report(file, resolve(options.out ?? join('out', 'bench')));
		if (options.readme) await writeReadme(file);
	} finally {
		await site.close();
		await engines.close();
		await rm(work, { recursive: true, force: true });
	}
});

/**
 * @param {Backend | 'auto'} asked
 * @param {BenchFile['machine']} machine
 * @param {boolean} quantised
 * @returns {Setting[]}
 */
function settingsOf(asked, machine, quantised) {
	if (asked === 'webgl' || asked === 'webgpu') {
		return [{ name: asked, ways: [asked], layouts: graphicsLayouts(asked) }];
	}
	const layouts = processorLayouts(machine.cores, quantised);
	if (asked !== 'auto') return [{ name: 'cpu', ways: [asked], layouts }];
	return [
		{ name: 'cpu', ways: ['int8', 'wasm'], layouts },
		// A software GPU shows that code is right, not how fast a GPU is: only when asked for.
		...machine.gpuBackends.map((name) => ({
			name,
			ways: /** @type {Backend[]} */ ([name]),
			layouts: graphicsLayouts(name)
		}))
	];
}

/**
 * All contenders of a setting, in every round in another order.
 * @param {Setting} setting
 * @param {import('./lib/packages.mjs').Manifest} manifest
 * @param {{ site: string, engines: string }} urls
 * @param {{ folder: string, count: number }} images
 * @param {number} rounds
 */
async function measureSetting({ name, ways, layouts }, manifest, urls, images, rounds) {
	/** @type {Contender[]} */
	const contenders = [];
	/** @type {string[]} */
	const leftOut = [];
	/** @type {Awaited<ReturnType<typeof openFieldlens>>[]} */
	const own = [];
	try {
		for (const backend of ways) {
			try {
				own.push(await openFieldlens({ url: urls.site, model: manifest.id, backend, ...images }));
				contenders.push(...own.slice(-1));
			} catch (error) {
				leftOut.push(`Fieldlens with ${backend}: ${messageOf(error)}`);
				console.warn(`left out: ${leftOut.at(-1)}`);
			}
		}
		if (own.length === 0) throw new Problem(`Fieldlens reads in none of these ways: ${ways}`);
		for (const layout of layouts) {
			try {
				contenders.push(await openEngine(urls.engines, layout, manifest));
			} catch (error) {
				leftOut.push(`${layout.engine} on ${layout.backend}: ${messageOf(error)}`);
				console.warn(`left out: ${leftOut.at(-1)}`);
			}
		}
		const random = createRandom(Date.now());
		/** @type {Map<Contender, number[]>} */
		const times = new Map(contenders.map((contender) => [contender, []]));
		// The first run of each warms caches and is not counted.
		for (let round = 0; round <= rounds; round++) {
			for (const contender of shuffle(contenders, random)) {
				const time = await contender.measure();
				if (round === 0) continue;
				times.get(contender)?.push(time);
				const { engine, backend, layout } = contender;
				console.log(`round ${round}: ${engine} (${backend}), ${layout}: ${time.toFixed(1)} ms`);
			}
		}
		const loading = [];
		for (const way of own) loading.push(loadingOf(way.backend, await way.measureLoading(LOADS)));
		await own[0]?.measureJustOpened();
		const rows = [...times].map(([contender, all]) => rowOf(contender, manifest.id, all));
		const first = own[0]?.firstScores;
		/** @type {import('./bench/report.mjs').BackendFigures} */
		const figures = {
			backend: name,
			rows,
			leftOut,
			ratios: {
				fp32: ratioToOnnxRuntime(rows, 'fp32'),
				int8: ratioToOnnxRuntime(rows, 'int8')
			},
			firstScoreMs: Math.round(median(first?.ready ?? [])),
			firstScoreJustOpenedMs: Math.round(first?.justOpened ?? NaN)
		};
		return { figures, loading };
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
 * Print the tables and write bench.json.
 * @param {BenchFile} file
 * @param {string} folder
 */
async function report(file, folder) {
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'bench.json'), `${JSON.stringify(file, null, '\t')}\n`);
	const { model, modelVersion, input, images, rounds } = file;
	console.log(`\n${model} ${modelVersion}, ${input}; ${images.count} images, ${rounds} rounds`);
	for (const { rows, ratios, firstScoreMs, firstScoreJustOpenedMs } of file.backends) {
		console.log(`\n${benchTable(rows)}\n`);
		for (const numbers of /** @type {const} */ (['fp32', 'int8'])) {
			console.log(
				`Fieldlens end to end / ONNX Runtime Web's bare inference in ${numbers}, all threads, better batch: ${ratios[numbers] ?? '-'}`
			);
		}
		console.log(
			`First score after the drop: ${firstScoreMs} ms; dropped while the page still opens: ${firstScoreJustOpenedMs} ms`
		);
	}
	for (const line of onceLines(file)) console.log(line);
	for (const { files, peakMegabytes, keptMegabytes, longestTaskMs } of file.heap ?? []) {
		console.log(
			`JavaScript heap of the page with ${files} files: ${peakMegabytes} MB at its peak, ${keptMegabytes} MB kept; longest task ${longestTaskMs || 'under 50'} ms`
		);
	}
	console.log(`\nWritten: ${join(folder, 'bench.json')}`);
}

/**
 * Write the chart, and README.md's section.
 * @param {BenchFile} file
 */
async function writeReadme(file) {
	const readme = join(repoRoot, 'README.md');
	const text = replaceSection(await readFile(readme, 'utf8'), readmeSection(file));
	await writeFile(join(repoRoot, CHART), readmeChart(file));
	await writeFile(readme, text);
	console.log(`Written: ${readme}, ${join(repoRoot, CHART)}`);
}
