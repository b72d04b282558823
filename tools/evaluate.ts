// `npm run evaluate`: the app's own figures on a folder of labelled images, made through the
// same door as a user's. Every published figure comes from here. A folder without classes gets
// no figures: what became of each file is all that can be said. With `--smears` it finds and reads
// the cells of photographed fields.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { askForMaps, openApp, readDetails, screenFolder } from './lib/app-driver.ts';
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
import { listRows, report, tellSilent } from './lib/evaluation-report.ts';
import { fatesCsv, fatesOf, fatesTable, withArchived } from './lib/file-list.ts';
import { compareWithMasks } from './lib/masks.ts';
import { readBackend, readCount, readOptions } from './lib/options.ts';
import { readInNode } from './lib/node-engine.ts';
import { readOfferedManifest } from './lib/packages.ts';
import { Problem, runMain } from './lib/problem.ts';
import { tellTenths } from './lib/progress.ts';
import { resultRows } from './lib/kept-results.ts';
import { matchRows, parseResults, resultsCsv } from './lib/results-csv.ts';
import { reportSmears } from './lib/smear-report.ts';
import { startServer } from './lib/static-server.ts';
import { groupsOf, readViews } from './lib/views.ts';
import type { ShownMap } from './lib/app-driver.ts';
import type { Backend } from './lib/browser.ts';
import type { Manifest } from '../src/lib/models/manifest.ts';
import type { HeatMap } from './lib/masks.ts';

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
	if (engine === 'node' && manifest.region) {
		throw new Problem(`--engine node reads whole images; ${manifest.id} reads a part of them.`);
	}
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

	const work = await mkdtemp(join(tmpdir(), 'fieldlens-evaluate-'));
	try {
		const folder = limit === null ? images : join(work, basename(images));
		if (limit !== null) await layOut(files, images, folder);
		const { maps, regions, rows: kept, ...run } = await runApp(manifest, backend, folder, mapCount);
		// What says how far two backends' heat maps agree, too (`publish --integer`).
		await writeFile(join(out, 'maps.json'), JSON.stringify(maps));
		if (Object.keys(regions).length > 0)
			await writeFile(join(out, 'regions.json'), JSON.stringify(regions));
		const table = resultsCsv(resultRows(kept, manifest), manifest);
		await writeFile(join(out, 'results.csv'), table);
		// The figures are those of the file, to its last digit.
		const exported = parseResults(table);
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
