/**
 * The lungs' place and size as six numbers: the same as `fieldlens_training/regions/lung_shape.py`.
 */
import { FILM_SIZE, type Box, type Piece } from './mask';

/**
 * Left, top, right and bottom of the box in fractions of the working film, its width over its
 * height, and the share of it that the lungs fill.
 * @param box the least one around the pieces.
 */
export function shapeOf(lungs: readonly Piece[], { left, top, right, bottom }: Box): number[] {
	const [width, height] = [right - left, bottom - top];
	const area = lungs.reduce((sum, piece) => sum + piece.area, 0);
	const places = [left, top, right, bottom].map((side) => side / FILM_SIZE);
	return [...places, width / height, area / (width * height)];
}
