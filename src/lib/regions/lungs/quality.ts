/**
 * What can be said of an outline of lungs: the same decisions as
 * `fieldlens_training/regions/quality.py`.
 */
import { bySize, FILM_SIZE, type Piece, type Run } from './mask';

/** In the order in which they are found. */
export const LUNG_NOTES = [
	'no-lungs',
	'several-films',
	'cut-off',
	'one-lung',
	'turned',
	'upside-down',
	'mirrored'
] as const;
export type LungNote = (typeof LUNG_NOTES)[number];

const EDGES = ['top', 'bottom', 'left', 'right'] as const;
export type Edge = (typeof EDGES)[number];

/** Hundredths of the working film that lungs cover at least. */
const LEAST_LUNGS = 4;
/** Hundredths of the lungs' extent along which they may lie at the film's edge. */
const EDGE_SHARE = 10;
/** Degrees from which on a film counts as turned. */
const TURN_LIMIT = 15;
/** Hundredths of the largest lung's pixels that another one has at least. */
const SECOND_LUNG = 25;

/** The vector from one lung to the other, to the right, in units of the working film's height. */
export interface Axis {
	across: number;
	down: number;
}

export interface LungQuality {
	notes: LungNote[];
	/** Of two lungs; null where there is only one. */
	axis: Axis | null;
	/** Degrees, clockwise on the picture, by which `axis` is turned from level; 0 without it. */
	turn: number;
	/** Edges of the film at which the lungs are cut off. */
	sides: Edge[];
}

/**
 * @param lungs the pieces of the outline.
 * @param aspect width of the film as it was taken over its height.
 */
export function qualityOf(lungs: readonly Piece[], aspect: number): LungQuality {
	const pixels = lungs.reduce((sum, { area }) => sum + area, 0);
	if (pixels * 100 < LEAST_LUNGS * FILM_SIZE * FILM_SIZE) {
		return { notes: ['no-lungs'], axis: null, turn: 0, sides: [] };
	}
	const [largest, ...others] = bySize(lungs);
	const lungCount =
		1 + others.filter(({ area }) => area * 100 >= SECOND_LUNG * largest.area).length;
	if (lungCount > 2) return { notes: ['several-films'], axis: null, turn: 0, sides: [] };
	const runs = lungs.flatMap((piece) => piece.runs);
	const notes: LungNote[] = [];
	const sides = cutOffSides(runs);
	if (sides.length > 0) notes.push('cut-off');
	if (lungCount < 2) return { notes: [...notes, 'one-lung'], axis: null, turn: 0, sides };
	const axis = axisOf(largest, others[0], aspect);
	const turn = (Math.atan2(axis.down, axis.across) * 180) / Math.PI;
	if (Math.abs(turn) > TURN_LIMIT) notes.push('turned');
	else if (isUpsideDown(runs)) notes.push('upside-down');
	return { notes, axis, turn, sides };
}

/** Between the centres of two lungs, to the right. */
function axisOf(one: Piece, other: Piece, aspect: number): Axis {
	const [first, second] = [one, other].map(centreOf);
	const across = (second.x - first.x) * aspect;
	const down = second.y - first.y;
	const isBackward = across < 0 || (across === 0 && down < 0);
	return isBackward ? { across: -across, down: -down } : { across, down };
}

function centreOf({ runs, area }: Piece): { x: number; y: number } {
	let [columns, rows] = [0, 0];
	for (const { y, start, end } of runs) {
		columns += columnsOf(start, end);
		rows += y * (end - start);
	}
	return { x: columns / area, y: rows / area };
}

/** The sum of the columns of a run. */
function columnsOf(start: number, end: number): number {
	return ((start + end - 1) * (end - start)) / 2;
}

function cutOffSides(runs: readonly Run[]): Edge[] {
	const rows = new Set<number>();
	const columns = new Uint8Array(FILM_SIZE);
	const along: Record<Edge, number> = { top: 0, bottom: 0, left: 0, right: 0 };
	for (const { y, start, end } of runs) {
		rows.add(y);
		columns.fill(1, start, end);
		if (y === 0) along.top += end - start;
		if (y === FILM_SIZE - 1) along.bottom += end - start;
		if (start === 0) along.left++;
		if (end === FILM_SIZE) along.right++;
	}
	const wide = columns.reduce((sum, inside) => sum + inside, 0);
	return EDGES.filter((edge) => {
		const extent = edge === 'top' || edge === 'bottom' ? wide : rows.size;
		return along[edge] * 100 > extent * EDGE_SHARE;
	});
}

/**
 * Whether the lungs are broader in their upper half than in their lower half: of each half of
 * their height, the mean distance from their middle column is compared.
 */
function isUpsideDown(runs: readonly Run[]): boolean {
	let [count, columns, top, bottom] = [0, 0, FILM_SIZE, 0];
	for (const { y, start, end } of runs) {
		count += end - start;
		columns += columnsOf(start, end);
		top = Math.min(top, y);
		bottom = Math.max(bottom, y);
	}
	/** Of the upper and the lower half: summed distances, times 2 x count, and pixels. */
	const sums = [0, 0];
	const counts = [0, 0];
	for (const { y, start, end } of runs) {
		const half = y * 2 < top + bottom ? 0 : 1;
		for (let x = start; x < end; x++) sums[half] += Math.abs(2 * x * count - 2 * columns);
		counts[half] += end - start;
	}
	if (counts[0] === 0 || counts[1] === 0) return false;
	// The products leave the whole numbers of a double.
	return BigInt(sums[0]) * BigInt(counts[1]) > BigInt(sums[1]) * BigInt(counts[0]);
}
