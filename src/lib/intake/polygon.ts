/** Points and outlines in a picture, in fractions of it: 0, 0 is its upper left corner. */

export interface Point {
	x: number;
	y: number;
}

/** The corners of a polygon in fractions of the upright picture: [x, y]. */
export type Polygon = [x: number, y: number][];
