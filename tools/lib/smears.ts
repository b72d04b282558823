// `npm run evaluate -- --smears`: how well the app finds and reads the cells of photographed fields,
// and what it says of their slide.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import Papa from 'papaparse';
import type { Manifest } from '../../src/lib/models/manifest.ts';
import { isRecognised } from '../../src/lib/reading/recognition.ts';
import { countFields, USUAL_RED_CELLS } from '../../src/lib/smears/count.ts';
import { fieldCells, probabilityAt, type FieldReading } from '../../src/lib/smears/field.ts';
import type { Estimate } from '../../src/lib/statistics/binomial.ts';
import type { Reading } from '../../src/lib/statistics/classifier.ts';
import { clusteredEstimate } from '../../src/lib/statistics/clustered.ts';
import { measure, type Figures } from './metrics.ts';
import { Problem } from './problem.ts';
import { detectionOf, matchCells, pairCells, type Detection, type Mark } from './smear-figures.ts';

/** What the app made of one file. */
export interface ReadField {
	name: string;
	/** Null where it could not be read, or shows no field. */
	field: FieldReading | null;
	/** Why there is none; '' where there is one. */
	reason: string;
}

/** What a model says of all fields of the folder at one operating point. */
interface SlideFigures {
	slide: string;
	operatingPoint: string;
	/** Fields, and those that are too bad to be counted. */
	fields: number;
	unusable: number;
	cells: number;
	suspected: number;
	unrecognised: number;
	/** Corrected for the model's false alarms and misses, with its 95 % interval. */
	estimate: Estimate | null;
	/** Of the labelled marks; null without labels. */
	truth: Estimate | null;
}

export interface SmearFigures {
	model: string;
	modelVersion: string;
	fields: number;
	/** Fields that could not be read, with the reason. */
	failed: { field: string; reason: string }[];
	detection: Detection;
	/** Red cells that are counted: the picture's edge does not cut them off. */
	counted: number;
	/** Of marked cells with a label that were found, fields taken as patients; null without labels. */
	cells: (Figures & { notRecognised: number }) | null;
	slides: SlideFigures[];
	/** Fields by what is said of their quality. */
	notes: Record<string, number>;
	/** Milliseconds between two finished fields, the median. */
	medianMs: number | null;
}

/**
 * Compare what the app made of the fields of a folder with their marks, and write `metrics.json`
 * and `cells.csv`.
 * @param folder holds `fields/` and `boxes.csv` or `centres.csv`
 * @param read reads these fields of the folder `fields/`
 * @throws {Problem} where the folder holds something else
 */
export async function evaluateSmears(
	folder: string,
	out: string,
	manifest: Manifest,
	read: (
		fields: string,
		names: readonly string[]
	) => Promise<{ fields: ReadField[]; medianMs: number | null }>
): Promise<SmearFigures> {
	const marks = await readMarks(folder);
	const names = await listFields(join(folder, 'fields'));
	const { fields, medianMs } = await read(join(folder, 'fields'), names);
	const done = fields.flatMap(({ name, field }) => (field ? [{ name, field }] : []));
	const found = done.map(({ name, field }) => ({
		marks: marks.get(name) ?? [],
		found: { radius: field.radius, cells: [...fieldCells(field)] }
	}));
	const counted = found.flatMap(({ found: { cells } }) =>
		cells.filter(({ kind, isCut }) => kind === 'red' && !isCut)
	).length;
	const notes: Record<string, number> = {};
	for (const note of done.flatMap(({ field }) => field.notes)) notes[note] = (notes[note] ?? 0) + 1;
	const figures: SmearFigures = {
		model: manifest.id,
		modelVersion: manifest.version,
		fields: names.length,
		failed: fields.flatMap(({ name, field, reason }) => (field ? [] : [{ field: name, reason }])),
		detection: detectionOf(found.map((one) => matchCells(one.marks, one.found))),
		counted,
		cells: cellFigures(done, marks, manifest),
		slides: slideFigures(basename(folder), done, parasitaemiaOf(marks), manifest),
		notes,
		medianMs
	};
	await mkdir(out, { recursive: true });
	await writeFile(join(out, 'metrics.json'), `${JSON.stringify(figures, null, '\t')}\n`);
	const rows = done.flatMap(({ name, field }) => rowsOf(name, field, marks.get(name) ?? []));
	await writeFile(join(out, 'cells.csv'), `${Papa.unparse({ fields: COLUMNS, data: rows })}\n`);
	return figures;
}

/** Of marked cells with a label: how well the model tells them apart. */
function cellFigures(
	fields: readonly { name: string; field: FieldReading }[],
	marks: ReadonlyMap<string, LabelledMark[]>,
	manifest: Manifest
): SmearFigures['cells'] {
	const readings: Reading[] = [];
	let unrecognised = 0;
	for (const { name, field } of fields) {
		const cells = fieldCells(field);
		const marked = marks.get(name) ?? [];
		for (const [mark, cell] of pairCells(marked, { radius: field.radius, cells: [...cells] })) {
			const [label, score] = [marked[mark]?.label, cells[cell]?.score];
			if (!label || !score) continue;
			const probability = probabilityAt(score.logOdds);
			readings.push({ positive: label !== HEALTHY, score: probability, patient: name });
			if (!isRecognised(score.distance, manifest)) unrecognised++;
		}
	}
	if (readings.length === 0) return null;
	return {
		...measure(readings, manifest.operatingPoints),
		notRecognised: unrecognised / readings.length
	};
}

function slideFigures(
	slide: string,
	fields: readonly { field: FieldReading }[],
	truth: Estimate | null,
	manifest: Manifest
): SlideFigures[] {
	return manifest.operatingPoints.map((point) => {
		const counted = fields.map(({ field }) => ({ field, review: null }));
		const count = countFields(counted, USUAL_RED_CELLS, { manifest, point });
		const { cells, suspected, unrecognised, unusable, byModel } = count;
		return {
			slide,
			operatingPoint: point.id,
			fields: fields.length,
			...{ unusable, cells, suspected, unrecognised },
			estimate: byModel?.share ?? null,
			truth
		};
	});
}

const COLUMNS = [
	...['field', 'x', 'y', 'width', 'height', 'kind', 'cut_off'],
	...['probability', 'distance', 'label']
];

function rowsOf(name: string, field: FieldReading, marks: readonly LabelledMark[]) {
	const cells = fieldCells(field);
	const labels = new Map(
		[...pairCells(marks, { radius: field.radius, cells: [...cells] })].map(([mark, cell]) => [
			cell,
			marks[mark]?.label ?? ''
		])
	);
	return cells.map(({ left, top, right, bottom, kind, isCut, score }, i) => ({
		...{ field: name, x: left, y: top, width: right - left, height: bottom - top },
		...{ kind, cut_off: isCut ? 'yes' : '' },
		probability: score ? probabilityAt(score.logOdds).toFixed(6) : '',
		distance: score?.distance?.toFixed(4) ?? '',
		label: labels.get(i) ?? ''
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

/** The share of infected cells among the labelled marks, over fields; null without labels. */
function parasitaemiaOf(marks: ReadonlyMap<string, LabelledMark[]>): Estimate | null {
	const clusters = [...marks.values()].map((all) => {
		const labels = all.flatMap(({ label }) => (label ? [label] : []));
		return { hits: labels.filter((label) => label !== HEALTHY).length, trials: labels.length };
	});
	return clusters.some(({ trials }) => trials > 0) ? clusteredEstimate(clusters) : null;
}

/** A mark with its label; '' where the table has no such column. */
type LabelledMark = Mark & { label: string };

/** Marks by the name of the field. */
async function readMarks(folder: string): Promise<Map<string, LabelledMark[]>> {
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
	const marks: Map<string, LabelledMark[]> = new Map();
	for (const [index, row] of data.entries()) {
		const numbers = columns.map((name) => Number(row[name] || NaN));
		const [x = NaN, y = NaN, width, height] = numbers;
		if (numbers.some((value) => !Number.isFinite(value))) {
			throw new Problem(`${file}, row ${index + 1}: ${columns.join(', ')} must be numbers.`);
		}
		const label = row['label'] ?? '';
		const mark =
			width === undefined || height === undefined
				? { x, y, label }
				: { left: x, top: y, right: x + width, bottom: y + height, label };
		const field = row['field'] ?? '';
		marks.set(field, [...(marks.get(field) ?? []), mark]);
	}
	return marks;
}
