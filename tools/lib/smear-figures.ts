// How well found cells agree with marked ones: as `fieldlens_training/regions/cells/measure.py`.
import type { FoundCell, FoundCells } from '../../src/lib/regions/cells/find.ts';

/** What a person marked in a field, in pixels of the picture: boxes or middles of cells. */
export type Mark =
	{ x: number; y: number } | { left: number; top: number; right: number; bottom: number };

export interface Matches {
	/** Marks that were found. */
	found: number;
	missed: number;
	/** Counted cells without a mark. */
	unmarked: number;
}

/** Figures of shares are null where nothing was marked or found. */
export interface Detection {
	f1: number | null;
	precision: number | null;
	recall: number | null;
	/** Median over marked fields of the difference of counts, a share of the marks. */
	countError: number | null;
	marks: number;
	unmarked: number;
}

/** Intersection over union from which on two boxes are the same cell. */
const LEAST_OVERLAP = 0.5;

/** What was found in a field. */
type Found = Pick<FoundCells, 'cells' | 'radius'>;

/**
 * Pair marks and red cells, the best pairs first.
 * @returns of each pair the places of the mark and of the cell.
 */
export function pairCells(marks: readonly Mark[], { cells, radius }: Found): Map<number, number> {
	const pairs = marks.flatMap((mark, i) =>
		cells.flatMap((cell, j) => {
			if (cell.kind !== 'red') return [];
			const score = 'left' in mark ? overlap(mark, cell) : nearness(mark, cell, radius ?? 1);
			const fits = 'left' in mark ? score >= LEAST_OVERLAP : score > 0;
			return fits ? [{ score, i, j }] : [];
		})
	);
	pairs.sort((one, other) => other.score - one.score);
	const [paired, taken] = [new Map<number, number>(), new Set<number>()];
	for (const { i, j } of pairs) {
		if (paired.has(i) || taken.has(j)) continue;
		paired.set(i, j);
		taken.add(j);
	}
	return paired;
}

/**
 * Count the pairs of `pairCells` and what has none. A cell that the picture's edge cuts off is not
 * counted: it may be paired, but is no false one.
 */
export function matchCells(marks: readonly Mark[], field: Found): Matches {
	const paired = pairCells(marks, field);
	const taken = new Set(paired.values());
	const unmarked = field.cells.filter(
		({ kind, isCut }, j) => kind === 'red' && !isCut && !taken.has(j)
	).length;
	return { found: paired.size, missed: marks.length - paired.size, unmarked };
}

/** Figures over the fields of a folder. Where the marks miss cells, precision is too low. */
export function detectionOf(fields: readonly Matches[]): Detection {
	const sum = (key: keyof Matches) => fields.reduce((total, field) => total + field[key], 0);
	const [found, missed, unmarked] = [sum('found'), sum('missed'), sum('unmarked')];
	const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
	const errors = fields
		.filter((field) => field.found + field.missed > 0)
		.map((field) => Math.abs(field.unmarked - field.missed) / (field.found + field.missed));
	return {
		f1: share(2 * found, 2 * found + missed + unmarked),
		precision: share(found, found + unmarked),
		recall: share(found, found + missed),
		countError: median(errors),
		marks: found + missed,
		unmarked
	};
}

/** The middle value, or the mean of both in the middle; null without any. */
function median(values: readonly number[]): number | null {
	const ordered = [...values].sort((a, b) => a - b);
	const low = ordered[Math.floor((ordered.length - 1) / 2)];
	const high = ordered[Math.floor(ordered.length / 2)];
	return low === undefined || high === undefined ? null : (low + high) / 2;
}

function overlap(mark: Extract<Mark, { left: number }>, cell: FoundCell): number {
	const width = Math.min(mark.right, cell.right) - Math.max(mark.left, cell.left);
	const height = Math.min(mark.bottom, cell.bottom) - Math.max(mark.top, cell.top);
	if (width <= 0 || height <= 0) return 0;
	const area = (box: { left: number; top: number; right: number; bottom: number }) =>
		(box.right - box.left) * (box.bottom - box.top);
	return (width * height) / (area(mark) + area(cell) - width * height);
}

/** 1 at the middle of a cell's box, 0 a radius away. */
function nearness(mark: { x: number; y: number }, cell: FoundCell, radius: number): number {
	const across = (cell.left + cell.right) / 2 - mark.x;
	const down = (cell.top + cell.bottom) / 2 - mark.y;
	return Math.max(0, 1 - Math.hypot(across, down) / radius);
}
