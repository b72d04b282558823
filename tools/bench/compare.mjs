// @ts-check
// `npm run bench`: all contenders on the same weights, in the same rounds, each in random order.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, Problem } from '../lib/problem.mjs';
import { modelsDir } from '../lib/paths.mjs';
import { createRandom, median, shuffle } from '../lib/statistics.mjs';
import { writeTensorFlowJs } from '../lib/tfjs-export.mjs';
import { graphicsLayouts, openEngine, processorLayouts } from './engines.mjs';
import { openFieldlens } from './fieldlens.mjs';
import { findImages } from './images.mjs';
import { writeIntegerLane } from './integer.mjs';
import { copyQuantised, howToQuantise, onnxOf, wireBytesOf } from './networks.mjs';
import { loadingOf, ratioToOnnxRuntime, rowOf } from './report.mjs';
import { startBenchServer } from './server.mjs';

/** How often the stored package is loaded. */
const LOADS = 5;

/**
 * @typedef {import('../lib/browser.mjs').Backend} Backend
 * @typedef {import('../lib/packages.mjs').Manifest} Manifest
 * @typedef {import('./engines.mjs').Contender} Contender
 * @typedef {import('./report.mjs').BenchFile} BenchFile
 * @typedef {BenchFile['machine']} Machine
 *
 * @typedef {object} Setting what is measured in the same rounds
 * @property {'cpu' | 'webgl' | 'webgpu'} name
 * @property {Backend[]} ways of Fieldlens itself
 * @property {import('./engines.mjs').Layout[]} layouts
 */

/**
 * Measure Fieldlens from JPEG to score, and its engine alone, beside the bare inference of stock
 * TensorFlow.js and ONNX Runtime Web.
 * @param {object} options
 * @param {string} options.site address of the app
 * @param {string} options.work folder for what is made
 * @param {Machine} options.machine
 * @param {Manifest} options.manifest of the model
 * @param {Backend | 'auto'} options.asked
 * @param {string | undefined} options.images the folder that the user gave
 * @param {number} options.rounds
 * @returns {Promise<BenchFile>}
 */
export async function compareEngines({ site, work, machine, manifest, asked, images, rounds }) {
	const model = manifest.id;
	const folders = { onnx: work, models: join(work, 'models'), integer: join(work, 'integer') };
	const engines = await startBenchServer(folders);
	try {
		await writeTensorFlowJs(join(modelsDir, model), join(folders.models, model));
		await writeIntegerLane(folders.integer);
		const quantised = await copyQuantised(model, work);
		if (!quantised) console.log(howToQuantise(model));
		const found = await findImages(images, join(work, 'images'));
		const backends = [];
		const loading = [];
		let onnxBytes = 0;
		for (const setting of settingsOf(asked, machine, quantised)) {
			const onnx = await onnxOf(manifest, setting.name);
			await writeFile(join(work, `${model}.onnx`), onnx);
			onnxBytes = onnx.length;
			const urls = { site, engines: engines.url };
			const measured = await measureSetting(setting, manifest, urls, found, rounds);
			backends.push(measured.figures);
			loading.push(...measured.loading);
		}
		return {
			date: new Date().toISOString(),
			machine,
			model,
			modelVersion: manifest.version,
			input: `${manifest.classifier.input.width} x ${manifest.classifier.input.height} x ${manifest.classifier.input.channels}`,
			images: { count: found.count, generated: found.generated },
			rounds,
			package: { wireBytes: await wireBytesOf(manifest), onnxBytes },
			loading,
			backends
		};
	} finally {
		await engines.close();
	}
}

/**
 * @param {Backend | 'auto'} asked
 * @param {Machine} machine
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
 * @param {Manifest} manifest
 * @param {{ site: string, engines: string }} urls
 * @param {{ folder: string, count: number }} images
 * @param {number} rounds
 */
async function measureSetting({ name, ways, layouts }, manifest, urls, images, rounds) {
	/** @type {Map<Contender, number | null>} */
	const peaks = new Map();
	/** @type {string[]} */
	const leftOut = [];
	/**
	 * @template {Contender} T
	 * @param {string} what
	 * @param {() => Promise<T>} open
	 * @returns {Promise<T[]>} none where it cannot be measured
	 */
	const enter = async (what, open) => {
		try {
			const contender = await open();
			peaks.set(contender, await peakMemoryOf(contender));
			return [contender];
		} catch (error) {
			leftOut.push(`${what}: ${messageOf(error)}`);
			console.warn(`left out: ${leftOut.at(-1)}`);
			return [];
		}
	};
	try {
		const own = [];
		for (const backend of ways) {
			const given = { url: urls.site, model: manifest.id, backend, ...images };
			own.push(...(await enter(`Fieldlens with ${backend}`, () => openFieldlens(given))));
		}
		if (own.length === 0) throw new Problem(`Fieldlens reads in none of these ways: ${ways}`);
		for (const layout of layouts) {
			const what = `${layout.engine} on ${layout.backend}`;
			await enter(what, () => openEngine(urls.engines, layout, manifest));
		}
		const contenders = [...peaks.keys()];
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
		const rows = contenders.map((contender) =>
			rowOf(contender, manifest.id, times.get(contender) ?? [], peaks.get(contender) ?? null)
		);
		const first = own[0]?.firstScores;
		/** @type {import('./report.mjs').BackendFigures} */
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
		for (const contender of peaks.keys()) await contender.close();
	}
}

/**
 * Read once, and say how much memory that and opening took.
 * @param {Contender} contender is closed where it fails
 * @returns {Promise<number | null>} MB
 */
async function peakMemoryOf(contender) {
	try {
		await contender.measure();
		return await contender.memory.stop();
	} catch (error) {
		await contender.close();
		throw error;
	}
}
