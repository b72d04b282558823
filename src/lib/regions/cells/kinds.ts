/**
 * Red cells, white cells, platelets and the rest told apart: the same decisions as
 * `fieldlens_training/regions/cells/kinds.py`.
 */
import { CLEAR, type Foreground } from './foreground';

export type CellKind = 'red' | 'white' | 'platelet' | 'debris';

/** What belongs to one disc, in pixels of the working picture. */
export interface Part {
	/** The least box around it; the ends are excluded. */
	left: number;
	top: number;
	right: number;
	bottom: number;
	area: number;
	/** Pixels along the picture's edge. */
	edge: number;
	/** Sums of the flattened channels. */
	green: number;
	red: number;
}

/** Of the typical radius: how long a cell may lie along the picture's edge without being cut off. */
const CUT = 0.35;
/** Of a typical cell's area: parts that are too small for a red cell, whole and cut off. */
const SMALLEST = 0.2;
/** Parts that are too large. */
const LARGEST = 3;
/** Of a typical cell's area: up to here a darkly stained part is a platelet. */
const PLATELET = 0.45;
/** Percent of the typical red (of green) absorption that a platelet reaches. */
const PLATELET_RED = 160;
const PLATELET_GREEN = 115;
/** Of a typical cell's area: a nucleus. */
const NUCLEUS = 0.3;
/** Percent of the typical red absorption that a nucleus reaches. */
const NUCLEUS_RED = 200;
/** Percent of the typical ratio of red to green absorption that a nucleus reaches: overlapping red
 * cells absorb more of both, nuclei above all more red. */
const NUCLEUS_RATIO = 130;
/** Levels that typical red cells absorb at least; below it is noise. */
const LEAST_ABSORPTION = 8;

/** What typical red cells of a field are like. */
interface Typical {
	/** Pixels of the working picture. */
	radius: number;
	/** Median over cells of the mean flattened green and red. */
	green: number;
	red: number;
}

/** Measure the parts that pixels belong to. @param owners counted from 1. */
export function measureParts(
	owners: Int32Array,
	count: number,
	{ width, height, green, red }: Foreground
): Part[] {
	const parts = Array.from({ length: count }, (): Part => {
		const box = { left: width, top: height, right: 0, bottom: 0 };
		return { ...box, area: 0, edge: 0, green: 0, red: 0 };
	});
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const at = y * width + x;
			if (owners[at] === 0) continue;
			const part = parts[owners[at] - 1];
			part.left = Math.min(part.left, x);
			part.right = Math.max(part.right, x + 1);
			part.top = Math.min(part.top, y);
			part.bottom = Math.max(part.bottom, y + 1);
			part.area++;
			part.green += green[at];
			part.red += red[at];
			// A corner lies along two edges.
			if (x === 0) part.edge++;
			if (x === width - 1) part.edge++;
			if (y === 0) part.edge++;
			if (y === height - 1) part.edge++;
		}
	}
	return parts;
}

/** The typical red cell of a field; the background where there is none. */
export function typicalOf(parts: readonly Part[], radius: number): Typical {
	const cell = Math.PI * radius * radius;
	const usual = parts.filter(({ area }) => area > 0.5 * cell && area < 1.8 * cell);
	const median = (channel: 'green' | 'red') => {
		const means = usual.map((part) => Math.floor(part[channel] / part.area)).sort((a, b) => a - b);
		return means.length === 0 ? CLEAR : means[Math.floor((means.length - 1) / 2)];
	};
	return { radius, green: median('green'), red: median('red') };
}

/** Whether a part is cut off by the picture's edge. */
export function isCutOff({ edge }: Part, { radius }: Typical): boolean {
	return edge > CUT * radius;
}

/** Of each part the pixels that are stained as nuclei are. */
export function nucleiOf(
	owners: Int32Array,
	count: number,
	{ green, red }: Foreground,
	typical: Typical
): Uint32Array {
	const [usualRed, usualGreen] = absorptionOf(typical);
	const nuclei = new Uint32Array(count);
	owners.forEach((owner, at) => {
		if (owner === 0) return;
		const dark = CLEAR - red[at];
		const isNucleus =
			dark * 100 >= NUCLEUS_RED * usualRed &&
			dark * usualGreen * 100 >= NUCLEUS_RATIO * (CLEAR - green[at]) * usualRed;
		if (isNucleus) nuclei[owner - 1]++;
	});
	return nuclei;
}

/** @param nucleus pixels that are stained as nuclei are. */
export function kindOf(part: Part, nucleus: number, typical: Typical): CellKind {
	const cell = Math.PI * typical.radius * typical.radius;
	const { area } = part;
	if (nucleus > NUCLEUS * cell) return 'white';
	if (area < PLATELET * cell) {
		const [red, green] = absorptionOf(typical);
		const isPlatelet =
			(CLEAR * area - part.red) * 100 >= PLATELET_RED * red * area ||
			(CLEAR * area - part.green) * 100 >= PLATELET_GREEN * green * area;
		if (isPlatelet) return 'platelet';
	}
	return area < SMALLEST * cell || area > LARGEST * cell ? 'debris' : 'red';
}

/** What a typical red cell absorbs of red and of green, levels. */
function absorptionOf({ red, green }: Typical): [red: number, green: number] {
	return [Math.max(LEAST_ABSORPTION, CLEAR - red), Math.max(LEAST_ABSORPTION, CLEAR - green)];
}
