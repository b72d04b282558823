// Figures by view and by age, where a table says of each film how it was taken.
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import Papa from 'papaparse';
import { messageOf, Problem } from './problem.ts';

/** From this age on a person is grown up, years. */
const GROWN_UP = 18;

interface Film {
	/** Years; null where it is not known. */
	age: number | null;
	view: string;
}

/** Films that are measured together. */
export interface Group {
	/** Such as `view AP` or `age 18 and over`. */
	name: string;
	has(path: string): boolean;
}

/**
 * The table of a data set: the columns `stem` (a file's name without its ending), `age`, `view`.
 * @throws {Problem} when it cannot be read or lacks a column
 */
export async function readViews(file: string): Promise<Map<string, Film>> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw new Problem(`--views: ${messageOf(error)}`);
	}
	const { data, meta } = Papa.parse<Record<string, string>>(text.replace(/^\ufeff/, ''), {
		header: true,
		skipEmptyLines: true
	});
	const missing = ['stem', 'age', 'view'].filter((name) => !meta.fields?.includes(name));
	if (missing.length > 0)
		throw new Problem(`--views: ${file} has no column ${missing.join(', ')}.`);
	return new Map(
		data.map((row) => {
			const age = Number.parseFloat(row['age'] ?? '');
			return [
				row['stem'] ?? '',
				{ age: Number.isFinite(age) ? age : null, view: row['view'] ?? '' }
			];
		})
	);
}

/** The groups of a table: each view, and those under and over 18. */
export function groupsOf(films: ReadonlyMap<string, Film>): Group[] {
	const filmOf = (path: string) => films.get(basename(path, extname(path)));
	const views = [...new Set([...films.values()].map(({ view }) => view))].filter(Boolean).sort();
	return [
		...views.map((view) => ({
			name: `view ${view}`,
			has: (path: string) => filmOf(path)?.view === view
		})),
		{ name: `age under ${GROWN_UP}`, has: (path) => isBelow(filmOf(path), GROWN_UP) === true },
		{ name: `age ${GROWN_UP} and over`, has: (path) => isBelow(filmOf(path), GROWN_UP) === false }
	];
}

/** Null where the age is not known. */
function isBelow(film: Film | undefined, age: number): boolean | null {
	return film === undefined || film.age === null ? null : film.age < age;
}
