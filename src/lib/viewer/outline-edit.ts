/** Outlines of lungs as a person corrects them: moved by their boxes, or drawn anew. Pure. */
import type { Point, Polygon } from '../intake/polygon';

/** In fractions of the picture. */
export interface OutlineBox {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** Corner of a box: 0 to 3 from the upper left one clockwise; `middle` moves all of it. */
export type Handle = 0 | 1 | 2 | 3 | 'middle';
export const HANDLES: readonly Handle[] = [0, 1, 2, 3, 'middle'];

/** The shortest side of a box, as a fraction of the picture. */
const LEAST_SIDE = 0.04;
/** What a lung covers at least, as a fraction of the picture. */
const LEAST_AREA = 0.005;
/** Two points of a drawn line are at least so far apart. */
const LEAST_STEP = 0.008;

/** Where nothing was found: a lung that is narrow above and broad below. */
const PLAIN_LUNG: Polygon = [
	[0.6, 0],
	[0.85, 0.08],
	[1, 0.35],
	[1, 0.9],
	[0.5, 0.96],
	[0, 1],
	[0.1, 0.6],
	[0.3, 0.2]
];

/** Two plain lungs in the middle of the picture, that on the picture's left first. */
export function plainLungs(): Polygon[] {
	const left = fitted(PLAIN_LUNG, { left: 0.12, top: 0.12, right: 0.45, bottom: 0.85 });
	return [left, left.map(([x, y]): [number, number] => [1 - x, y])];
}

/** The two lungs to begin with: those that were read where there are two, else plain ones. */
export function firstOutlines(outlines: readonly Polygon[]): Polygon[] {
	if (outlines.length < 2) return plainLungs();
	return outlines.slice(0, 2).sort((one, other) => middleOf(one) - middleOf(other));
}

export function boxOfOutlines(outlines: readonly Polygon[]): OutlineBox {
	const points = outlines.flat();
	const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
	return {
		left: Math.min(...xs),
		top: Math.min(...ys),
		right: Math.max(...xs),
		bottom: Math.max(...ys)
	};
}

/** Where a handle lies. */
export function placeOf(handle: Handle, { left, top, right, bottom }: OutlineBox): Point {
	if (handle === 'middle') return { x: (left + right) / 2, y: (top + bottom) / 2 };
	return {
		x: handle === 0 || handle === 3 ? left : right,
		y: handle < 2 ? top : bottom
	};
}

/** The outlines with a handle of their common box brought to a place, kept in the picture. */
export function dragged(outlines: readonly Polygon[], handle: Handle, to: Point): Polygon[] {
	const from = boxOfOutlines(outlines);
	const box = handle === 'middle' ? movedBox(from, to) : resizedBox(from, handle, to);
	const [width, height] = [from.right - from.left, from.bottom - from.top];
	return outlines.map((points) =>
		points.map(([x, y]) => [
			box.left + ((x - from.left) / width) * (box.right - box.left),
			box.top + ((y - from.top) / height) * (box.bottom - box.top)
		])
	);
}

/** A drawn line as a polygon: without points that hardly differ, kept in the picture. */
export function drawnOutline(line: readonly Point[]): Polygon {
	const points: Polygon = [];
	for (const { x, y } of line) {
		const last = points.at(-1);
		if (last && Math.hypot(x - last[0], y - last[1]) < LEAST_STEP) continue;
		points.push([within(x), within(y)]);
	}
	return points;
}

/** Whether outlines can be read: two, each large enough to be a lung. */
export function areOutlinesUsable(outlines: readonly Polygon[]): boolean {
	return outlines.length === 2 && outlines.every((points) => areaOf(points) >= LEAST_AREA);
}

/** Shoelace formula. */
function areaOf(points: Polygon): number {
	const doubled = points.reduce((sum, [x, y], i) => {
		const [nextX, nextY] = points[(i + 1) % points.length];
		return sum + x * nextY - nextX * y;
	}, 0);
	return Math.abs(doubled) / 2;
}

function middleOf(points: Polygon): number {
	const { left, right } = boxOfOutlines([points]);
	return left + right;
}

function fitted(points: Polygon, { left, top, right, bottom }: OutlineBox): Polygon {
	return points.map(([x, y]) => [left + x * (right - left), top + y * (bottom - top)]);
}

function movedBox({ left, top, right, bottom }: OutlineBox, { x, y }: Point): OutlineBox {
	const [width, height] = [right - left, bottom - top];
	const newLeft = Math.min(1 - width, Math.max(0, x - width / 2));
	const newTop = Math.min(1 - height, Math.max(0, y - height / 2));
	return { left: newLeft, top: newTop, right: newLeft + width, bottom: newTop + height };
}

function resizedBox(box: OutlineBox, handle: 0 | 1 | 2 | 3, to: Point): OutlineBox {
	const [x, y] = [within(to.x), within(to.y)];
	const isLeft = handle === 0 || handle === 3;
	const isTop = handle < 2;
	return {
		left: isLeft ? Math.min(x, box.right - LEAST_SIDE) : box.left,
		right: isLeft ? box.right : Math.max(x, box.left + LEAST_SIDE),
		top: isTop ? Math.min(y, box.bottom - LEAST_SIDE) : box.top,
		bottom: isTop ? box.bottom : Math.max(y, box.top + LEAST_SIDE)
	};
}

function within(share: number): number {
	return Math.min(1, Math.max(0, share));
}
