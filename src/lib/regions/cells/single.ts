/**
 * Cuts a single cell out of a picture that also shows what lies around it: the same bits as
 * `fieldlens_training/regions/cells/single.py`, which says the steps.
 */
import type { Raster, Resize } from '../../pixels/resizer';
import { cutOut } from './cut-out';
import { findCells, WORKING_RADIUS, type FoundCell, type FoundCells } from './find';
import { countsOf, medianOf, otsuOf } from './foreground';
import { partsOf, squaredDistances } from './plane';

/** A pixel of the frame is black with all channels below. */
const BLACK = 24;
/** Hundredths of the picture's shorter side that the cell's box has at least. */
const LEAST_SIDE = 40;
/** Hundredths of the cell's size from which on a second one counts. */
const LEAST_OTHER = 60;
/** Hundredths of the shorter side by which a second cell lies inside the picture, if whole. */
const INSET = 3;
/** Hundredths of the typical squared radius by which the core lies inside the cell's edge. */
const CORE = 12;
/** Hundredths of it by which the cell reaches beyond its core; what hangs on is left out. */
const REACH = 30;

/**
 * @param picture at least three values a pixel.
 * @returns the cell on black, RGB; null where the picture is read as it is: the cell lies on
 * black already, no large red cell lies in the middle, or there is a second one.
 */
export function cutOutSingle(picture: Raster, resize: Resize): Raster | null {
	if (liesOnBlack(picture)) return null;
	const padded = withMargin(picture);
	if (padded === null) return null;
	const found = findCells(padded, resize);
	const { width, height } = picture;
	const margin = marginOf(picture);
	const { owners } = found;
	const owned = new Int32Array(found.cells.length + 1);
	const columns = middleOf(margin, width, padded.width, owners.width);
	for (const row of middleOf(margin, height, padded.height, owners.height)) {
		for (const column of columns) owned[owners.of[row * owners.width + column]]++;
	}
	const most = Math.max(0, ...owned.subarray(1));
	if (most === 0) return null;
	const index = owned.indexOf(most, 1) - 1;
	const cell = found.cells[index];
	const shorter = Math.min(width, height);
	if (cell.kind !== 'red' || 100 * sideOf(cell) < LEAST_SIDE * shorter) return null;
	const inset = Math.floor((INSET * shorter + 50) / 100);
	const isAnother = (other: FoundCell): boolean =>
		other !== cell &&
		other.kind === 'red' &&
		100 * sideOf(other) >= LEAST_OTHER * sideOf(cell) &&
		Math.min(other.left, other.top) >= margin + inset &&
		other.right <= margin + width - inset &&
		other.bottom <= margin + height - inset;
	return found.cells.some(isAnother) ? null : cutOut(padded, withoutAttached(found, index), index);
}

/** The cells, with what only hangs on to one of them, as a piece of a neighbour, given to none. */
function withoutAttached(found: FoundCells, index: number): FoundCells {
	const { owners } = found;
	const own = Uint8Array.from(owners.of, (owner) => (owner === index + 1 ? 1 : 0));
	const square = WORKING_RADIUS * WORKING_RADIUS;
	const inside = Math.floor((square * CORE) / 100);
	const distances = squaredDistances(own, owners);
	const deep = Uint8Array.from(distances, (distance) => (distance > inside ? 1 : 0));
	const { labels, areas } = partsOf(deep, owners, 1);
	const core = areas.indexOf(Math.max(...areas.slice(1)), 1);
	if (core < 1) return found;
	const outside = Uint8Array.from(labels, (label) => (label === core ? 0 : 1));
	const reach = Math.floor((square * REACH) / 100);
	const away = squaredDistances(outside, owners);
	const of = owners.of.map((owner, at) =>
		owner === index + 1 && away[at] > reach ? found.cells.length + 1 : owner
	);
	return { ...found, owners: { ...owners, of } };
}

/** Whether at least half of the picture's frame, one pixel wide, is black. */
function liesOnBlack({ width, height, stride, data }: Raster): boolean {
	let [black, count] = [0, 0];
	const look = (x: number, y: number): void => {
		const at = (y * width + x) * stride;
		if (Math.max(data[at], data[at + 1], data[at + 2]) < BLACK) black++;
		count++;
	};
	for (let x = 0; x < width; x++) {
		look(x, 0);
		look(x, height - 1);
	}
	for (let y = 1; y < height - 1; y++) {
		look(0, y);
		look(width - 1, y);
	}
	return 2 * black >= count;
}

function marginOf({ width, height }: Raster): number {
	return Math.floor(Math.max(width, height) / 2);
}

/** The picture with a margin all around of the colour of its clear part; null without any. */
function withMargin(picture: Raster): Raster | null {
	const { width, height, stride, data } = picture;
	const channel = (index: number): Uint8Array =>
		Uint8Array.from({ length: width * height }, (_, pixel) => data[pixel * stride + index]);
	const green = channel(1);
	const dark = otsuOf(countsOf(green));
	if (!green.some((value) => value > dark)) return null;
	const colour = [0, 1, 2].map((index) =>
		medianOf(countsOf(channel(index).filter((_, pixel) => green[pixel] > dark)))
	);
	const margin = marginOf(picture);
	const padded = {
		width: width + 2 * margin,
		height: height + 2 * margin,
		stride: 3,
		data: new Uint8Array((width + 2 * margin) * (height + 2 * margin) * 3)
	};
	for (let at = 0; at < padded.data.length; at++) padded.data[at] = colour[at % 3];
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const from = (y * width + x) * stride;
			const to = ((y + margin) * padded.width + x + margin) * 3;
			for (let index = 0; index < 3; index++) padded.data[to + index] = data[from + index];
		}
	}
	return padded;
}

/** Where the middle half of the picture's rows or columns lies in the working picture. */
function middleOf(margin: number, length: number, padded: number, working: number): number[] {
	const quarter = Math.floor(length / 4);
	return Array.from({ length: length - 2 * quarter }, (_, i) =>
		Math.floor(((2 * (margin + quarter + i) + 1) * working) / (2 * padded))
	);
}

function sideOf({ left, top, right, bottom }: FoundCell): number {
	return Math.max(right - left, bottom - top);
}
