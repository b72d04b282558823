/**
 * Slides: the fields of one folder, or those that a person put together. Nothing of a slide is
 * stored but the name that was given to its fields and the count of red cells.
 */
import { compareKeys, naturalKey } from '../intake/entries';
import type { Category } from '../reading/score';
import {
	countCells,
	countSlide,
	standingOf,
	USUAL_RED_CELLS,
	type CellCounts,
	type CellStanding,
	type CountRule,
	type SlideCount
} from '../smears/count';
import { reviewedCells, type ReviewedCell } from '../smears/field-review';
import { isCountable } from '../smears/quality';
import type { Row } from './row';

export interface Slide {
	/** By which it is found again: the name that was given to it, else its folder ('' for none). */
	key: string;
	/** Whether a person put its fields together. */
	isNamed: boolean;
	/** Its fields in the order of their names, those that wait or failed, too. */
	rows: readonly Row[];
	/** Rows that are not read yet, or could not be. */
	unread: number;
	count: SlideCount;
	/** Red cells a microlitre, as the user gave it, or the usual count. */
	redCells: number;
}

/** A cell of a slide that a person looks at. */
export interface SlideCell {
	row: Row;
	cell: ReviewedCell;
	standing: CellStanding;
}

/** A row that is, or may become, a field of a slide: a photograph, no single cell. */
function isField(row: Row): boolean {
	return row.field !== null;
}

/** The key of the slide that a row belongs to. */
function slideKeyOf({ slide, path }: Pick<Row, 'slide' | 'path'>): string {
	return slide ?? path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Counts the cells of rows, each row once: rows are never changed in place. */
export class FieldCounter {
	readonly #known = new WeakMap<Row, CellCounts | null>();

	constructor(readonly rule: CountRule) {}

	/** Null where the row is no field, or too bad to be counted. */
	countOf(row: Row): CellCounts | null {
		let counts = this.#known.get(row);
		if (counts === undefined) {
			const { field, fieldReview: review } = row;
			counts = field && isCountable(field) ? countCells({ field, review }, this.rule) : null;
			this.#known.set(row, counts);
		}
		return counts;
	}
}

const ORDER: Record<Category, number> = {
	likely: 0,
	uncertain: 1,
	unrecognised: 2,
	outside: 2,
	'not-seen': 3
};

/**
 * The slides of a list, by what was found: category, then the lower end of the model's interval,
 * then suspected cells, then the name.
 * @param redCells of slides whose count the user gave, by key.
 */
export function slidesOf(
	rows: readonly Row[],
	counter: FieldCounter,
	redCells: Readonly<Record<string, number>>
): Slide[] {
	const groups = new Map<string, Row[]>();
	for (const row of rows) {
		if (row.status === 'left-out') continue;
		const key = slideKeyOf(row);
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	const slides = [...groups]
		// A folder of single cells is no slide.
		.filter(([, group]) => group.some(isField))
		.map(([key, group]) => slideOf(key, group, counter, redCells[key] ?? USUAL_RED_CELLS));
	return slides.sort(
		(a, b) =>
			ORDER[a.count.category] - ORDER[b.count.category] ||
			lowOf(b) - lowOf(a) ||
			b.count.suspected - a.count.suspected ||
			compareKeys(naturalKey(a.key), naturalKey(b.key))
	);
}

/**
 * The cells of a slide that a person looks at, the most suspicious first: suspected ones, then
 * borderline ones, then those that are not recognised; what a person judged stays in its place.
 */
export function suspectsOf(slide: Slide, rule: CountRule): SlideCell[] {
	const cells = slide.rows.flatMap((row) =>
		row.field && isCountable(row.field)
			? reviewedCells(row.field, row.fieldReview).map((cell) => ({
					row,
					cell,
					standing: standingOf(cell, rule)
				}))
			: []
	);
	return cells
		.filter(({ standing, cell }) => standing in SUSPICION || cell.finding !== null)
		.sort(
			(a, b) =>
				suspicionOf(a) - suspicionOf(b) ||
				(b.cell.probability ?? 0) - (a.cell.probability ?? 0) ||
				a.row.id - b.row.id ||
				a.cell.index - b.cell.index
		);
}

/**
 * The cells that are shown where there is room for a few: those that a person confirmed, then the
 * others, each in their order.
 * @param cells in the order of `suspectsOf`.
 * @param most cells at most.
 */
export function confirmedFirst(cells: readonly SlideCell[], most: number): SlideCell[] {
	const isConfirmed = ({ cell }: SlideCell) => cell.finding === 'parasite';
	return [...cells.filter(isConfirmed), ...cells.filter((one) => !isConfirmed(one))].slice(0, most);
}

const SUSPICION: Partial<Record<CellStanding, number>> = {
	suspected: 0,
	borderline: 1,
	unrecognised: 2
};

const suspicionOf = ({ standing }: SlideCell) => SUSPICION[standing] ?? 3;

function slideOf(key: string, rows: Row[], counter: FieldCounter, redCells: number): Slide {
	const ordered = [...rows].sort((a, b) => compareKeys(a.nameKey, b.nameKey));
	const fields = ordered.filter(isField);
	const counts = fields.map((row) => counter.countOf(row)).filter((one) => one !== null);
	return {
		key,
		isNamed: rows.some(({ slide }) => slide !== null),
		rows: ordered,
		unread: ordered.length - fields.length,
		count: countSlide(counts, fields.length - counts.length, redCells, counter.rule),
		redCells
	};
}

const lowOf = ({ count }: Slide) => count.byModel?.share.low ?? 0;
