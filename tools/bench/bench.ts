// `npm run bench`: Fieldlens beside other engines on the same weights, in one run; with `--scale`
// Fieldlens with lists of different lengths, with `--smears` with microscope fields.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { compareEngines } from './compare.ts';
import { scaleSources } from './images.ts';
import { cpuWords, jsFlagsOf, readCpuKind } from './cpu.ts';
import { describeMachine } from './machine.ts';
import {
	chartOf,
	RESULTS,
	replaceSection,
	resultsChart,
	resultsSection,
	sectionKindOf
} from './results-document.ts';
import { benchTable, onceLines } from './report.ts';
import { measureScale } from './scale.ts';
import { growthSentence, scaleRows, scaleSection, scaleTable, scheduleOf } from './scale-report.ts';
import { measureSmears } from './smears.ts';
import { cellsTable, fieldsTable, smearsSection, stepsTable } from './smears-report.ts';
import { ensureChromium } from '../lib/browser.ts';
import { ensureBuilt } from '../lib/build.ts';
import { readBackend, readCount, readCounts, readOptions } from '../lib/options.ts';
import { readOfferedManifest } from '../lib/packages.ts';
import { repoRoot } from '../lib/paths.ts';
import { Problem, runMain } from '../lib/problem.ts';
import { startServer } from '../lib/static-server.ts';
import type { BenchFile } from './report.ts';
import type { ScaleFile } from './scale-report.ts';
import type { SmearsFile } from './smears-report.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';
import type { Backend } from '../lib/browser.ts';

const USAGE =
	'npm run bench -- [--model id] [--backend auto|int8|wasm|webgl|webgpu] [--cpu plain|avx2|vnni] [--images DIR] [--rounds N] [--scale | --smears [--counts N,N]] [--write] [--out DIR]';
/** What the originals beside the project are for. */
const USUAL_MODEL = 'pneumonia-resnet34';
const FIELDS_MODEL = 'malaria-resnet34';
const SCALE_COUNTS = [100, 1000, 10_000];
/** Of fields: memory that grows with the list shows in the difference. */
const FIELD_COUNTS = [50, 200];

await runMain(async () => {
	const options = readOptions(
		{
			model: { type: 'string' },
			backend: { type: 'string', default: 'auto' },
			cpu: { type: 'string' },
			images: { type: 'string' },
			rounds: { type: 'string' },
			scale: { type: 'boolean', default: false },
			smears: { type: 'boolean', default: false },
			counts: { type: 'string' },
			write: { type: 'boolean', default: false },
			out: { type: 'string' }
		},
		USAGE
	);
	const asked = readBackend(options.backend ?? 'auto');
	const rounds = readCount(options.rounds, 'rounds') ?? 5;
	const counts = readCounts(options.counts, 'counts');
	const { scale: isScale, smears: isSmears } = options;
	if (isScale && isSmears) throw new Problem(`--scale or --smears, one at a time: ${USAGE}`);
	if (counts && !isScale && !isSmears) {
		throw new Problem(`--counts goes with --scale or --smears: ${USAGE}`);
	}
	const usual = isSmears ? FIELDS_MODEL : USUAL_MODEL;
	const manifest = await readOfferedManifest(options.model ?? usual);
	await ensureBuilt();
	await ensureChromium();
	const cpu = readCpuKind(options.cpu);
	if (cpu) process.env.CHROMIUM_JS_FLAGS = jsFlagsOf(cpu);
	const machine = await describeMachine(cpu);
	if (machine.gpuBackends.length > 0) process.env.CHROMIUM_GPU = 'real';
	console.log(
		`${machine.cpu} (${cpuWords(machine.cpuKind)}), ${machine.cores} cores, ${machine.browser}, Node ${machine.node}`
	);

	const work = await mkdtemp(join(tmpdir(), 'fieldlens-bench-'));
	const site = await startServer();
	const out = resolve(options.out ?? join('out', 'bench'));
	try {
		const given = { site: site.url, work, machine, manifest, asked, images: options.images };
		if (isSmears) {
			const file = await measureSmears({ ...given, counts: counts ?? FIELD_COUNTS, rounds });
			await reportSmears(file, out);
			if (options.write) await writeSection('smears', smearsSection(file));
		} else if (isScale) {
			const file = await scale({ ...given, schedule: scheduleOf(counts ?? SCALE_COUNTS, rounds) });
			await reportScale(file, out);
			if (options.write) await writeSection('scale', scaleSection(file));
		} else {
			const file = await compareEngines({ ...given, rounds });
			await report(file, out);
			if (options.write) {
				const kind = sectionKindOf(machine.cpuKind);
				await writeFile(join(repoRoot, chartOf(kind)), resultsChart(file));
				await writeSection(`bench-${kind}`, resultsSection(file));
			}
		}
	} finally {
		await site.close();
		await rm(work, { recursive: true, force: true });
	}
});

/**
 * @param options.site address of the app
 * @param options.work folder for what is made
 * @param options.images the folder that the user gave
 * @param options.schedule lengths of the lists, in order
 */
async function scale({
	site,
	work,
	machine,
	manifest,
	asked,
	images,
	schedule
}: {
	site: string;
	work: string;
	machine: BenchFile['machine'];
	manifest: Manifest;
	asked: Backend | 'auto';
	images: string | undefined;
	schedule: readonly number[];
}): Promise<ScaleFile> {
	const { id: model, version: modelVersion, classifier, task } = manifest;
	const { input } = classifier;
	const { sources, originals } = await scaleSources(images, task);
	const given = { url: site, model, backend: asked, sources, folder: work, schedule };
	const { runs, backend, lanes } = await measureScale(given);
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
		rows: scaleRows(runs),
		runs
	};
}

/** Print the table and write scale.json. */
async function reportScale(file: ScaleFile, folder: string) {
	await writeJson(join(folder, 'scale.json'), file);
	const { model, modelVersion, backend, lanes, sources } = file;
	console.log(
		`\n${model} ${modelVersion}, ${backend}, ${lanes} lanes; copies of ${sources} images`
	);
	console.log(`\n${scaleTable(file.rows)}\n\n${growthSentence(file.rows)}`);
}

/** Print the tables and write smears.json. */
async function reportSmears(file: SmearsFile, folder: string) {
	await writeJson(join(folder, 'smears.json'), file);
	const { model, modelVersion, backend, lanes, sources } = file;
	console.log(`\n${model} ${modelVersion}, ${backend}, ${lanes} lanes; ${sources} fields`);
	console.log(`\n${fieldsTable(file)}\n\n${stepsTable(file)}\n\n${cellsTable(file)}`);
}

/** Print the tables and write bench.json. */
async function report(file: BenchFile, folder: string) {
	await writeJson(join(folder, 'bench.json'), file);
	const { machine, model, modelVersion, input, images, rounds } = file;
	console.log(
		`\n${cpuWords(machine.cpuKind)}; ${model} ${modelVersion}, ${input}; ${images.count} images, ${rounds} rounds`
	);
	for (const { rows, ratios, firstScoreMs, firstScoreJustOpenedMs } of file.backends) {
		console.log(`\n${benchTable(rows)}\n`);
		for (const numbers of ['fp32', 'int8'] as const) {
			console.log(
				`Fieldlens end to end / ONNX Runtime Web's bare inference in ${numbers}, all threads, better batch: ${ratios[numbers] ?? '-'}`
			);
		}
		console.log(
			`First score after the drop: ${firstScoreMs} ms; dropped while the page still opens: ${firstScoreJustOpenedMs} ms`
		);
	}
	for (const line of onceLines(file)) console.log(line);
}

async function writeJson(path: string, value: unknown) {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, `${JSON.stringify(value, null, '\t')}\n`);
	console.log(`\nWritten: ${path}`);
}

/** Write one of the results' sections. */
async function writeSection(name: Parameters<typeof replaceSection>[1], section: string) {
	const document = join(repoRoot, RESULTS);
	await writeFile(document, replaceSection(await readFile(document, 'utf8'), name, section));
	console.log(`Written: ${document}`);
}
