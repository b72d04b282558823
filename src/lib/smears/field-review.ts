/** What a person said of the cells of a field. Pure: `app/cell-reviews` is its only writer. */
import { isCounted } from './counted';
import {
	fieldCells,
	probabilityAt,
	type CellBox,
	type FieldCell,
	type FieldReading
} from './field';

/** A parasite is in the cell (several count as one infected cell), none is, or they cannot tell. */
export const CELL_FINDINGS = ['parasite', 'none', 'cannot-tell'] as const;
export type CellFinding = (typeof CELL_FINDINGS)[number];

/** A value for each finding. */
export function byFinding<T>(make: (finding: CellFinding) => T): Record<CellFinding, T> {
	return { parasite: make('parasite'), none: make('none'), 'cannot-tell': make('cannot-tell') };
}

/** What a person said of a cell, as a sign beside it. */
export const CELL_SIGNS: Readonly<Record<CellFinding, string>> = {
	parasite: '+',
	none: '−',
	'cannot-tell': '?'
};

interface SaidOfCell {
	/** Its index. */
	cell: number;
	finding: CellFinding;
	/** Initials. */
	by: string;
	/** ISO 8601. */
	time: string;
}

/** Never changed in place. */
export interface FieldReview {
	/** One entry a cell at most. */
	said: readonly SaidOfCell[];
	/** Cells that were missed: their indexes follow those that were found. */
	added: readonly CellBox[];
	/** Indexes of what is no cell. */
	removed: readonly number[];
}

/** A cell of a field with all that is known of it. */
export interface ReviewedCell extends FieldCell {
	index: number;
	/** A person added it: the model did not read it. */
	isAdded: boolean;
	/** A person said that it is no cell. */
	isRemoved: boolean;
	/** Calibrated, 0..1; null where the model did not read it. */
	probability: number | null;
	finding: CellFinding | null;
}

const NOTHING_SAID: FieldReview = { said: [], added: [], removed: [] };

/** The cells of a field, found ones first, each with what was said of it. */
export function reviewedCells(field: FieldReading, review: FieldReview | null): ReviewedCell[] {
	const { said, added, removed } = review ?? NOTHING_SAID;
	const findings = new Map(said.map(({ cell, finding }) => [cell, finding]));
	const gone = new Set(removed);
	const found = fieldCells(field);
	const all: FieldCell[] = [
		...found,
		...added.map((box): FieldCell => ({ ...box, kind: 'red', isCut: false, score: null }))
	];
	return all.map((cell, index) => ({
		...cell,
		index,
		isAdded: index >= found.length,
		isRemoved: gone.has(index),
		probability: cell.score && probabilityAt(cell.score.logOdds),
		finding: findings.get(index) ?? null
	}));
}

/** Whether a cell counts: a whole red cell that nobody removed. */
export function isInCount(cell: Pick<ReviewedCell, 'kind' | 'isCut' | 'isRemoved'>): boolean {
	return isCounted(cell) && !cell.isRemoved;
}

/** Say of a cell what a person sees; null takes it back. */
export function withFinding(
	review: FieldReview | null,
	cell: number,
	finding: CellFinding | null,
	{ by, time }: { by: string; time: string }
): FieldReview | null {
	const { said, ...rest } = review ?? NOTHING_SAID;
	const others = said.filter((one) => one.cell !== cell);
	return orNull({ ...rest, said: finding ? [...others, { cell, finding, by, time }] : others });
}

/** Add a cell that was missed. */
export function withAdded(review: FieldReview | null, box: CellBox): FieldReview {
	const { added, ...rest } = review ?? NOTHING_SAID;
	return { ...rest, added: [...added, box] };
}

/** Say that something is no cell, or take that back. */
export function withRemoved(
	review: FieldReview | null,
	cell: number,
	isRemoved: boolean
): FieldReview | null {
	const { removed, ...rest } = review ?? NOTHING_SAID;
	const others = removed.filter((one) => one !== cell);
	return orNull({ ...rest, removed: isRemoved ? [...others, cell] : others });
}

/** The box of a cell that a person tapped: as large as a typical one of the field. */
export function boxAround(
	{ x, y }: { x: number; y: number },
	radius: number,
	picture: { width: number; height: number }
): CellBox {
	const side = (at: number, limit: number) => Math.min(limit, Math.max(0, Math.round(at)));
	return {
		left: side(x - radius, picture.width),
		top: side(y - radius, picture.height),
		right: side(x + radius, picture.width),
		bottom: side(y + radius, picture.height)
	};
}

function orNull(review: FieldReview): FieldReview | null {
	const { said, added, removed } = review;
	return said.length + added.length + removed.length === 0 ? null : review;
}
