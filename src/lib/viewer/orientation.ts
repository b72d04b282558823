/** How a picture is turned and mirrored in the viewer; what was read of it stays as it is. Pure. */
import type { Point } from './gestures';
import type { Size } from './zoom';

/** Turned first, then mirrored from left to right. */
export interface Orientation {
	/** Clockwise. */
	readonly quarterTurns: 0 | 1 | 2 | 3;
	readonly isMirrored: boolean;
}

/** As the file has it. */
export const UPRIGHT: Orientation = { quarterTurns: 0, isMirrored: false };

export function isUpright({ quarterTurns, isMirrored }: Orientation): boolean {
	return quarterTurns === 0 && !isMirrored;
}

/** What is seen, turned by a quarter clockwise. */
export function turned({ quarterTurns, isMirrored }: Orientation): Orientation {
	// A turn after mirroring is mirroring after the opposite turn.
	const next = (quarterTurns + (isMirrored ? 3 : 1)) % 4;
	return { quarterTurns: next as Orientation['quarterTurns'], isMirrored };
}

/** What is seen, left and right exchanged. */
export function mirrored({ quarterTurns, isMirrored }: Orientation): Orientation {
	return { quarterTurns, isMirrored: !isMirrored };
}

/** The size of a picture as it is seen. */
export function sizeSeen({ width, height }: Size, { quarterTurns }: Orientation): Size {
	return quarterTurns % 2 === 0 ? { width, height } : { width: height, height: width };
}

/** CSS's `matrix()` that brings a picture of this size, about its left top corner, to what is seen. */
export function matrixOf(size: Size, orientation: Orientation): string {
	const [xx, xy, x0, yx, yy, y0] = coefficients(size, orientation);
	return `matrix(${[xx, yx, xy, yy, x0, y0].join(', ')})`;
}

/** The point of the picture that is seen at a point of what is seen, both from the left top corner. */
export function pictureAt(at: Point, size: Size, orientation: Orientation): Point {
	const [xx, xy, x0, yx, yy, y0] = coefficients(size, orientation);
	const [x, y] = [at.x - x0, at.y - y0];
	// Turns and mirrors are orthogonal: the transpose takes them back.
	return { x: xx * x + yx * y, y: xy * x + yy * y };
}

/** Where a point of the picture is seen, both from the left top corner: the inverse of `pictureAt`. */
export function seenAt({ x, y }: Point, size: Size, orientation: Orientation): Point {
	const [xx, xy, x0, yx, yy, y0] = coefficients(size, orientation);
	return { x: xx * x + xy * y + x0, y: yx * x + yy * y + y0 };
}

/** Seen x = xx x + xy y + x0, seen y = yx x + yy y + y0. */
function coefficients({ width, height }: Size, { quarterTurns, isMirrored }: Orientation) {
	const turns = [
		[1, 0, 0, 0, 1, 0],
		[0, -1, height, 1, 0, 0],
		[-1, 0, width, 0, -1, height],
		[0, 1, 0, -1, 0, width]
	];
	const [xx, xy, x0, yx, yy, y0] = turns[quarterTurns];
	const seen = quarterTurns % 2 === 0 ? width : height;
	return isMirrored ? [-xx, -xy, seen - x0, yx, yy, y0] : [xx, xy, x0, yx, yy, y0];
}
