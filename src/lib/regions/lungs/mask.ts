/** Pictures of one bit a pixel, on the square working film. */

/** Side of the working film, pixels: a film squashed to a square by Pillow's bicubic. */
export const FILM_SIZE = 224;

/** 1 inside and 0 outside, `FILM_SIZE` x `FILM_SIZE`, row after row. */
export type Mask = Uint8Array;

/** Pixels `left <= x < right`, `top <= y < bottom`; may reach beyond the film. */
export interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** Pixels of one value that follow each other in a row: `start <= x < end`. */
export interface Run {
	y: number;
	start: number;
	end: number;
}

/** Runs that are connected over the edges of pixels (4 neighbours). */
export interface Piece {
	/** In reading order. */
	runs: Run[];
	/** Pixels. */
	area: number;
}

/** The connected pieces of the pixels of a value, in the order of their first pixels. */
export function piecesOf(mask: Mask, value: 0 | 1 = 1): Piece[] {
	const runs: Run[] = [];
	/** Of each run an earlier one of its piece, itself for the first one. */
	const earlier: number[] = [];
	const firstOf = (run: number): number => {
		while (earlier[run] !== run) run = earlier[run] = earlier[earlier[run]];
		return run;
	};
	/** The first run of a row. */
	let row = 0;
	for (let y = 0; y < FILM_SIZE; y++) {
		/** The first run of the row above that may lie beside what comes next. */
		let candidate = row;
		row = runs.length;
		const line = y * FILM_SIZE;
		for (let x = 0; x < FILM_SIZE; x++) {
			if (mask[line + x] !== value) continue;
			const start = x;
			while (x < FILM_SIZE && mask[line + x] === value) x++;
			const run = runs.length;
			runs.push({ y, start, end: x });
			earlier.push(run);
			while (candidate < row && runs[candidate].end <= start) candidate++;
			for (let other = candidate; other < row && runs[other].start < x; other++) {
				const [one, two] = [firstOf(run), firstOf(other)];
				earlier[Math.max(one, two)] = Math.min(one, two);
			}
		}
	}
	const pieces: Piece[] = [];
	const pieceOf = new Map<number, Piece>();
	runs.forEach((run, i) => {
		const first = firstOf(i);
		let piece = pieceOf.get(first);
		if (!piece) {
			piece = { runs: [], area: 0 };
			pieceOf.set(first, piece);
			pieces.push(piece);
		}
		piece.runs.push(run);
		piece.area += run.end - run.start;
	});
	return pieces;
}

/** The mask of some pieces. */
export function maskOf(pieces: readonly Piece[]): Mask {
	const mask = new Uint8Array(FILM_SIZE * FILM_SIZE);
	for (const { runs } of pieces) paint(mask, runs);
	return mask;
}

/** A mask with all that it surrounds: what is outside and cannot reach the film's edge. */
export function withoutHoles(mask: Mask): Mask {
	const filled = mask.slice();
	const last = FILM_SIZE - 1;
	for (const { runs } of piecesOf(mask, 0)) {
		const isOutside = runs.some(
			({ y, start, end }) => y === 0 || y === last || start === 0 || end === FILM_SIZE
		);
		if (!isOutside) paint(filled, runs);
	}
	return filled;
}

function paint(mask: Mask, runs: readonly Run[]): void {
	for (const { y, start, end } of runs) {
		mask.fill(1, y * FILM_SIZE + start, y * FILM_SIZE + end);
	}
}

/** The largest pieces first; of equal ones that which comes first. */
export function bySize(pieces: readonly Piece[]): Piece[] {
	return [...pieces].sort((one, other) => other.area - one.area);
}

/** The least box around pieces; null without any. */
export function boxOf(pieces: readonly Piece[]): Box | null {
	if (pieces.length === 0) return null;
	const box = { left: FILM_SIZE, top: FILM_SIZE, right: 0, bottom: 0 };
	for (const { runs } of pieces) {
		for (const { y, start, end } of runs) {
			box.left = Math.min(box.left, start);
			box.right = Math.max(box.right, end);
			box.top = Math.min(box.top, y);
			box.bottom = Math.max(box.bottom, y + 1);
		}
	}
	return box;
}
