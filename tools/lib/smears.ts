// `npm run evaluate -- --smears`: how well the app's code finds the cells of photographed fields.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { findCells, type FoundCells } from '../../src/lib/regions/cells/find.ts';
import { channelOf, greyOf } from '../../src/lib/pixels/channels.ts';
import { resizeChannel } from '../../src/lib/pixels/resize.ts';
import type { Resize } from '../../src/lib/pixels/resizer.ts';
import type { Estimate } from '../../src/lib/statistics/binomial.ts';
import { clusteredEstimate } from '../../src/lib/statistics/clustered.ts';
import { openImageReader } from './node-images.ts';
import { messageOf, Problem } from './problem.ts';
import { detectionOf, matchCells, median, type Detection, type Mark } from './smear-figures.ts';

export interface SmearFigures {
	fields: number;
	/** Fields that could not be read, with the reason. */
	failed: { field: string; reason: string }[];
	detection: Detection;
	/** Red cells that are counted: the picture's edge does not cut them off. */
	counted: number;
	/** Of the marks that have a label, those that are not `healthy`; null without labels. */
	parasitaemia: Estimate | null;
	/** Milliseconds that finding takes a field, the median. */
	medianMs: number | null;
}

/**
 * Find the cells of all fields of a folder, compare them with the marks, and write
 * `metrics.json` and `cells.csv`.
 * @param folder holds `fields/` and `boxes.csv` or `centres.csv`
 * @throws {Problem} where it does not
 */
export async function evaluateSmears(
	folder: string,
	out: string,
	onProgress: (done: number, total: number) => void
): Promise<SmearFigures> {
	const { marks, labels } = await readMarks(folder);
	const names = await listFields(join(folder, 'fields'));
	const readImage = await openImageReader();
	const rows: Record<string, string | number>[] = [];
	const matches = [];
	const failed = [];
	const times: number[] = [];
	let counted = 0;
	for (const [done, name] of names.entries()) {
		try {
			const picture = readImage(await readFile(join(folder, 'fields', name)));
			if (picture.stride < 3) throw new Error('the picture is grey');
			const begin = performance.now();
			const found = findCells(picture, resizeInNode);
			times.push(performance.now() - begin);
			matches.push(matchCells(marks.get(name) ?? [], found));
			rows.push(...rowsOf(name, found));
			counted += found.cells.filter(({ kind, isCut }) => kind === 'red' && !isCut).length;
		} catch (error) {
			failed.push({ field: name, reason: messageOf(error) });
		}
		onProgress(done + 1, names.length);
	}
	const detection = detectionOf(matches);
	const figures = {
		...{ fields: names.length, failed, detection, counted },
		parasitaemia: labels.size === 0 ? null : parasitaemiaOf(labels),
		medianMs: median(times)
	};
	await mkdir(out, { recursive: true });
	await writeFile(join(out, 'metrics.json'), `${JSON.stringify(figures, null, '\t')}\n`);
	const fields = ['field', 'x', 'y', 'width', 'height', 'kind', 'cut_off'];
	await writeFile(join(out, 'cells.csv'), `${Papa.unparse({ fields, data: rows })}\n`);
	return figures;
}

/** Pillow's resize, in TypeScript: the SIMD module that the page loads gives the same bits. */
const resizeInNode: Resize = ({ width, height, stride, data }, plane, outWidth, outHeight) => {
	const source = plane === 'grey' ? greyOf(data, stride) : channelOf(data, stride, plane);
	return resizeChannel(source, width, height, outWidth, outHeight);
};

function rowsOf(field: string, { cells }: FoundCells) {
	return cells.map(({ left, top, right, bottom, kind, isCut }) => ({
		...{ field, x: left, y: top, width: right - left, height: bottom - top },
		...{ kind, cut_off: isCut ? 'yes' : '' }
	}));
}

async function listFields(folder: string): Promise<string[]> {
	const names = await readdir(folder).catch(() => []);
	const fields = names.filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
	if (fields.length === 0) throw new Problem(`${folder} holds no JPEG or PNG files.`);
	return fields;
}

/** The label of boxes around cells without a parasite. */
const HEALTHY = 'healthy';

/** The share of infected cells of one slide, over its fields. */
function parasitaemiaOf(labels: ReadonlyMap<string, string[]>): Estimate {
	return clusteredEstimate(
		[...labels.values()].map((all) => ({
			hits: all.filter((label) => label !== HEALTHY).length,
			trials: all.length
		}))
	);
}

/** Marks and labels (none where the table has no such column) by the name of the field. */
async function readMarks(
	folder: string
): Promise<{ marks: Map<string, Mark[]>; labels: Map<string, string[]> }> {
	const [boxes, centres] = ['boxes.csv', 'centres.csv'].map((name) => join(folder, name));
	const file = [boxes, centres].find((path) => path !== undefined && existsSync(path));
	if (file === undefined) throw new Problem(`${folder} holds no boxes.csv and no centres.csv.`);
	const columns = file === boxes ? ['x', 'y', 'width', 'height'] : ['x', 'y'];
	const { data, meta } = Papa.parse<Record<string, string>>(await readFile(file, 'utf8'), {
		header: true,
		skipEmptyLines: true
	});
	const missing = ['field', ...columns].filter((name) => !meta.fields?.includes(name));
	if (missing.length > 0) throw new Problem(`${file} has no column ${missing.join(', ')}.`);
	const marks: Map<string, Mark[]> = new Map();
	const labels: Map<string, string[]> = new Map();
	for (const [index, row] of data.entries()) {
		const numbers = columns.map((name) => Number(row[name] || NaN));
		const [x = NaN, y = NaN, width, height] = numbers;
		if (numbers.some((value) => !Number.isFinite(value))) {
			throw new Problem(`${file}, row ${index + 1}: ${columns.join(', ')} must be numbers.`);
		}
		const mark =
			width === undefined || height === undefined
				? { x, y }
				: { left: x, top: y, right: x + width, bottom: y + height };
		const field = row['field'] ?? '';
		marks.set(field, [...(marks.get(field) ?? []), mark]);
		if (row['label']) labels.set(field, [...(labels.get(field) ?? []), row['label']]);
	}
	return { marks, labels };
}
