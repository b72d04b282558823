// Reads the CSV that the app exports.
import Papa from 'papaparse';
import { Problem } from './problem.ts';

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

const NEEDED = ['path', 'score', 'category', 'backend', 'time', 'reason', 'unlikeness'];

/**
 * @throws {Problem} when it is not the app's CSV
 */
export function parseResults(text: string): ResultRow[] {
	const { data, meta, errors } = Papa.parse(text.replace(/^\ufeff/, ''), {
		header: true,
		skipEmptyLines: true
	});
	const missing = NEEDED.filter((name) => !meta.fields?.includes(name));
	if (missing.length > 0)
		throw new Problem(`The exported CSV has no column ${missing.join(', ')}.`);
	if (errors[0]) throw new Problem(`The exported CSV is malformed: ${errors[0].message}`);
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
	return /^'[=+\-@\t\r]/.test(path) ? path.slice(1) : path;
}
