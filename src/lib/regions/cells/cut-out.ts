/**
 * Cuts a found cell out of its field: a square picture of the cell on black, which is read like a
 * picture of a single cell. The same bits as `fieldlens_training/regions/cells/cut_out.py`.
 */
import type { Raster } from '../../pixels/resizer';
import type { FoundCells } from './find';

/** Added on each side of the box, hundredths of its longer side. */
const MARGIN = 3;

/**
 * @param picture the one in which the cells were found, at least three values a pixel.
 * @param index of the cell in `found.cells`.
 * @returns RGB; black beyond the picture, and where a pixel neither belongs to the cell nor
 * touches it without belonging to another.
 */
export function cutOut(picture: Raster, found: FoundCells, index: number): Raster {
	const { left, top, right, bottom } = found.cells[index];
	const longer = Math.max(right - left, bottom - top);
	const side = longer + 2 * Math.floor((MARGIN * longer + 50) / 100);
	const fromX = Math.floor((left + right - side) / 2);
	const fromY = Math.floor((top + bottom - side) / 2);
	const data = new Uint8Array(side * side * 3);
	const { owners } = found;
	const own = index + 1;
	const isKept = (column: number, row: number): boolean => {
		const at = row * owners.width + column;
		if (owners.of[at] !== 0) return owners.of[at] === own;
		return (
			(column > 0 && owners.of[at - 1] === own) ||
			(column + 1 < owners.width && owners.of[at + 1] === own) ||
			(row > 0 && owners.of[at - owners.width] === own) ||
			(row + 1 < owners.height && owners.of[at + owners.width] === own)
		);
	};
	for (let y = Math.max(0, fromY); y < Math.min(picture.height, fromY + side); y++) {
		const row = Math.floor(((2 * y + 1) * owners.height) / (2 * picture.height));
		for (let x = Math.max(0, fromX); x < Math.min(picture.width, fromX + side); x++) {
			const column = Math.floor(((2 * x + 1) * owners.width) / (2 * picture.width));
			if (!isKept(column, row)) continue;
			const from = (y * picture.width + x) * picture.stride;
			const to = ((y - fromY) * side + x - fromX) * 3;
			data[to] = picture.data[from];
			data[to + 1] = picture.data[from + 1];
			data[to + 2] = picture.data[from + 2];
		}
	}
	return { width: side, height: side, stride: 3, data };
}
