/** Where in a photograph the film lies. */

import type { Point } from './polygon';

/** The film's corners: upper left, upper right, lower right, lower left. */
export type Corners = readonly [Point, Point, Point, Point];

/** What of a picture is read: the film within corners, the film that is found, or (null) all. */
export type FilmPlace = Corners | 'find' | null;

/** The shortest side that a film may have, as a share of the photograph's. */
const LEAST_SIDE = 0.05;
/** Where the marking begins: a film usually takes most of its photograph. */
const INSET = 0.1;

/** The corners that are offered before anybody moved one. */
export const FIRST_CORNERS: Corners = [
	{ x: INSET, y: INSET },
	{ x: 1 - INSET, y: INSET },
	{ x: 1 - INSET, y: 1 - INSET },
	{ x: INSET, y: 1 - INSET }
];

/** The corner, moved, within the image. */
export function withinImage({ x, y }: Point): Point {
	const within = (share: number) => Math.min(1, Math.max(0, share));
	return { x: within(x), y: within(y) };
}

/**
 * Whether four corners are a film that can be made straight: all in the image, in their order,
 * every angle below 180 degrees, no side too short. A film that was turned over is none.
 */
export function areUsable(corners: Corners): boolean {
	return corners.every((corner, i) => {
		const next = corners[(i + 1) % 4];
		const after = corners[(i + 2) % 4];
		const [ax, ay] = [next.x - corner.x, next.y - corner.y];
		const [bx, by] = [after.x - next.x, after.y - next.y];
		const isIn = corner.x >= 0 && corner.x <= 1 && corner.y >= 0 && corner.y <= 1;
		const turn = ax * by - ay * bx;
		// The sine of the angle: three corners in a line would be a triangle.
		return (
			isIn &&
			Math.hypot(ax, ay) >= LEAST_SIDE &&
			turn > 0.05 * Math.hypot(ax, ay) * Math.hypot(bx, by)
		);
	});
}
