// @ts-check
// `npm run bench`: Fieldlens beside other engines on the same weights, in one run; with `--scale`
// Fieldlens with lists of different lengths.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { compareEngines } from './bench/compare.mjs';
import { scaleSources } from './bench/images.mjs';
import { describeMachine } from './bench/machine.mjs';
import { CHART, readmeChart, readmeSection, replaceSection } from './bench/readme.mjs';
import { benchTable, onceLines } from './bench/report.mjs';
import { measureScale } from './bench/scale.mjs';
import {
	growthSentence,
	scaleRows,
	scaleSection,
	scaleTable,
	scheduleOf
} from './bench/scale-report.mjs';
import { ensureChromium } from './lib/browser.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { readBackend, readCount, readCounts, readOptions } from './lib/options.mjs';
import { readOfferedManifest } from './lib/packages.mjs';
import { repoRoot } from './lib/paths.mjs';
import { Problem, runMain } from './lib/problem.mjs';
import { startServer } from './lib/static-server.mjs';

const USAGE =
	'npm run bench -- [--model id] [--backend auto|int8|wasm|webgl|webgpu] [--images DIR] [--rounds N] [--scale [--counts N,N]] [--readme] [--out DIR]';
/** What the originals beside the project are for. */
const USUAL_MODEL = 'pneumonia-resnet34';
const SCALE_COUNTS = [100, 1000, 10_000];

/**
 * @typedef {import('./bench/report.mjs').BenchFile} BenchFile
 * @typedef {import('./bench/scale-report.mjs').ScaleFile} ScaleFile
 */

await runMain(async () => {
	const options = readOptions(
		{
			model: { type: 'string', default: USUAL_MODEL },
			backend: { type: 'string', default: 'auto' },
			images: { type: 'string' },
			rounds: { type: 'string' },
			scale: { type: 'boolean', default: false },
			counts: { type: 'string' },
			readme: { type: 'boolean', default: false },
			out: { type: 'string' }
		},
		USAGE
	);
	const asked = readBackend(options.backend ?? 'auto');
	const rounds = readCount(options.rounds, 'rounds') ?? 5;
	const counts = readCounts(options.counts, 'counts') ?? SCALE_COUNTS;
	if (options.counts && !options.scale) throw new Problem(`--counts goes with --scale: ${USAGE}`);
	const manifest = await readOfferedManifest(options.model ?? USUAL_MODEL);
	await ensureBuilt();
	await ensureChromium();
	const machine = await describeMachine();
	console.log(`${machine.cpu}, ${machine.cores} cores, ${machine.browser}, Node ${machine.node}`);

	const work = await mkdtemp(join(tmpdir(), 'fieldlens-bench-'));
	const site = await startServer();
	const out = resolve(options.out ?? join('out', 'bench'));
	try {
		const given = { site: site.url, work, machine, manifest, asked, images: options.images };
		if (options.scale) {
			const file = await scale({ ...given, schedule: scheduleOf(counts, rounds) });
			await reportScale(file, out);
			if (options.readme) await writeReadme('scale', scaleSection(file));
		} else {
			const file = await compareEngines({ ...given, rounds });
			await report(file, out);
			if (options.readme) {
				await writeFile(join(repoRoot, CHART), readmeChart(file));
				await writeReadme('bench', readmeSection(file));
			}
		}
	} finally {
		await site.close();
		await rm(work, { recursive: true, force: true });
	}
});

/**
 * @param {object} options
 * @param {string} options.site address of the app
 * @param {string} options.work folder for what is made
 * @param {BenchFile['machine']} options.machine
 * @param {import('./lib/packages.mjs').Manifest} options.manifest
 * @param {import('./lib/browser.mjs').Backend | 'auto'} options.asked
 * @param {string | undefined} options.images the folder that the user gave
 * @param {readonly number[]} options.schedule lengths of the lists, in order
 * @returns {Promise<ScaleFile>}
 */
async function scale({ site, work, machine, manifest, asked, images, schedule }) {
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

/**
 * Print the table and write scale.json.
 * @param {ScaleFile} file
 * @param {string} folder
 */
async function reportScale(file, folder) {
	await writeJson(join(folder, 'scale.json'), file);
	const { model, modelVersion, backend, lanes, sources } = file;
	console.log(
		`\n${model} ${modelVersion}, ${backend}, ${lanes} lanes; copies of ${sources} images`
	);
	console.log(`\n${scaleTable(file.rows)}\n\n${growthSentence(file.rows)}`);
}

/**
 * Print the tables and write bench.json.
 * @param {BenchFile} file
 * @param {string} folder
 */
async function report(file, folder) {
	await writeJson(join(folder, 'bench.json'), file);
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
}

/**
 * @param {string} path
 * @param {unknown} value
 */
async function writeJson(path, value) {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, `${JSON.stringify(value, null, '\t')}\n`);
	console.log(`\nWritten: ${path}`);
}

/**
 * Write one of README.md's sections.
 * @param {Parameters<typeof replaceSection>[1]} name
 * @param {string} section
 */
async function writeReadme(name, section) {
	const readme = join(repoRoot, 'README.md');
	await writeFile(readme, replaceSection(await readFile(readme, 'utf8'), name, section));
	console.log(`Written: ${readme}`);
}
