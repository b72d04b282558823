/** Which place of the picture lies where in the viewer's frame. Pure. */
import type { Point } from './gestures';
import { pictureAt, seenAt, type Orientation } from './orientation';
import type { Placement, Size } from './zoom';

export interface StagePlaces {
	/** CSS pixels. */
	frame: Size;
	/** As the file has it, its pixels. */
	picture: Size;
	/** Of a place of the picture, in its pixels, that of the frame, CSS pixels. */
	seenAt: (at: Point) => Point;
	/** The other way round. */
	pictureAt: (at: Point) => Point;
}

/** @param placed where the picture lies in the frame as it is seen. */
export function stagePlaces(
	picture: Size,
	orientation: Orientation,
	placed: Placement,
	frame: Size
): StagePlaces {
	return {
		frame,
		picture,
		seenAt(at) {
			const { x, y } = seenAt(at, picture, orientation);
			return { x: placed.x + x * placed.scale, y: placed.y + y * placed.scale };
		},
		pictureAt({ x, y }) {
			const seen = { x: (x - placed.x) / placed.scale, y: (y - placed.y) / placed.scale };
			return pictureAt(seen, picture, orientation);
		}
	};
}
