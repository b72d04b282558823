/** From a mask to polygons, as small as they can be without looking different. */
import { bySize, FILM_SIZE, type Mask, type Piece, type Run } from './mask';
import type { Place } from './turning';

/** How far a polygon may leave the outline, pixels of the working film. */
const TOLERANCE = 1.2;

/**
 * The outer edges of pieces, the largest first, without the last point again. Places are
 * corners of pixels: 0 to `FILM_SIZE`.
 * @param mask of the same pieces.
 */
export function polygonsOf(mask: Mask, pieces: readonly Piece[], tolerance = TOLERANCE): Place[][] {
	return bySize(pieces).map(({ runs }) => simplified(edgeOf(mask, runs[0]), tolerance));
}

/** The pixels whose centres lie in any of some polygons (even-odd rule). */
export function maskOfPolygons(polygons: readonly (readonly Place[])[]): Mask {
	const mask = new Uint8Array(FILM_SIZE * FILM_SIZE);
	for (const points of polygons) {
		for (let row = 0; row < FILM_SIZE; row++) {
			const y = row + 0.5;
			const crossings = points.flatMap((one, i) => {
				const other = points[(i + 1) % points.length];
				if (one.y > y === other.y > y) return [];
				return [one.x + ((y - one.y) / (other.y - one.y)) * (other.x - one.x)];
			});
			crossings.sort((one, other) => one - other);
			for (let i = 0; i + 1 < crossings.length; i += 2) {
				const start = Math.max(0, Math.ceil(crossings[i] - 0.5));
				const end = Math.min(FILM_SIZE, Math.ceil(crossings[i + 1] - 0.5));
				if (end > start) mask.fill(1, row * FILM_SIZE + start, row * FILM_SIZE + end);
			}
		}
	}
	return mask;
}

/** Right, down, left, up. */
const STEPS = [
	[1, 0],
	[0, 1],
	[-1, 0],
	[0, -1]
] as const;

/**
 * Follow the edges of pixels around a piece, the piece to the right hand, from the upper left
 * corner of its first pixel on; a point where the direction changes.
 */
function edgeOf(mask: Mask, first: Run): Place[] {
	const inside = (x: number, y: number) =>
		x >= 0 && y >= 0 && x < FILM_SIZE && y < FILM_SIZE && mask[y * FILM_SIZE + x] === 1;
	const start = { x: first.start, y: first.y };
	const points: Place[] = [];
	let { x, y } = start;
	let direction = 0;
	do {
		const [dx, dy] = STEPS[direction];
		[x, y] = [x + dx, y + dy];
		// The pixels ahead, to the left and to the right of the way on.
		const [aheadX, aheadY] = [x + (dx - 1) / 2, y + (dy - 1) / 2];
		const left = inside(aheadX + dy / 2, aheadY - dx / 2);
		const right = inside(aheadX - dy / 2, aheadY + dx / 2);
		// Pixels that only touch at a corner are not one piece: turn right there.
		const next = !right ? (direction + 1) % 4 : left ? (direction + 3) % 4 : direction;
		if (next !== direction) points.push({ x, y });
		direction = next;
	} while (x !== start.x || y !== start.y || direction !== 0);
	return points;
}

/** Ramer-Douglas-Peucker on a closed line: between its first point and the one farthest away. */
function simplified(points: Place[], tolerance: number): Place[] {
	if (tolerance <= 0) return points;
	const [start] = points;
	const far = farthest(points, 0, points.length, ({ x, y }) =>
		Math.hypot(x - start.x, y - start.y)
	);
	const closed = [...points, start];
	const kept = new Set([0, far.index]);
	const waiting: [number, number][] = [
		[0, far.index],
		[far.index, points.length]
	];
	for (let span = waiting.pop(); span; span = waiting.pop()) {
		const [from, to] = span;
		const { index, distance } = farthest(
			closed,
			from + 1,
			to,
			distanceTo(closed[from], closed[to])
		);
		if (distance <= tolerance) continue;
		kept.add(index);
		waiting.push([from, index], [index, to]);
	}
	return points.filter((_, i) => kept.has(i));
}

function farthest(points: Place[], from: number, to: number, distanceOf: (place: Place) => number) {
	let [index, distance] = [from, 0];
	for (let i = from; i < to; i++) {
		const here = distanceOf(points[i]);
		if (here > distance) [index, distance] = [i, here];
	}
	return { index, distance };
}

/** The distance from a line through two places, or from them where they are one. */
function distanceTo(first: Place, second: Place): (place: Place) => number {
	const [dx, dy] = [second.x - first.x, second.y - first.y];
	const length = Math.hypot(dx, dy);
	return ({ x, y }) =>
		length === 0
			? Math.hypot(x - first.x, y - first.y)
			: Math.abs(dx * (y - first.y) - dy * (x - first.x)) / length;
}
