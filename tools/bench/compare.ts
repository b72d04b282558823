// `npm run bench`: all contenders on the same weights, in the same rounds, each in random order.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, Problem } from '../lib/problem.ts';
import { modelsDir } from '../lib/paths.ts';
import { createRandom } from '../../src/lib/statistics/bootstrap.ts';
import { median, shuffle } from '../lib/statistics.ts';
import { writeTensorFlowJs } from '../lib/tfjs-export.ts';
import { graphicsLayouts, openEngine, processorLayouts } from './engines.ts';
import { openFieldlens } from './fieldlens.ts';
import { findImages } from './images.ts';
import { writePages } from './pages.ts';
import { copyQuantised, howToQuantise, onnxOf, wireBytesOf } from './networks.ts';
import { loadingOf, ratioToOnnxRuntime, rowOf } from './report.ts';
import { startBenchServer } from './server.ts';
import type { Backend } from '../lib/browser.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';
import type { Contender, Layout } from './engines.ts';
import type { BenchFile, BackendFigures } from './report.ts';

/** How often the stored package is loaded. */
const LOADS = 5;

export type Machine = BenchFile['machine'];

/** what is measured in the same rounds */
interface Setting {
	name: 'cpu' | 'webgl' | 'webgpu';
	/** of Fieldlens itself */
	ways: Backend[];
	layouts: Layout[];
}

/**
 * Measure Fieldlens from JPEG to score, and its engine alone, beside the bare inference of stock
 * TensorFlow.js and ONNX Runtime Web.
 * @param options.site address of the app
 * @param options.work folder for what is made
 * @param options.manifest of the model
 * @param options.images the folder that the user gave
 */
export async function compareEngines({
	site,
	work,
	machine,
	manifest,
	asked,
	images,
	rounds
}: {
	site: string;
	work: string;
	machine: Machine;
	manifest: Manifest;
	asked: Backend | 'auto';
	images: string | undefined;
	rounds: number;
}): Promise<BenchFile> {
	const model = manifest.id;
	const folders = { onnx: work, models: join(work, 'models'), pages: join(work, 'pages') };
	const engines = await startBenchServer(folders);
	try {
		await writeTensorFlowJs(join(modelsDir, model), join(folders.models, model));
		await writePages(folders.pages);
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

function settingsOf(asked: Backend | 'auto', machine: Machine, quantised: boolean): Setting[] {
	if (asked === 'webgl' || asked === 'webgpu') {
		return [{ name: asked, ways: [asked], layouts: graphicsLayouts(asked, machine.cores) }];
	}
	const layouts = processorLayouts(machine.cores, quantised);
	if (asked !== 'auto') return [{ name: 'cpu', ways: [asked], layouts }];
	return [
		{ name: 'cpu', ways: ['int8', 'wasm'], layouts },
		// A software GPU shows that code is right, not how fast a GPU is: only when asked for.
		...machine.gpuBackends.map((name) => ({
			name,
			ways: [name] as Backend[],
			layouts: graphicsLayouts(name, machine.cores)
		}))
	];
}

/** All contenders of a setting, in every round in another order. */
async function measureSetting(
	{ name, ways, layouts }: Setting,
	manifest: Manifest,
	urls: { site: string; engines: string },
	images: { folder: string; count: number },
	rounds: number
) {
	const peaks: Map<Contender, number | null> = new Map();
	const leftOut: string[] = [];
	/**
	 * @returns none where it cannot be measured
	 */
	const enter = async <T extends Contender>(what: string, open: () => Promise<T>): Promise<T[]> => {
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
		if (own.length === 0)
			throw new Problem(`Fieldlens reads in none of these ways: ${ways.join(', ')}`);
		for (const layout of layouts) {
			const what = `${layout.engine} on ${layout.backend}`;
			await enter(what, () => openEngine(urls.engines, layout, manifest));
		}
		const contenders = [...peaks.keys()];
		const random = createRandom(Date.now());
		const times: Map<Contender, number[]> = new Map(contenders.map((contender) => [contender, []]));
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
		const figures: BackendFigures = {
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
 * @param contender is closed where it fails
 * @returns MB
 */
async function peakMemoryOf(contender: Contender): Promise<number | null> {
	try {
		await contender.measure();
		return await contender.memory.stop();
	} catch (error) {
		await contender.close();
		throw error;
	}
}
