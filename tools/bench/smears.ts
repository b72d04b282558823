// `npm run bench -- --smears`: microscope fields from the photograph to their cells' scores, the
// steps apart, and the bare inference of the same number of cells by other engines.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser } from '../lib/app-driver.ts';
import { messageOf, Problem } from '../lib/problem.ts';
import { modelsDir } from '../lib/paths.ts';
import { openEngine } from './engines.ts';
import { fieldSources, writeCopies } from './images.ts';
import { copyQuantised, howToQuantise, onnxOf } from './networks.ts';
import { writePages } from './pages.ts';
import { measureScale } from './scale.ts';
import { scaleRows } from './scale-report.ts';
import { startBenchServer } from './server.ts';
import { median } from '../lib/statistics.ts';
import { writeTensorFlowJs } from '../lib/tfjs-export.ts';
import type { Backend } from '../lib/browser.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';
import type { Layout } from './engines.ts';
import type { FieldPage, FieldParts } from './pages/protocol.ts';
import type { BenchFile } from './report.ts';
import type { CellRow, SmearsFile } from './smears-report.ts';

/** Fields that are read before each list, and not counted. */
const WARM_UP = 4;
/** Cells that a lane of the app takes at once. */
const BATCH = 8;

/**
 * @param options.site address of the app
 * @param options.work folder for what is made
 * @param options.manifest of a model that reads fields
 * @param options.images the folder that the user gave
 * @param options.counts lengths of the lists
 * @param options.rounds of the steps apart, and of the other engines
 * @throws {Problem} where the model reads no fields, or a photograph shows no cells
 */
export async function measureSmears({
	site,
	work,
	machine,
	manifest,
	asked,
	images,
	counts,
	rounds
}: {
	site: string;
	work: string;
	machine: BenchFile['machine'];
	manifest: Manifest;
	asked: Backend | 'auto';
	images: string | undefined;
	counts: readonly number[];
	rounds: number;
}): Promise<SmearsFile> {
	const { id: model, version: modelVersion, classifier } = manifest;
	if (classifier.input.channels !== 3) throw new Problem(`--smears: ${model} reads no colours.`);
	const { sources, originals } = await fieldSources(images);
	const folders = {
		onnx: work,
		models: join(work, 'models'),
		pages: join(work, 'pages'),
		fields: join(work, 'fields')
	};
	await writeCopies(sources, folders.fields, sources.length);
	await writeTensorFlowJs(join(modelsDir, model), join(folders.models, model));
	await writePages(folders.pages);
	const quantised = await copyQuantised(model, work);
	if (!quantised) console.log(howToQuantise(model));
	await writeFile(join(work, `${model}.onnx`), await onnxOf(manifest, 'cpu'));
	const server = await startBenchServer(folders);
	try {
		const names = (await readdir(folders.fields)).sort();
		const parts = await measureParts(server.url, names, manifest, rounds);
		const cells = await measureCells(server.url, manifest, machine.cores, quantised, rounds);
		const { input } = classifier;
		const { runs, backend, lanes } = await measureScale({
			...{ url: site, model, sources, folder: work, schedule: counts, warmUp: WARM_UP },
			backend: asked === 'auto' ? 'int8' : asked
		});
		return {
			date: new Date().toISOString(),
			machine,
			model,
			modelVersion,
			input: `${input.width} x ${input.height} x ${input.channels}`,
			backend,
			lanes,
			sources: sources.length,
			originals,
			rounds,
			parts,
			cells,
			rows: scaleRows(runs),
			runs
		};
	} finally {
		await server.close();
	}
}

/**
 * The steps before reading, on one thread.
 * @param names of the files that the server shows as `/fields`
 * @returns of each field the medians over the rounds
 */
async function measureParts(
	url: string,
	names: readonly string[],
	{ classifier: { input } }: Manifest,
	rounds: number
): Promise<FieldParts[]> {
	const { context, close } = await openBrowser('int8');
	try {
		const page = await context.newPage();
		await page.goto(`${url}/bench/`);
		await page.addScriptTag({ url: `${url}/bench/field-parts.js`, type: 'module' });
		const addresses = names.map((name) => `${url}/fields/${name}`);
		const measured: FieldParts[][] = [];
		// The first round warms the code and is not counted.
		for (let round = 0; round <= rounds; round++) {
			const found = await page.evaluate(
				({ addresses, rule }) => (window as unknown as FieldPage).measureFields(addresses, rule),
				{ addresses, rule: input }
			);
			if (round > 0) measured.push(found);
		}
		const [first = []] = measured;
		return first.map((field, i) => {
			if (field.cells === 0) throw new Problem(`No red cells are found in ${names[i]}.`);
			const of = (step: 'decodeMs' | 'findMs' | 'cutMs' | 'restMs') =>
				median(measured.map((round) => round[i]?.[step] ?? NaN));
			return {
				...field,
				...{ decodeMs: of('decodeMs'), findMs: of('findMs') },
				...{ cutMs: of('cutMs'), restMs: of('restMs') }
			};
		});
	} finally {
		await close();
	}
}

/** What a cell takes in each engine, from pixels that lie ready to the score. */
async function measureCells(
	url: string,
	manifest: Manifest,
	cores: number,
	quantised: boolean,
	rounds: number
): Promise<CellRow[]> {
	const rows: CellRow[] = [];
	for (const layout of layoutsOf(cores, quantised)) {
		try {
			const contender = await openEngine(url, layout, manifest);
			try {
				const times: number[] = [];
				for (let round = 0; round <= rounds; round++) {
					const time = await contender.measure();
					if (round > 0) times.push(time);
				}
				const { engine, numbers, layout: inWords } = contender;
				rows.push({ engine, numbers, layout: inWords, msPerCell: median(times) });
				console.log(`${engine} (${numbers}), ${inWords}: ${median(times).toFixed(2)} ms a cell`);
			} finally {
				await contender.close();
			}
		} catch (error) {
			console.warn(`left out: ${layout.engine} in ${layout.numbers}: ${messageOf(error)}`);
		}
	}
	return rows;
}

function layoutsOf(cores: number, quantised: boolean): Layout[] {
	const ort = { engine: 'onnxruntime-web', backend: 'wasm', lanes: 1, threads: cores } as const;
	const numbers = quantised ? (['fp32', 'int8'] as const) : (['fp32'] as const);
	return [
		{
			...{ engine: 'fieldlens', backend: 'int8', numbers: 'int8' },
			...{ lanes: cores, threads: 1, batch: BATCH }
		},
		...numbers.map((kind) => ({ ...ort, numbers: kind, batch: BATCH }))
	];
}
