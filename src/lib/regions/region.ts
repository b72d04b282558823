/** What a region step says of an image, beside the picture that the classifier reads. */
import type { LungNote } from './lungs/quality';

/** The corners of a polygon in fractions of the upright picture: [x, y]. */
export type Polygon = [x: number, y: number][];

export interface Region {
	/** Around the parts that were found, the largest first; none where nothing was. */
	outlines: Polygon[];
	notes: LungNote[];
	/** Degrees, clockwise, by which the picture was turned back before it was read; 0 if not. */
	turnedBack: number;
}
