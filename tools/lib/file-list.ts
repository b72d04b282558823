// What became of each file of a folder, for people and programs that check it.
import Papa from 'papaparse';
import type { KeptResult } from './kept-results.ts';
import type { ClassFile } from './image-folder.ts';
import type { ResultRow } from './results-csv.ts';
import { withoutFolder } from './results-csv.ts';
import { markdownTable } from './table.ts';

/** What is kept of one row that a check of a folder wants to know. */
type KeptFate = Pick<KeptResult, 'path' | 'status' | 'problem' | 'width' | 'height' | 'facts'>;

/** One row of the list. */
export interface FileFate {
	path: string;
	/** `done`: read; `failed`: refused; `left-out`: no image that is read. */
	status: string;
	/** The problem's code (`src/lib/problems/problems.ts`); '' where it was read. */
	problem: string;
	category: string;
	/** Six digits; '' where it was not read. */
	score: string;
	/** Why there is no score, in English. */
	reason: string;
	/** Size of the upright picture, `width x height`; '' where it was not read. */
	size: string;
	/** What the file says of itself, as JSON. */
	facts: string;
}

const COLUMNS = [
	'path',
	'status',
	'problem',
	'category',
	'score',
	'reason',
	'size',
	'facts'
] as const satisfies readonly (keyof FileFate)[];

/**
 * The rows of the list, those of files in archives too, by their paths.
 * @param kept rows as the app stored them.
 * @param exported the same list as `results.csv`.
 * @param folderName of the folder that was added; paths are below it.
 */
export function fatesOf(
	kept: readonly KeptFate[],
	exported: readonly ResultRow[],
	folderName: string
): FileFate[] {
	const byPath = new Map(exported.map((row) => [row.path, row]));
	return kept
		.map(({ path, status, problem, width, height, facts }): FileFate => {
			const row = byPath.get(path);
			return {
				path: withoutFolder(path, folderName),
				status,
				problem: problem?.code ?? '',
				category: row?.category ?? '',
				score: row?.score?.toFixed(6) ?? '',
				reason: row?.reason ?? '',
				size: width > 0 ? `${width} x ${height}` : '',
				facts: facts ? JSON.stringify(facts) : ''
			};
		})
		.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** As CSV (RFC 4180). */
export function fatesCsv(fates: readonly FileFate[]): string {
	return `${Papa.unparse([...fates], { columns: [...COLUMNS], newline: '\r\n' })}\r\n`;
}

/** As a table for the terminal. */
export function fatesTable(fates: readonly FileFate[]): string {
	return markdownTable(
		['file', 'score', 'category or problem', 'reason'],
		fates.map(({ path, score, category, problem, reason }) => [
			path,
			score || '-',
			problem || category,
			reason
		])
	);
}

/**
 * Files with the rows that they became: those of an archive's files in its place, so that
 * they count as images of its class.
 */
export function withArchived(files: readonly ClassFile[], paths: readonly string[]): ClassFile[] {
	const known = new Set(paths);
	return files.flatMap((file) => {
		const inside = known.has(file.path)
			? []
			: paths.filter((path) => path.startsWith(`${file.path}/`));
		return inside.length === 0
			? [file]
			: inside.map((path): ClassFile => ({ path, className: file.className }));
	});
}
