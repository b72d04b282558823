// `results.csv` of `npm run evaluate`: every image with its score as it was computed, also where the
// app shows none because it means nothing. The app's own CSV is for people and holds no such score.
import Papa from 'papaparse';
import { Problem } from './problem.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';

export interface ResultRow {
	/** Within the folder that was added, the folder's own name in front or not. */
	path: string;
	/** Null where the file was not read. */
	score: number | null;
	category: string;
	backend: string;
	/** Milliseconds since 1970. */
	time: number | null;
	/** Why there is no score. */
	reason: string;
	/** The distance as a share of the model's threshold; null where the model has none. */
	unlikeness: number | null;
}

/** The category of an image that is too unlike the model's own. */
export const NOT_RECOGNISED = 'not recognised';

const COLUMNS = [
	...['path', 'score', 'category', 'model', 'model_version'],
	...['backend', 'time', 'reason', 'unlikeness']
];
const NEEDED = ['path', 'score', 'category', 'backend', 'time', 'reason', 'unlikeness'];
/** Digits behind the point. */
const DIGITS = 6;
/** People open the file in spreadsheets, too. */
const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * The rows of a list for a file.
 * @param model whose scores they are.
 */
export function resultsCsv(
	rows: readonly ResultRow[],
	{ id, version }: Pick<Manifest, 'id' | 'version'>
): string {
	const lines = rows.map(({ path, score, category, backend, time, reason, unlikeness }) => ({
		path,
		score: score?.toFixed(DIGITS) ?? '',
		category,
		model: id,
		model_version: version,
		backend,
		time: time === null ? '' : new Date(time).toISOString(),
		reason,
		unlikeness: unlikeness?.toFixed(DIGITS) ?? ''
	}));
	return `\ufeff${Papa.unparse(lines, { columns: COLUMNS, newline: '\r\n', escapeFormulae: FORMULA })}\r\n`;
}

/**
 * @throws {Problem} when it is another file
 */
export function parseResults(text: string): ResultRow[] {
	const { data, meta, errors } = Papa.parse(text.replace(/^\ufeff/, ''), {
		header: true,
		skipEmptyLines: true
	});
	const missing = NEEDED.filter((name) => !meta.fields?.includes(name));
	if (missing.length > 0)
		throw new Problem(`The table of results has no column ${missing.join(', ')}.`);
	if (errors[0]) throw new Problem(`The table of results is malformed: ${errors[0].message}`);
	return (data as Record<string, string>[]).map((row) => ({
		path: withoutApostrophe(row['path'] ?? ''),
		score: row['score'] ? Number(row['score']) : null,
		category: row['category'] ?? '',
		backend: row['backend'] ?? '',
		time: row['time'] ? Date.parse(row['time']) : null,
		reason: row['reason'] ?? '',
		unlikeness: row['unlikeness'] ? Number(row['unlikeness']) : null
	}));
}

/** The row of each file, by the file's path below the folder that was dropped. */
export function matchRows(
	rows: readonly ResultRow[],
	paths: readonly string[],
	folderName: string
): Map<string, ResultRow> {
	const byPath = new Map(rows.map((row) => [row.path, row]));
	const found: Map<string, ResultRow> = new Map();
	for (const path of paths) {
		const row = byPath.get(path) ?? byPath.get(`${folderName}/${path}`);
		if (row) found.set(path, row);
	}
	return found;
}

/** A row's path below the folder that was added. */
export function withoutFolder(path: string, folderName: string): string {
	return path.startsWith(`${folderName}/`) ? path.slice(folderName.length + 1) : path;
}

/** A path that a spreadsheet would take for a formula was exported with an apostrophe. */
function withoutApostrophe(path: string) {
	return /^'[=+\-@\t\r\n]/.test(path) ? path.slice(1) : path;
}
