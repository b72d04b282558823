/** Outlines in a picture. */

/** The corners of a polygon in fractions of the upright picture: [x, y]. */
export type Polygon = [x: number, y: number][];
