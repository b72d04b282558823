/**
 * Pictures of single cells: cut out of the field's file while it is at hand, all cells of a field
 * at once, else the small ones that are kept with the field.
 */
import type { Entry } from '../intake/entries';
import type { Pictures } from '../formats/pictures';
import type { CellBox } from '../smears/field';
import { TILE_COLUMNS } from '../smears/tiles';
import type { Row } from '../worklist/row';
import type { SlideCell } from '../worklist/slides';

/** A picture as one place of a sheet of equal squares. */
export interface CellPicture {
	/** Of the sheet. */
	address: string;
	/** The sheet's size, and the picture's place on it from 0, in squares. */
	columns: number;
	rows: number;
	column: number;
	row: number;
}

interface Sheet {
	address: string;
	columns: number;
	rows: number;
	/** Place of each cell, by its index. */
	places: ReadonlyMap<number, number>;
}

/** Side of a picture, pixels. */
const SIDE = 128;
/** Shown around a cell, of its longer side, on each side. */
const MARGIN = 0.3;
const QUALITY = 0.9;

export class CellPictures {
	/** By the id of the field's row. */
	#cut: ReadonlyMap<number, Sheet> = $state.raw(new Map());
	/** Of what is kept with the fields. */
	#kept: ReadonlyMap<number, Sheet> = $state.raw(new Map());
	/** Files that could not be opened. */
	#absent: ReadonlySet<Entry> = $state.raw(new Set());
	#wanted: { row: Row; cells: SlideCell[] }[] = [];
	#isBusy = false;
	#isClosed = false;

	/** @param source opens the fields' files, one at a time; it is closed with this. */
	constructor(private readonly source: Pick<Pictures, 'open' | 'copy' | 'close'>) {}

	/** Whether the file of a field could not be opened. */
	isAbsent({ entry }: Pick<Row, 'entry'>): boolean {
		return this.#absent.has(entry);
	}

	/** The picture of a cell; null while there is none. */
	pictureOf({ row, cell }: Pick<SlideCell, 'row' | 'cell'>): CellPicture | null {
		return (
			placedOn(this.#cut.get(row.id), cell.index) ?? placedOn(this.#kept.get(row.id), cell.index)
		);
	}

	/**
	 * Get pictures of these cells, the first field first; those of other cells are not looked for
	 * any longer.
	 * @returns once all of them are there or cannot be had.
	 */
	async want(cells: readonly SlideCell[]): Promise<void> {
		const fields = new Map<number, { row: Row; cells: SlideCell[] }>();
		for (const one of cells) {
			const field = fields.get(one.row.id);
			if (field) field.cells.push(one);
			else fields.set(one.row.id, { row: one.row, cells: [one] });
		}
		this.#wanted = [...fields.values()];
		this.#showKept();
		if (this.#isBusy) return;
		this.#isBusy = true;
		for (let next = this.#next(); next; next = this.#next()) await this.#cutOut(next);
		this.#isBusy = false;
	}

	/** Let go of all pictures. */
	close(): void {
		this.#isClosed = true;
		this.source.close();
		for (const { address } of [...this.#cut.values(), ...this.#kept.values()]) {
			URL.revokeObjectURL(address);
		}
		this.#cut = this.#kept = new Map();
	}

	#showKept(): void {
		const kept = new Map(this.#kept);
		for (const { row } of this.#wanted) {
			const tiles = row.field?.tiles;
			if (!tiles || kept.has(row.id)) continue;
			const jpeg = new Blob([new Uint8Array(tiles.jpeg)], { type: 'image/jpeg' });
			kept.set(row.id, {
				address: URL.createObjectURL(jpeg),
				columns: Math.min(TILE_COLUMNS, tiles.cells.length),
				rows: Math.ceil(tiles.cells.length / TILE_COLUMNS),
				places: new Map(tiles.cells.map((cell, place) => [cell, place]))
			});
		}
		if (kept.size > this.#kept.size) this.#kept = kept;
	}

	/** The first field of which a picture is wanting. */
	#next() {
		if (this.#isClosed) return undefined;
		return this.#wanted.find(({ row, cells }) => {
			const places = this.#cut.get(row.id)?.places;
			return !this.isAbsent(row) && !cells.every(({ cell }) => places?.has(cell.index));
		});
	}

	async #cutOut({ row, cells }: { row: Row; cells: SlideCell[] }): Promise<void> {
		const bitmap = await this.#openBitmap(row.entry);
		const sheet = bitmap && (await sheetOf(bitmap, row, cells));
		bitmap?.close();
		if (!sheet) {
			this.#absent = new Set([...this.#absent, row.entry]);
			return;
		}
		if (this.#isClosed) {
			URL.revokeObjectURL(sheet.address);
			return;
		}
		const before = this.#cut.get(row.id);
		this.#cut = new Map(this.#cut).set(row.id, sheet);
		if (before) URL.revokeObjectURL(before.address);
	}

	/** The picture of a file, or of the copy that a decode worker makes of it; null without. */
	async #openBitmap(entry: Entry): Promise<ImageBitmap | null> {
		const opened = await this.source.open(entry);
		if (!opened.ok) return null;
		const drawn = await drawnOf(opened.value);
		if (drawn) return drawn;
		const copy = await this.source.copy(entry);
		return copy.ok ? drawnOf(copy.value) : null;
	}
}

/** The square around a cell that is shown, as far as the picture reaches; in its pixels. */
function squareAround(
	{ left, top, right, bottom }: CellBox,
	picture: { width: number; height: number }
): { left: number; top: number; side: number } {
	const longer = Math.max(right - left, bottom - top, 1);
	const side = Math.min(Math.round(longer * (1 + 2 * MARGIN)), picture.width, picture.height);
	const within = (middle: number, limit: number) =>
		Math.min(limit - side, Math.max(0, Math.round(middle - side / 2)));
	return {
		left: within((left + right) / 2, picture.width),
		top: within((top + bottom) / 2, picture.height),
		side
	};
}

async function sheetOf(
	bitmap: ImageBitmap,
	picture: Pick<Row, 'width' | 'height'>,
	cells: readonly SlideCell[]
): Promise<Sheet | null> {
	const columns = Math.min(TILE_COLUMNS, cells.length);
	const rows = Math.ceil(cells.length / TILE_COLUMNS);
	const canvas = new OffscreenCanvas(columns * SIDE, rows * SIDE);
	const context = canvas.getContext('2d');
	if (!context) return null;
	// A copy may be smaller than the file.
	const scale = bitmap.width / picture.width;
	cells.forEach(({ cell }, place) => {
		const { left, top, side } = squareAround(cell, picture);
		const [x, y] = [(place % TILE_COLUMNS) * SIDE, Math.floor(place / TILE_COLUMNS) * SIDE];
		const [fromX, fromY, from] = [left * scale, top * scale, side * scale];
		context.drawImage(bitmap, fromX, fromY, from, from, x, y, SIDE, SIDE);
	});
	const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
	const places = new Map(cells.map(({ cell }, place) => [cell.index, place]));
	return { address: URL.createObjectURL(jpeg), columns, rows, places };
}

async function drawnOf(picture: Blob): Promise<ImageBitmap | null> {
	try {
		return await createImageBitmap(picture);
	} catch {
		// No picture that the browser draws, or too little memory for it.
		return null;
	}
}

function placedOn(sheet: Sheet | undefined, cell: number): CellPicture | null {
	const place = sheet?.places.get(cell);
	if (!sheet || place === undefined) return null;
	const { address, columns, rows } = sheet;
	return {
		...{ address, columns, rows },
		column: place % TILE_COLUMNS,
		row: Math.floor(place / TILE_COLUMNS)
	};
}
