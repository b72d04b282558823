/** Four corners in pixels, clockwise from the upper left one. */
import type { Point } from '../../intake/polygon';

export type Quad = readonly [Point, Point, Point, Point];

/** Pixels; the quadrilateral's corners go round clockwise. */
export function areaOf(quad: Quad): number {
	return (
		quad.reduce((sum, { x, y }, i) => {
			const next = quad[(i + 1) % 4];
			return sum + x * next.y - next.x * y;
		}, 0) / 2
	);
}
