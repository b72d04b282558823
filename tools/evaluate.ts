// `npm run evaluate`: the app's own figures on a folder of labelled images, made through the
// same door as a user's. Every published figure comes from here. A folder without classes gets
// no figures: what became of each file is all that can be said. With `--smears` the app's code
// finds the cells of photographed fields, under Node.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { exportCsv, openApp, readDetails, screenFolder } from './lib/app-driver.ts';
import { ensureChromium } from './lib/browser.ts';
import { ensureBuilt } from './lib/build.ts';
import {
	layOut,
	listAllFiles,
	listClassFiles,
	sampleEvenly,
	subfolders
} from './lib/image-folder.ts';
import { classFolders, hasClassFolder } from './lib/class-folders.ts';
import { fatesCsv, fatesOf, fatesTable, withArchived } from './lib/file-list.ts';
import { labelReadings, mainBackend, measure, medianGap, notRecognised } from './lib/metrics.ts';
import { readBackend, readCount, readOptions } from './lib/options.ts';
import { readInNode } from './lib/node-engine.ts';
import { readOfferedManifest } from './lib/packages.ts';
import { Problem, runMain } from './lib/problem.ts';
import { tellTenths } from './lib/progress.ts';
import { matchRows, parseResults } from './lib/results-csv.ts';
import { evaluateSmears } from './lib/smears.ts';
import { startServer } from './lib/static-server.ts';
import { interval, markdownTable, rate } from './lib/table.ts';
import type { Backend } from './lib/browser.ts';
import type { Manifest } from '../src/lib/models/manifest.ts';
import type { ClassFile } from './lib/image-folder.ts';
import type { ResultRow } from './lib/results-csv.ts';

const USAGE =
	'npm run evaluate -- --model <id> --images <folder, with one subfolder per class for figures> [--backend auto|int8|wasm|webgl|webgpu] [--engine browser|node] [--limit N] [--out DIR]\n     npm run evaluate -- --smears <folder with fields/ and boxes.csv or centres.csv> [--out DIR]';

await runMain(async () => {
	const options = readOptions(
		{
			model: { type: 'string' },
			images: { type: 'string' },
			smears: { type: 'string' },
			backend: { type: 'string', default: 'auto' },
			engine: { type: 'string', default: 'browser' },
			limit: { type: 'string' },
			out: { type: 'string' }
		},
		USAGE
	);
	if (options.smears) return reportSmears(resolve(options.smears), options.out);
	if (!options.model || !options.images) throw new Problem(`Use: ${USAGE}`);
	const backend = readBackend(options.backend ?? 'auto');
	const engine = options.engine ?? 'browser';
	if (engine !== 'browser' && engine !== 'node') {
		throw new Problem(`--engine is "${engine}"; it must be browser or node.`);
	}
	if (engine === 'node' && backend !== 'auto' && backend !== 'int8') {
		throw new Problem('--engine node reads with the backend int8 alone.');
	}
	const limit = readCount(options.limit, 'limit');
	const out = resolve(options.out ?? join('out', `evaluate-${options.model}`));
	const images = resolve(options.images);

	const manifest = await readOfferedManifest(options.model);
	const hasClasses = hasClassFolder(await subfolders(images), manifest);
	const all = await (hasClasses ? listClassFiles(images) : listAllFiles(images));
	// Before an hour is spent on folders that no class belongs to.
	if (hasClasses) classFolders([...new Set(all.map((file) => file.className))], manifest);
	else console.log('No subfolder is named after a class of the model: no figures are made.');
	const files = limit === null ? all : sampleEvenly(all, limit);
	if (engine === 'node') {
		const paths = files.map((file) => file.path);
		const { rows, ...run } = await readInNode(manifest, images, paths, tellTenths());
		await mkdir(out, { recursive: true });
		const code = hasClasses ? await report(manifest, files, rows, run, out) : listRows(rows);
		console.log('These figures are not for publishing: they come from Node, not from the app.');
		return code;
	}
	await ensureBuilt();
	await ensureChromium();
	await mkdir(out, { recursive: true });

	const csvFile = join(out, 'results.csv');
	const work = await mkdtemp(join(tmpdir(), 'fieldlens-evaluate-'));
	try {
		const folder = limit === null ? images : join(work, basename(images));
		if (limit !== null) await layOut(files, images, folder);
		const {
			maps,
			regions,
			rows: kept,
			...run
		} = await runApp(manifest.id, backend, folder, csvFile);
		// What says how far two backends' heat maps agree (`publish --integer`).
		await writeFile(join(out, 'maps.json'), JSON.stringify(maps));
		if (Object.keys(regions).length > 0)
			await writeFile(join(out, 'regions.json'), JSON.stringify(regions));
		const exported = parseResults(await readFile(csvFile, 'utf8'));
		const fates = fatesOf(kept, exported, basename(folder));
		await writeFile(join(out, 'files.csv'), fatesCsv(fates));
		const found = withArchived(
			files,
			fates.map(({ path }) => path)
		);
		const rows = matchRows(
			exported,
			found.map((file) => file.path),
			basename(folder)
		);
		if (hasClasses) return await report(manifest, found, rows, run, out);
		console.log(`\n${fatesTable(fates)}\n\nWritten to ${out}`);
		return tellSilent(found, rows);
	} finally {
		await rm(work, { recursive: true, force: true });
	}
});

/** Find the cells of fields, print what was found. @returns 1 when a field could not be read */
async function reportSmears(folder: string, outFolder: string | undefined): Promise<number> {
	const out = resolve(outFolder ?? join('out', 'evaluate-smears'));
	const { fields, failed, detection, counted, parasitaemia, medianMs } = await evaluateSmears(
		folder,
		out,
		tellTenths()
	);
	console.log(
		`\n${fields} fields, ${counted} red cells counted, ${Math.round(medianMs ?? NaN)} ms a field (median)\n`
	);
	console.log(
		markdownTable(
			['marks', 'recall', 'precision', 'F1', 'count error', 'cells without a mark'],
			[
				[
					detection.marks,
					...[detection.recall, detection.precision, detection.f1, detection.countError].map(rate),
					detection.unmarked
				]
			]
		)
	);
	if (parasitaemia) {
		const [value, low, high] = [parasitaemia.value, parasitaemia.low, parasitaemia.high].map(rate);
		console.log(`\nInfected of the marked cells: ${value} (95 % interval ${low} to ${high})`);
	}
	for (const { field, reason } of failed) console.error(`not read: ${field}: ${reason}`);
	console.log(`\nWritten to ${out}`);
	return failed.length === 0 ? 0 : 1;
}

async function runApp(model: string, backend: Backend | 'auto', folder: string, csvFile: string) {
	const server = await startServer();
	try {
		const app = await openApp({ url: server.url, model, backend });
		try {
			const { dropped, done } = await screenFolder(app.page, folder, {
				onProgress: tellTenths()
			});
			const status = app.page.locator('[data-testid=session-status]');
			const medianMs = await status.getAttribute('data-median-ms');
			await exportCsv(app.page, csvFile);
			const details = await readDetails(app.page);
			return {
				wallMs: (done ?? dropped) - dropped,
				medianMs: medianMs ? Number(medianMs) : null,
				...details
			};
		} finally {
			await app.close();
		}
	} finally {
		await server.close();
	}
}

/**
 * Write metrics.json and print the table.
 * @returns 1 when a file came back without a result and without a reason
 */
async function report(
	manifest: Manifest,
	files: ClassFile[],
	rows: Map<string, ResultRow>,
	run: { wallMs: number; medianMs: number | null },
	out: string
): Promise<number> {
	const found = [...rows.values()];
	const figures = measure(labelReadings(files, rows, manifest), manifest.operatingPoints);
	const failed = found.filter((row) => row.score === null && row.reason !== '');
	const metrics = {
		model: manifest.id,
		modelVersion: manifest.version,
		files: files.length,
		failed: failed.length,
		...figures,
		notRecognised: notRecognised(found, manifest),
		backend: mainBackend(found),
		medianMsPerImage: run.medianMs ?? medianGap(found),
		wallMs: Math.round(run.wallMs)
	};
	await writeFile(join(out, 'metrics.json'), `${JSON.stringify(metrics, null, '\t')}\n`);

	console.log(
		`\n${metrics.model} ${metrics.modelVersion} on ${metrics.backend}: ${metrics.n} images of ${metrics.patients} patients (${metrics.positives} positive), ${(metrics.wallMs / 1000).toFixed(1)} s, ${Math.round(metrics.medianMsPerImage ?? NaN)} ms an image (median)`
	);
	console.log(`AUC ${rate(metrics.auc)} (95 % interval ${interval(metrics.aucCI)})`);
	if (metrics.notRecognised) {
		const { count, share } = metrics.notRecognised;
		console.log(`Not recognised: ${count} of ${metrics.n} (${(100 * share).toFixed(1)} %)`);
	}
	console.log('');
	const header = [
		'point',
		'threshold',
		'accuracy',
		'sensitivity',
		'specificity',
		'precision',
		'F1'
	];
	console.log(
		markdownTable(
			header,
			Object.entries(metrics.operatingPoints).map(([id, point]) => [
				id,
				...[point.threshold, point.accuracy, point.sensitivity, point.specificity].map(rate),
				...[point.precision, point.f1].map(rate)
			])
		)
	);
	for (const row of failed) console.log(`not read: ${row.path}: ${row.reason}`);
	console.log(`\nWritten to ${out}`);
	return tellSilent(files, rows);
}

/** Name the files that have neither a score nor a reason. @returns 1 where there is any. */
function tellSilent(files: readonly ClassFile[], rows: ReadonlyMap<string, ResultRow>): number {
	const silent = files.filter(({ path }) => {
		const row = rows.get(path);
		return !row || (row.score === null && row.reason === '');
	});
	for (const { path } of silent) console.error(`no result and no reason: ${path}`);
	return silent.length === 0 ? 0 : 1;
}

/** Print the readings of a folder without classes. */
function listRows(rows: ReadonlyMap<string, ResultRow>): number {
	const cells = [...rows].map(([path, { score, category, reason }]) => [
		path,
		score?.toFixed(6) ?? '-',
		category || reason
	]);
	console.log(`\n${markdownTable(['file', 'score', 'category or reason'], cells)}`);
	return 0;
}
