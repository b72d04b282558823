/**
 * What file names say of the patient, by a rule that a person makes of one of them: in the example
 * they mark what is number, name and date, and other names are read the same way. Pure.
 */
import { findDates, type DateOrder } from './dates';
import type { Said } from './patient';

export const MARKS = ['number', 'name', 'date'] as const;
export type Mark = (typeof MARKS)[number];

export interface NamingRule {
	/** The form of the file name that it was made of (`formOf`): a rule is kept and holds no name. */
	readonly example: string;
	/** What each of its pieces is (`piecesOf`); null for what says nothing. */
	readonly marks: readonly (Mark | null)[];
}

/** A piece of a name: a date, or what stands between separators. */
export interface Piece {
	readonly text: string;
	readonly from: number;
	readonly to: number;
	/** `YYYY-MM-DD` where it is a date. */
	readonly date: string | null;
}

/** Pieces of an example that belong together. */
interface Group {
	readonly mark: Mark | null;
	readonly pieces: readonly Piece[];
}

const BETWEEN_SEPARATORS = /[^\s_,;.()[\]+&-]+/g;

/** A path's file name without its ending. */
export function stemOf(path: string): string {
	const name = path.slice(path.lastIndexOf('/') + 1);
	const [, stem] = /^(.+)\.[^.]{1,8}$/.exec(name) ?? [];
	return stem ?? name;
}

/** The form of a name: its letters and digits are others, what it is made of stays. */
export function formOf(name: string, order: DateOrder): string {
	const plain = (text: string) => text.replace(/\p{L}\p{M}*/gu, 'a').replace(/\d/g, '0');
	let form = '';
	let at = 0;
	for (const { from, to, text, date } of piecesOf(name, order)) {
		form += name.slice(at, from) + (date === null ? plain(text) : plainDate(text));
		at = to;
	}
	return form + name.slice(at);
}

/** The 1st of January 2000, written like a date: `21.11.2026` gives `01.01.2000`. */
function plainDate(text: string): string {
	const parts = text.split(/\D/);
	if (parts.length === 1) return '20000101';
	const separator = text[parts[0].length];
	return parts.map(({ length }) => (length === 4 ? '2000' : '01'.slice(-length))).join(separator);
}

/** The pieces of a name, from its start on. */
export function piecesOf(name: string, order: DateOrder): Piece[] {
	const dates = findDates(name, order).map((found) => ({
		...found,
		text: name.slice(found.from, found.to)
	}));
	const inDate = (at: number) => dates.some(({ from, to }) => at >= from && at < to);
	const blanked = Array.from(name.split(''), (character, i) => (inDate(i) ? ' ' : character)).join(
		''
	);
	const others = [...blanked.matchAll(BETWEEN_SEPARATORS)].map(({ 0: text, index }): Piece => ({
		text,
		from: index,
		to: index + text.length,
		date: null
	}));
	return [...dates, ...others].sort((a, b) => a.from - b.from);
}

/**
 * Read names by a rule.
 * @returns for a path what its file name says; null where it does not fit the rule.
 */
export function readerOf(rule: NamingRule, order: DateOrder): (path: string) => Said | null {
	const groups = groupsOf(rule, order);
	return (path) => {
		const name = stemOf(path);
		return saidBy(name, piecesOf(name, order), groups, rule.example);
	};
}

/** Neighbouring pieces with the same mark are one group. */
function groupsOf({ example, marks }: NamingRule, order: DateOrder): Group[] {
	const groups: { mark: Mark | null; pieces: Piece[] }[] = [];
	piecesOf(example, order).forEach((piece, i) => {
		const mark = marks[i] ?? null;
		const last = groups.at(-1);
		if (last?.mark === mark && mark !== 'date') last.pieces.push(piece);
		else groups.push({ mark, pieces: [piece] });
	});
	// What follows the last mark says nothing and may be anything.
	while (groups.at(-1)?.mark === null) groups.pop();
	return groups;
}

function saidBy(
	name: string,
	pieces: readonly Piece[],
	groups: readonly Group[],
	example: string
): Said | null {
	const said: Record<string, string> = {};
	let at = 0;
	for (const [i, group] of groups.entries()) {
		const { mark } = group;
		const count =
			mark === 'name'
				? nameLength(name, pieces, at, group, groups.at(i + 1) ?? null, example)
				: group.pieces.length;
		const taken = pieces.slice(at, at + count);
		if (count === 0 || taken.length < count || !fits(taken, group)) return null;
		at += count;
		if (mark === null) continue;
		const written = name.slice(taken[0].from, taken[count - 1].to);
		said[mark] ??= mark === 'date' ? (taken[0].date ?? '') : written.replaceAll('_', ' ');
	}
	return Object.keys(said).length > 0 ? said : null;
}

const hasDigit = ({ text }: Piece) => /\d/.test(text);

function fits(taken: readonly Piece[], { mark, pieces }: Group): boolean {
	if (mark === 'date') return taken.every(({ date }) => date !== null);
	if (mark === 'number') {
		return (
			taken.every(({ date }) => date === null) && (taken.some(hasDigit) || !pieces.some(hasDigit))
		);
	}
	return mark === null || taken.every((piece) => !hasDigit(piece));
}

/**
 * How many pieces a name has: a child may have one name or four. It ends at a piece with digits;
 * where words follow it in the example it ends at the separator that stands there, or, where the
 * names are parted by that, too, it has as many pieces as in the example.
 */
function nameLength(
	name: string,
	pieces: readonly Piece[],
	at: number,
	{ pieces: own }: Group,
	next: Group | null,
	example: string
): number {
	const between = (text: string, a: Piece, b: Piece) => text.slice(a.to, b.from);
	let end: string | null = null;
	if (next && !hasDigit(next.pieces[0])) {
		end = between(example, own[own.length - 1], next.pieces[0]);
		const inner = own.slice(1).map((piece, i) => between(example, own[i], piece));
		if (inner.includes(end)) return own.length;
	}
	let count = 0;
	for (let i = at; i < pieces.length && !hasDigit(pieces[i]); i++) {
		if (count > 0 && end !== null && between(name, pieces[i - 1], pieces[i]) === end) break;
		count++;
	}
	return count;
}
