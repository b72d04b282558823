/**
 * What was found and read in a photograph of one microscope field. A list holds some hundred
 * fields of some hundred cells each, so the cells of a field are kept as bytes.
 */
import type { CellKind } from '../regions/cells/kinds';
import type { FoundCell } from '../regions/cells/find';
import type { FieldNote } from './quality';
import type { CellTiles } from './tiles';

/** In pixels of the picture; right and bottom are excluded. */
export interface CellBox {
	left: number;
	top: number;
	right: number;
	bottom: number;
}

/** What a model gave for one cell. */
export interface CellScore {
	/** Calibrated log-odds of a parasite. */
	logOdds: number;
	/** How unlike the training cells (`recognition`); null where the model does not say. */
	distance: number | null;
}

/** A cell that was found, and what the model said of it. */
export interface FieldCell extends CellBox {
	kind: CellKind;
	/** The picture's edge cuts it off: it is not counted. */
	isCut: boolean;
	/** Null where the model did not read it: no red cell, or cut off. */
	score: CellScore | null;
}

export interface FieldReading {
	/** Radius of the largest disc in a typical red cell, pixels of the picture; null without any. */
	radius: number | null;
	notes: readonly FieldNote[];
	/** `fieldCells` reads them; a cell's place in them is its index, for good. */
	cells: Uint8Array;
	/** Pictures of the most suspicious cells, kept so that they show without the file. */
	tiles: CellTiles | null;
}

const KINDS: readonly CellKind[] = ['red', 'white', 'platelet', 'debris'];
/** Bytes of a cell: four sides, kind, cut, what of the score is there, log-odds, distance. */
const CELL_BYTES = 20;
const HAS_SCORE = 1;
const HAS_DISTANCE = 2;

/** How many cells packed bytes hold; null where they are no cells. */
export function cellCount(bytes: Uint8Array): number | null {
	return bytes.length % CELL_BYTES === 0 ? bytes.length / CELL_BYTES : null;
}

/**
 * Cells as bytes, scores in 32-bit floats.
 * @param scores of each cell; null where it was not read.
 */
export function packCells(
	cells: readonly FoundCell[],
	scores: readonly (CellScore | null)[]
): Uint8Array {
	const bytes = new Uint8Array(cells.length * CELL_BYTES);
	const view = new DataView(bytes.buffer);
	cells.forEach((cell, i) => {
		const at = i * CELL_BYTES;
		[cell.left, cell.top, cell.right, cell.bottom].forEach((side, k) =>
			view.setUint16(at + 2 * k, side, true)
		);
		const score = scores[i];
		const hasDistance = score !== null && score.distance !== null;
		view.setUint8(at + 8, KINDS.indexOf(cell.kind));
		view.setUint8(at + 9, Number(cell.isCut));
		view.setUint8(at + 10, (score ? HAS_SCORE : 0) | (hasDistance ? HAS_DISTANCE : 0));
		view.setFloat32(at + 12, score?.logOdds ?? 0, true);
		view.setFloat32(at + 16, score?.distance ?? 0, true);
	});
	return bytes;
}

const unpacked = new WeakMap<Uint8Array, readonly FieldCell[]>();

/** The cells of a field, in the order in which they were found. */
export function fieldCells({ cells }: Pick<FieldReading, 'cells'>): readonly FieldCell[] {
	let known = unpacked.get(cells);
	if (!known) unpacked.set(cells, (known = unpackCells(cells)));
	return known;
}

function unpackCells(bytes: Uint8Array): FieldCell[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return Array.from({ length: Math.floor(bytes.length / CELL_BYTES) }, (_, i) => {
		const at = i * CELL_BYTES;
		const side = (k: number) => view.getUint16(at + 2 * k, true);
		const has = view.getUint8(at + 10);
		const distance = has & HAS_DISTANCE ? view.getFloat32(at + 16, true) : null;
		return {
			...{ left: side(0), top: side(1), right: side(2), bottom: side(3) },
			kind: KINDS[view.getUint8(at + 8)] ?? 'debris',
			isCut: view.getUint8(at + 9) !== 0,
			score: has & HAS_SCORE ? { logOdds: view.getFloat32(at + 12, true), distance } : null
		};
	});
}

/** 0..1. */
export function probabilityAt(logOdds: number): number {
	return 1 / (1 + Math.exp(-logOdds));
}

/**
 * The score of a field in the list: the probability of its most suspicious counted cell, 0 where
 * none was read. It orders fields; whether a field is suspicious at all, its counts say.
 */
export function fieldScore(field: Pick<FieldReading, 'cells'>): number {
	let most = -Infinity;
	for (const { score } of fieldCells(field)) if (score) most = Math.max(most, score.logOdds);
	return probabilityAt(most);
}
