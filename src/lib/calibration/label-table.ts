/** A table of labels (CSV): what it says of which file, and to which image of the list it belongs. */
import Papa from 'papaparse';
import { m } from '../paraglide/messages.js';
import { failed, succeeded, type Outcome } from '../problems/problems';

/** One line of the table. */
export interface LabelLine {
	/** The file, as the table names it. */
	path: string;
	/** What was found, in the table's own word; '' where the cell is empty. */
	word: string;
	/** Whose image it is; null without such a column. */
	patient: string | null;
}

export interface LabelTable {
	lines: LabelLine[];
	/** The headers that were used, as they stand in the table. */
	columns: { path: string; word: string; patient: string | null };
}

export interface Matches {
	/** Lines by the path of their image in the list. */
	lines: Map<string, LabelLine[]>;
	/** Files of the table that are not in the list. */
	unmatched: string[];
	/** Files of the table that may be one or the other of the list. */
	ambiguous: string[];
}

/** Headers by what they mean, the first found counts; compared without case, blanks and `_`. */
const HEADERS = {
	path: ['path', 'file', 'filename', 'image', 'imagename', 'name'],
	word: ['finding', 'label', 'diagnosis'],
	patient: ['patient', 'patientid']
} as const;

/** Those of the list that Fieldlens saves (`exports/csv.ts`), in the language of the page. */
const OWN_HEADERS: Record<keyof typeof HEADERS, readonly (() => string)[]> = {
	path: [m.screen_list_file],
	word: [m.review_review],
	patient: [m.export_replacement, m.patients_number]
};

/**
 * The text of a file that a spreadsheet saved: UTF-8, UTF-16 with its mark, or what Windows
 * writes where neither is asked for.
 */
export function textOf(bytes: Uint8Array): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder('windows-1252').decode(bytes);
	}
}

/**
 * Read a table: with a header, columns in any order, separated by comma, semicolon or tab.
 * The list that Fieldlens saves is one.
 */
export function parseLabelTable(text: string): Outcome<LabelTable> {
	// Excel's own hint at the separator is no header.
	const content = text.replace(/^\ufeff/, '').replace(/^sep=.\r?\n/i, '');
	const { data, errors } = Papa.parse<string[]>(content, {
		delimitersToGuess: [',', ';', '\t'],
		skipEmptyLines: 'greedy'
	});
	// A quote that is not closed swallows the lines after it.
	const broken = errors.find(({ type }) => type === 'Quotes');
	if (broken) return failed('labels-damaged', { line: (broken.row ?? 0) + 1 });
	const [header = [], ...rows] = data;
	const names = header.map(compared);
	const placeOf = (what: keyof typeof HEADERS) => {
		const own = OWN_HEADERS[what].map((name) => compared(name()));
		const wanted = [...own, ...HEADERS[what]];
		return wanted.map((name) => names.indexOf(name)).find((place) => place >= 0) ?? -1;
	};
	const places = { path: placeOf('path'), word: placeOf('word'), patient: placeOf('patient') };
	if (places.path < 0 || places.word < 0) {
		const found = header.map((name) => name.trim()).filter(Boolean);
		return failed('labels-no-columns', { found: found.slice(0, 12) });
	}
	const lines = rows.map((row) => ({
		path: (row[places.path] ?? '').trim(),
		word: withoutApostrophe((row[places.word] ?? '').trim()),
		patient: places.patient < 0 ? null : withoutApostrophe((row[places.patient] ?? '').trim())
	}));
	const named = lines.filter(({ path }) => path !== '');
	if (named.length === 0) return failed('labels-empty');
	return succeeded({
		lines: named,
		columns: {
			path: header[places.path].trim(),
			word: header[places.word].trim(),
			patient: places.patient < 0 ? null : header[places.patient].trim()
		}
	});
}

/** A header as it is compared. */
function compared(name: string): string {
	return name.toLowerCase().replace(/[\s_-]/g, '');
}

/** Of more files of one name none is looked for by the end of its path: it would take hours. */
const MOST_NAMESAKES = 1000;

/**
 * Find the image of each line: by its whole path, by the end of it, then by the file's name.
 * What could be two images is none.
 * @param paths of the list, each once.
 */
export function matchLabels(lines: readonly LabelLine[], paths: readonly string[]): Matches {
	const byPath = new Map(paths.map((path) => [normal(path), path]));
	const found: Matches = { lines: new Map(), unmatched: [], ambiguous: [] };
	const give = (path: string, line: LabelLine) => {
		push(found.lines, byPath.get(path) ?? path, line);
	};
	const rest: { line: LabelLine; path: string }[] = [];
	const taken = new Set<string>();
	for (const line of lines) {
		const path = normal(line.path);
		if (byPath.has(path)) {
			give(path, line);
			taken.add(path);
		} else rest.push({ line, path });
	}
	const byName = new Map<string, string[]>();
	for (const path of byPath.keys()) if (!taken.has(path)) push(byName, nameOf(path), path);
	/** Which files of the table end up at an image: two different ones are one too many. */
	const wanted = new Map<string, { line: LabelLine; path: string }[]>();
	for (const one of rest) {
		const same = byName.get(nameOf(one.path)) ?? [];
		const isEnd = (path: string) => path.endsWith(`/${one.path}`) || one.path.endsWith(`/${path}`);
		const ends = same.length > MOST_NAMESAKES ? [] : same.filter(isEnd);
		const candidates = ends.length > 0 ? ends : same;
		if (candidates.length === 0) found.unmatched.push(one.line.path);
		else if (candidates.length > 1) found.ambiguous.push(one.line.path);
		else push(wanted, candidates[0], one);
	}
	for (const [path, claims] of wanted) {
		const isOne = new Set(claims.map((claim) => claim.path)).size === 1;
		for (const { line } of claims) {
			if (isOne) give(path, line);
			else found.ambiguous.push(line.path);
		}
	}
	return found;
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
	const list = lists.get(key);
	if (list) list.push(item);
	else lists.set(key, [item]);
}

/** A path as paths are compared: `/` between folders, letters with accents in one form. */
function normal(path: string): string {
	return withoutApostrophe(path)
		.normalize('NFC')
		.replaceAll('\\', '/')
		.replace(/^(?:\.?\/)+/, '');
}

function nameOf(path: string): string {
	return path.slice(path.lastIndexOf('/') + 1);
}

/** Text that a spreadsheet would take for a formula is saved with an apostrophe (`csvOf`). */
function withoutApostrophe(text: string): string {
	return /^'[=+\-@\t\r\n]/.test(text) ? text.slice(1) : text;
}
