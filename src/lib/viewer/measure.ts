/** A length on a picture between two places of it. Pure. */
import type { PixelSpacing } from '../formats/facts';
import type { Point } from './gestures';
import type { Size } from './zoom';

/** The two ends, in pixels of the picture from its left top corner. */
export type MeasuredLine = readonly [Point, Point];

export interface Length {
	value: number;
	unit: 'mm' | 'pixels';
}

/** How far from the middle of what is in sight each end is at first, as a share of its width. */
const FIRST_REACH = 0.2;

/** The length of a line; in pixels where nobody knows how large one is. */
export function lengthOf([from, to]: MeasuredLine, spacing: PixelSpacing | null): Length {
	const [x, y] = [to.x - from.x, to.y - from.y];
	return spacing
		? { value: Math.hypot(x * spacing.across, y * spacing.down), unit: 'mm' }
		: { value: Math.hypot(x, y), unit: 'pixels' };
}

/**
 * A level line in the middle of what is in sight.
 * @param frame CSS pixels.
 * @param pictureAt the place of the picture at a place of the frame.
 */
export function firstLine(
	frame: Size,
	picture: Size,
	pictureAt: (at: Point) => Point
): MeasuredLine {
	const end = (share: number) =>
		withinPicture(pictureAt({ x: share * frame.width, y: frame.height / 2 }), picture);
	return [end(0.5 - FIRST_REACH), end(0.5 + FIRST_REACH)];
}

/** The place, moved, on the picture. */
export function withinPicture({ x, y }: Point, { width, height }: Size): Point {
	return { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) };
}
