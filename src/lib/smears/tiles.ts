/** Small pictures of the most suspicious cells of a field, as one JPEG. */
import { jpegOf } from '../pixels/jpeg-blob';

export interface CellTiles {
	/** Side of one picture, pixels. */
	side: number;
	/** Indexes of the cells, the most suspicious first; row after row, `TILE_COLUMNS` in each. */
	cells: readonly number[];
	/** A JPEG file. */
	jpeg: Uint8Array;
}

/** Side of a cell's small picture, pixels. */
export const TILE_SIDE = 64;
export const TILE_BYTES = TILE_SIDE * TILE_SIDE * 3;
export const TILE_COLUMNS = 8;
/** Cells of a field that get one at most. */
export const MOST_TILES = 24;
const QUALITY = 0.85;

/** A cell's small picture: RGB, `TILE_SIDE` squared. */
export interface Tile {
	/** Index of the cell. */
	cell: number;
	pixels: Uint8Array;
}

/**
 * Keep small pictures, at most `MOST_TILES` of them.
 * @param tiles the most suspicious cell first.
 * @returns null without any, or where the browser gives no canvas.
 */
export async function keepTiles(tiles: readonly Tile[]): Promise<CellTiles | null> {
	const kept = tiles.slice(0, MOST_TILES);
	if (kept.length === 0) return null;
	// They are for looking at: a field counts without them, too.
	const jpeg = await jpegOf(sheetOf(kept), Infinity, QUALITY).catch(() => null);
	if (!jpeg) return null;
	const cells = kept.map(({ cell }) => cell);
	return { side: TILE_SIDE, cells, jpeg: new Uint8Array(await jpeg.arrayBuffer()) };
}

/** Where in the JPEG a cell's picture is, pixels; null where it has none. */
export function tileOf(
	{ side, cells }: Pick<CellTiles, 'side' | 'cells'>,
	cell: number
): { left: number; top: number; side: number } | null {
	const place = cells.indexOf(cell);
	return place < 0 ? null : { ...placeOf(place, side), side };
}

function sheetOf(tiles: readonly Tile[]) {
	const width = Math.min(TILE_COLUMNS, tiles.length) * TILE_SIDE;
	const height = Math.ceil(tiles.length / TILE_COLUMNS) * TILE_SIDE;
	const data = new Uint8Array(width * height * 3).fill(255);
	tiles.forEach(({ pixels }, i) => {
		const { left, top } = placeOf(i, TILE_SIDE);
		for (let row = 0; row < TILE_SIDE; row++) {
			const from = row * TILE_SIDE * 3;
			data.set(pixels.subarray(from, from + TILE_SIDE * 3), ((top + row) * width + left) * 3);
		}
	});
	return { width, height, stride: 3, data };
}

function placeOf(place: number, side: number): { left: number; top: number } {
	const row = Math.floor(place / TILE_COLUMNS);
	return { left: (place % TILE_COLUMNS) * side, top: row * side };
}
