/**
 * One file of a smear to what is read of it, inside the worker that decodes it: a photograph of a
 * field to its cells, a picture of a single cell to the model's input.
 */
import type { FilmPlace } from '../intake/corners';
import { MAX_FIELD_CELLS } from '../base/limits';
import {
	inputFrom,
	withPicture,
	type Described,
	type OpenedPicture,
	type Prepared
} from '../formats/decode';
import { failed, succeeded, type Outcome } from '../problems/problems';
import { hasColours, interleave } from '../pixels/channels';
import { evenColours as madeEven, type EvenColours } from '../pixels/even-colours';
import { thumbnailFrom, warmUpInput, type PixelRule } from '../pixels/model-input';
import type { Plane, Raster, Resize } from '../pixels/resizer';
import { cutOut } from '../regions/cells/cut-out';
import { findCells, type FoundCell, type FoundCells } from '../regions/cells/find';
import { cutOutSingle } from '../regions/cells/single';
import { isCounted } from './counted';
import { notesOf, type FieldNote } from './quality';
import { TILE_BYTES, TILE_SIDE } from './tiles';

/** The classifier's input, in colour. */
export interface SmearRule extends PixelRule {
	/** How the colours of a cell of a field are made even; those of a single cell are not here. */
	evenColours?: EvenColours;
}

/** A field whose cells are ready for the lanes. */
export interface PreparedField extends Described {
	radius: number | null;
	found: readonly FoundCell[];
	notes: FieldNote[];
	/** Indexes of the cells that are read. */
	read: number[];
	/** Of those, one model input after the other: uint8, height x width x channels. */
	inputs: Uint8Array;
	/** Of those, small pictures with what surrounds them, one after the other (`TILE_BYTES`). */
	tiles: Uint8Array;
}

/** A picture that is smaller shows a single cell, pixels of its longest side. */
const LEAST_FIELD_SIDE = 320;
/** Red cells that are whole, from which on a picture is a field whatever its size. */
const LEAST_CELLS = 3;
/** A larger picture with fewer cells is a field that says little, unless one cell is so large. */
const LEAST_PHOTOGRAPH_SIDE = 600;
/** Of the picture's shorter side: the radius from which on a cell is what the picture is of. */
const SINGLE_RADIUS = 0.2;
/** Added on each side of a small picture, of the box's longer side. */
const TILE_MARGIN = 0.25;

const RGB: readonly Plane[] = [0, 1, 2];

/**
 * Read, check and decode a file, and find its cells where it shows many. Never throws for a bad
 * file.
 */
export function prepareSmear(
	file: File,
	rule: SmearRule,
	corners: FilmPlace = null
): Promise<Outcome<Prepared | PreparedField>> {
	return withPicture<Prepared | PreparedField>(file, corners, async (opened) => {
		const { raster } = opened;
		if (raster.stride < 3) return inputFrom(opened, rule);
		const resize = await warmUpInput();
		if (!isLarge(raster)) return singleOf(opened, rule, resize);
		const found = findCells(raster, resize);
		if (!isField(raster, found)) return singleOf(opened, rule, resize);
		// So many are no cells: grain, or a pattern.
		const isCrowded = found.cells.length > MAX_FIELD_CELLS;
		return fieldOf(opened, isCrowded ? { ...found, cells: [] } : found, rule, resize);
	});
}

function isLarge({ width, height }: Raster): boolean {
	return Math.max(width, height) >= LEAST_FIELD_SIDE;
}

/** Whether a picture shows a field rather than a single cell. */
export function isField(
	{ width, height }: Pick<Raster, 'width' | 'height'>,
	{ cells, radius }: Pick<FoundCells, 'cells' | 'radius'>
): boolean {
	if (cells.filter(isCounted).length >= LEAST_CELLS) return true;
	const isOneCell = radius !== null && radius > SINGLE_RADIUS * Math.min(width, height);
	return Math.max(width, height) >= LEAST_PHOTOGRAPH_SIDE && !isOneCell;
}

/** A picture of one cell, cut out where it does not lie on black. */
async function singleOf(
	opened: OpenedPicture,
	rule: SmearRule,
	resize: Resize
): Promise<Outcome<Prepared>> {
	const cut = cutOutSingle(opened.raster, resize);
	if (cut === null) return inputFrom(opened, rule);
	const outcome = await inputFrom({ ...opened, raster: cut }, rule);
	if (!outcome.ok) return outcome;
	const { width, height } = opened.raster;
	const thumbnail = await thumbnailFrom(opened.raster);
	return succeeded({ ...outcome.value, width, height, thumbnail });
}

async function fieldOf(
	{ raster, facts, source, corners }: OpenedPicture,
	found: FoundCells,
	rule: SmearRule,
	resize: Resize
): Promise<Outcome<PreparedField>> {
	const { width, height } = raster;
	const thumbnail = await thumbnailFrom(raster);
	if (!hasColours(resizedTo(raster, 64, 64, resize))) return failed('no-colours');
	const notes = notesOf(raster, found, resize);
	const { radius, cells } = found;
	return succeeded({
		...{ radius, found: cells, notes },
		...cutOutCells(raster, found, rule, resize),
		...{ width, height, thumbnail, facts, source, corners }
	});
}

/** Cut out all red cells of a field that are whole. */
export function cutOutCells(
	raster: Raster,
	found: FoundCells,
	rule: SmearRule,
	resize: Resize
): Pick<PreparedField, 'read' | 'inputs' | 'tiles'> {
	const read = found.cells.flatMap((cell, i) => (isCounted(cell) ? [i] : []));
	const size = rule.width * rule.height * 3;
	const inputs = new Uint8Array(read.length * size);
	const tiles = new Uint8Array(read.length * TILE_BYTES);
	read.forEach((cell, i) => {
		const cut = cutOut(raster, found, cell);
		const input = resizedTo(cut, rule.width, rule.height, resize);
		const { evenColours } = rule;
		inputs.set(evenColours ? madeEven(input, rule.width, evenColours) : input, i * size);
		const around = surroundingsOf(raster, found.cells[cell]);
		tiles.set(resizedTo(around, TILE_SIDE, TILE_SIDE, resize), i * TILE_BYTES);
	});
	return { read, inputs, tiles };
}

/** Squashed to a size: uint8, height x width x 3. */
function resizedTo(raster: Raster, width: number, height: number, resize: Resize): Uint8Array {
	return interleave(RGB.map((plane) => resize(raster, plane, width, height)));
}

/** The square around a cell, cut where the picture ends; RGB. */
function surroundingsOf({ width, height, stride, data }: Raster, cell: FoundCell): Raster {
	const longer = Math.max(cell.right - cell.left, cell.bottom - cell.top);
	const side = Math.min(Math.round(longer * (1 + 2 * TILE_MARGIN)), width, height);
	const within = (middle: number, limit: number) =>
		Math.min(limit - side, Math.max(0, Math.round(middle - side / 2)));
	const left = within((cell.left + cell.right) / 2, width);
	const top = within((cell.top + cell.bottom) / 2, height);
	const cut = new Uint8Array(side * side * 3);
	for (let y = 0; y < side; y++) {
		for (let x = 0; x < side; x++) {
			const from = ((top + y) * width + left + x) * stride;
			const to = (y * side + x) * 3;
			cut[to] = data[from];
			cut[to + 1] = data[from + 1];
			cut[to + 2] = data[from + 2];
		}
	}
	return { width: side, height: side, stride: 3, data: cut };
}
