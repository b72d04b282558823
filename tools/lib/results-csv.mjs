// @ts-check
// Reads the CSV that the app exports.
import Papa from 'papaparse';
import { Problem } from './problem.mjs';

/**
 * @typedef {object} ResultRow
 * @property {string} path within the folder that was added, the folder's own name in front
 *   or not
 * @property {number | null} score null where the file was not read
 * @property {string} category
 * @property {string} backend
 * @property {number | null} time milliseconds since 1970
 * @property {string} reason why there is no score
 * @property {number | null} unlikeness the distance as a share of the model's threshold; null
 *   where the model has none
 */

/** The category of an image that is too unlike the model's own. */
export const NOT_RECOGNISED = 'not recognised';

const NEEDED = ['path', 'score', 'category', 'backend', 'time', 'reason', 'unlikeness'];

/**
 * @param {string} text
 * @returns {ResultRow[]}
 * @throws {Problem} when it is not the app's CSV
 */
export function parseResults(text) {
	const { data, meta, errors } = Papa.parse(text.replace(/^\ufeff/, ''), {
		header: true,
		skipEmptyLines: true
	});
	const missing = NEEDED.filter((name) => !meta.fields?.includes(name));
	if (missing.length > 0)
		throw new Problem(`The exported CSV has no column ${missing.join(', ')}.`);
	if (errors[0]) throw new Problem(`The exported CSV is malformed: ${errors[0].message}`);
	return /** @type {Record<string, string>[]} */ (data).map((row) => ({
		path: withoutApostrophe(row['path'] ?? ''),
		score: row['score'] ? Number(row['score']) : null,
		category: row['category'] ?? '',
		backend: row['backend'] ?? '',
		time: row['time'] ? Date.parse(row['time']) : null,
		reason: row['reason'] ?? '',
		unlikeness: row['unlikeness'] ? Number(row['unlikeness']) : null
	}));
}

/**
 * The row of each file, by the file's path below the folder that was dropped.
 * @param {readonly ResultRow[]} rows
 * @param {readonly string[]} paths
 * @param {string} folderName
 * @returns {Map<string, ResultRow>}
 */
export function matchRows(rows, paths, folderName) {
	const byPath = new Map(rows.map((row) => [row.path, row]));
	/** @type {Map<string, ResultRow>} */
	const found = new Map();
	for (const path of paths) {
		const row = byPath.get(path) ?? byPath.get(`${folderName}/${path}`);
		if (row) found.set(path, row);
	}
	return found;
}

/**
 * A path that a spreadsheet would take for a formula was exported with an apostrophe.
 * @param {string} path
 */
function withoutApostrophe(path) {
	return /^'[=+\-@\t\r]/.test(path) ? path.slice(1) : path;
}
