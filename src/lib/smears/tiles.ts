/** Small pictures of the most suspicious cells of a field, as one JPEG. */

export interface CellTiles {
	/** Side of one picture, pixels. */
	side: number;
	/** Indexes of the cells, the most suspicious first; row after row, `TILE_COLUMNS` in each. */
	cells: readonly number[];
	/** A JPEG file. */
	jpeg: Uint8Array;
}

export const TILE_COLUMNS = 8;
/** Cells of a field that get one at most. */
export const MOST_TILES = 24;

/** Where in the JPEG a cell's picture is, pixels; null where it has none. */
export function tileOf(
	{ side, cells }: Pick<CellTiles, 'side' | 'cells'>,
	cell: number
): { left: number; top: number; side: number } | null {
	const place = cells.indexOf(cell);
	if (place < 0) return null;
	const left = (place % TILE_COLUMNS) * side;
	return { left, top: Math.floor(place / TILE_COLUMNS) * side, side };
}
