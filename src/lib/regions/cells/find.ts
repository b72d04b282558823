/**
 * Finds the cells of a photograph of one microscope field, at any magnification: the same result
 * as `fieldlens_training/regions/cells/find.py`.
 */
import type { Raster, Resize } from '../../pixels/resizer';
import { foregroundOf, type Planes } from './foreground';
import {
	isCutOff,
	kindOf,
	measureParts,
	nucleiOf,
	typicalOf,
	type CellKind,
	type Part
} from './kinds';
import { pallorFiller } from './pallor';
import { squaredDistances, type Size } from './plane';
import { discsOf, ownersOf, type Disc } from './split';

/** Longest side of the picture in which the cells' size is estimated, pixels. */
const FIRST_SIDE = 640;
/** Typical radius of a red cell in the working picture, pixels. */
export const WORKING_RADIUS = 14;
/** Longest side of the working picture. */
const LONGEST_SIDE = 1600;
/** Squared radius from which on a disc counts while the cells' size is not known. */
const LEAST_DISC = 9;
/** Squared radius of the typical cell's disc there; what is smaller is noise or cannot be read. */
const LEAST_TYPICAL = 25;
/** Percent of the typical radius that a cell's disc has at least. */
const LEAST_RADIUS = 45;

/** In pixels of the picture. */
export interface FoundCell {
	left: number;
	top: number;
	right: number;
	bottom: number;
	kind: CellKind;
	/** The picture's edge cuts it off: it is not counted. */
	isCut: boolean;
}

export interface FoundCells {
	/** Radius of the largest disc in a typical red cell, pixels of the picture; null without any. */
	radius: number | null;
	cells: FoundCell[];
	owners: Owners;
}

/**
 * Of each pixel of the working picture the cell that it belongs to, counted from 1; 0 where to
 * none. Empty without any cell.
 */
export interface Owners extends Size {
	of: Int32Array;
}

/** @param picture interleaved colours, at least three values a pixel. */
export function findCells(picture: Raster, resize: Resize): FoundCells {
	const first = scaled(picture, FIRST_SIDE / Math.max(picture.width, picture.height), resize);
	const squared = typicalDisc(first);
	if (squared === null || squared < LEAST_TYPICAL) {
		return { radius: null, cells: [], owners: { width: 0, height: 0, of: new Int32Array() } };
	}
	const firstRadius = Math.sqrt(squared) * (picture.width / first.width);
	const factor = Math.min(
		WORKING_RADIUS / firstRadius,
		LONGEST_SIDE / Math.max(picture.width, picture.height)
	);
	const working = scaled(picture, factor, resize);
	const radius = firstRadius * (working.width / picture.width);
	const foreground = foregroundOf(working);
	const mask = pallorFiller(foreground)(radius);
	const distances = squaredDistances(mask, working);
	const least = Math.max(4, Math.floor((radius * radius * LEAST_RADIUS * LEAST_RADIUS) / 10_000));
	const discs = discsOf(distances, working, least);
	const owners = ownersOf(mask, working, discs, radius);
	const parts = measureParts(owners, discs.length, foreground);
	const typical = typicalOf(parts, radius);
	const nuclei = nucleiOf(owners, discs.length, foreground, typical);
	const cells = parts.map((part, i) => ({
		...boxIn(picture, part, working),
		kind: kindOf(part, nuclei[i], typical),
		isCut: isCutOff(part, typical)
	}));
	const { width, height } = working;
	return { radius: firstRadius, cells, owners: { width, height, of: owners } };
}

/** The picture at another size. */
function scaled(picture: Raster, factor: number, resize: Resize): Planes {
	const [width, height] = [picture.width, picture.height].map((side) =>
		Math.max(1, Math.floor(side * factor + 0.5))
	);
	const [red, green] = ([0, 1] as const).map((plane) => resize(picture, plane, width, height));
	return { width, height, red, green };
}

/** The squared radius of a typical cell's disc; null where there is no cell. */
function typicalDisc(planes: Planes): number | null {
	const fill = pallorFiller(foregroundOf(planes));
	let squared: number | null = null;
	// The pallor can be told from gaps only once the size is known.
	for (let round = 0; round < 3; round++) {
		const mask = fill(squared === null ? null : Math.sqrt(squared));
		const discs = discsOf(squaredDistances(mask, planes), planes, LEAST_DISC);
		const middle = middleOf(discs.filter((disc) => isWhole(disc, planes)));
		if (middle === null) return null;
		if (middle === squared) break;
		squared = middle;
	}
	return squared;
}

function isWhole({ x, y, squared }: Disc, { width, height }: Size): boolean {
	const near = Math.min(x, y, width - x, height - y);
	return near * near > squared;
}

/** The median of squared radii, each with itself as its weight: small discs are many. */
function middleOf(discs: readonly Disc[]): number | null {
	const squares = discs.map(({ squared }) => squared).sort((a, b) => a - b);
	const total = squares.reduce((sum, square) => sum + square, 0);
	let sum = 0;
	return squares.find((square) => (sum += square) * 2 >= total) ?? null;
}

/** A part's box in the picture, to whole pixels. */
function boxIn(picture: Size, part: Part, working: Size) {
	const across = (x: number) =>
		Math.floor((2 * x * picture.width + working.width) / (2 * working.width));
	const down = (y: number) =>
		Math.floor((2 * y * picture.height + working.height) / (2 * working.height));
	return {
		left: across(part.left),
		top: down(part.top),
		right: across(part.right),
		bottom: down(part.bottom)
	};
}
