// `npm run evaluate`: the app's own figures on a folder of labelled images, made through the
// same door as a user's. Every published figure comes from here. A folder without classes gets
// no figures: what became of each file is all that can be said. With `--smears` it finds and reads
// the cells of photographed fields.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { askForMaps, exportCsv, openApp, readDetails, screenFolder } from './lib/app-driver.ts';
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
import { compareWithMasks } from './lib/masks.ts';
import { readBackend, readCount, readOptions } from './lib/options.ts';
import { readInNode } from './lib/node-engine.ts';
import { readOfferedManifest } from './lib/packages.ts';
import { Problem, runMain } from './lib/problem.ts';
import { tellTenths } from './lib/progress.ts';
import { matchRows, parseResults } from './lib/results-csv.ts';
import { reportSmears } from './lib/smear-report.ts';
import { startServer } from './lib/static-server.ts';
import { interval, markdownTable, rate } from './lib/table.ts';
import { groupsOf, readViews } from './lib/views.ts';
import type { ShownMap } from './lib/app-driver.ts';
import type { Backend } from './lib/browser.ts';
import type { Manifest } from '../src/lib/models/manifest.ts';
import type { HeatMap, MaskFigures } from './lib/masks.ts';
import type { Figures } from './lib/metrics.ts';
import type { Group } from './lib/views.ts';
import type { ClassFile } from './lib/image-folder.ts';
import type { ResultRow } from './lib/results-csv.ts';

const USAGE =
	'npm run evaluate -- --model <id> --images <folder, with one subfolder per class for figures> [--backend auto|int8|wasm|webgl|webgpu] [--engine browser|node] [--limit N] [--maps N] [--masks DIR] [--views FILE] [--out DIR]\n     npm run evaluate -- --smears <folder with fields/ and boxes.csv or centres.csv> [--model <id>] [--backend auto|int8|wasm|webgl|webgpu] [--out DIR]';

/** Likely images that are asked which places counted: each takes some fifty readings. */
const MAPS = 100;

await runMain(async () => {
	const options = readOptions(
		{
			model: { type: 'string' },
			images: { type: 'string' },
			smears: { type: 'string' },
			backend: { type: 'string', default: 'auto' },
			engine: { type: 'string', default: 'browser' },
			limit: { type: 'string' },
			maps: { type: 'string' },
			masks: { type: 'string' },
			views: { type: 'string' },
			out: { type: 'string' }
		},
		USAGE
	);
	if (options.smears) {
		return reportSmears(resolve(options.smears), {
			model: options.model ?? 'malaria-resnet34',
			backend: readBackend(options.backend ?? 'auto'),
			out: options.out
		});
	}
	if (!options.model || !options.images) throw new Problem(`Use: ${USAGE}`);
	const backend = readBackend(options.backend ?? 'auto');
	const engine = options.engine ?? 'browser';
	if (engine !== 'browser' && engine !== 'node') {
		throw new Problem(`--engine is "${engine}"; it must be browser or node.`);
	}
	if (engine === 'node' && backend !== 'auto' && backend !== 'int8') {
		throw new Problem('--engine node reads with the backend int8 alone.');
	}
	if (engine === 'node' && options.masks) throw new Problem('--engine node makes no heat maps.');
	const groups = options.views ? groupsOf(await readViews(resolve(options.views))) : [];
	const limit = readCount(options.limit, 'limit');
	const mapCount = readCount(options.maps, 'maps') ?? MAPS;
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
		const code = hasClasses
			? await report(manifest, files, rows, { ...run, groups, masks: null }, out)
			: listRows(rows);
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
		} = await runApp(manifest, backend, folder, csvFile, mapCount);
		// What says how far two backends' heat maps agree, too (`publish --integer`).
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
		if (!hasClasses) {
			console.log(`\n${fatesTable(fates)}\n\nWritten to ${out}`);
			return tellSilent(found, rows);
		}
		const below = <T>(of: Record<string, T>) => byPathBelow(of, basename(folder));
		const masks = options.masks
			? await compareWithMasks(
					resolve(options.masks),
					found.map((file) => file.path),
					below(regions),
					heatMapsOf(below(maps))
				)
			: null;
		return await report(manifest, found, rows, { ...run, groups, masks }, out);
	} finally {
		await rm(work, { recursive: true, force: true });
	}
});

/** What the list keeps by its paths, by the paths below the folder that was dropped. */
function byPathBelow<T>(of: Record<string, T>, folder: string): Map<string, T> {
	return new Map(
		Object.entries(of).map(([path, value]) => [
			path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path,
			value
		])
	);
}

/** The maps of the images that have one. */
function heatMapsOf(maps: ReadonlyMap<string, ShownMap | null>): Map<string, HeatMap> {
	return new Map(
		[...maps].flatMap(([path, map]) =>
			map ? [[path, { ...map, values: new Uint8Array(Buffer.from(map.values, 'base64')) }]] : []
		)
	);
}

async function runApp(
	manifest: Manifest,
	backend: Backend | 'auto',
	folder: string,
	csvFile: string,
	mapCount: number
) {
	const server = await startServer();
	try {
		const app = await openApp({ url: server.url, model: manifest.id, backend });
		try {
			const { dropped, done } = await screenFolder(app.page, folder, {
				onProgress: tellTenths()
			});
			const status = app.page.locator('[data-testid=session-status]');
			const medianMs = await status.getAttribute('data-median-ms');
			await exportCsv(app.page, csvFile);
			if (manifest.explanation) await askForMaps(app.page, mapCount);
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
	run: {
		wallMs: number;
		medianMs: number | null;
		groups: readonly Group[];
		masks: MaskFigures | null;
	},
	out: string
): Promise<number> {
	const found = [...rows.values()];
	const figures = measure(labelReadings(files, rows, manifest), manifest.operatingPoints);
	const failed = found.filter((row) => row.score === null && row.reason !== '');
	const byGroup = run.groups.map((its) => {
		const group = files.filter(({ path }) => its.has(path));
		const grouped = group.flatMap(({ path }) => rows.get(path) ?? []);
		return {
			group: its.name,
			...measure(labelReadings(group, rows, manifest, files), manifest.operatingPoints),
			notRecognised: notRecognised(grouped, manifest)
		};
	});
	const metrics = {
		model: manifest.id,
		modelVersion: manifest.version,
		files: files.length,
		failed: failed.length,
		...figures,
		notRecognised: notRecognised(found, manifest),
		backend: mainBackend(found),
		medianMsPerImage: run.medianMs ?? medianGap(found),
		wallMs: Math.round(run.wallMs),
		...(byGroup.length > 0 ? { groups: byGroup } : {}),
		...(run.masks ? { masks: run.masks } : {})
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
	if (byGroup.length > 0) console.log(`\n${groupTable(byGroup, manifest)}`);
	if (run.masks) {
		const { n, dice, maps, hottestInside } = run.masks;
		console.log(
			`\nDrawn outlines of ${n} images: Dice of the found regions ${rate(dice)}, hottest point inside ${rate(hottestInside)} of ${maps} maps`
		);
	}
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

/** AUC, and sensitivity and specificity at each operating point, of each group of films. */
function groupTable(
	groups: readonly (Figures & { group: string; notRecognised: { share: number } | null })[],
	{ operatingPoints }: Manifest
): string {
	const header = [
		'group',
		'n',
		'positive',
		'not recognised',
		'AUC (95 % interval)',
		...operatingPoints.flatMap(({ id }) => [`${id}: sensitivity`, 'specificity'])
	];
	const withRange = (value: number | null, range: [number, number] | null | undefined) =>
		range ? `${rate(value)} (${interval(range)})` : rate(value);
	return markdownTable(
		header,
		groups.map((group) => [
			group.group,
			group.n,
			group.positives,
			rate(group.notRecognised?.share),
			withRange(group.auc, group.aucCI),
			...operatingPoints.flatMap(({ id }) => {
				const point = group.operatingPoints[id];
				return point
					? [
							withRange(point.sensitivity, point.ci.sensitivity),
							withRange(point.specificity, point.ci.specificity)
						]
					: ['-', '-'];
			})
		])
	);
}
