/** What Python finds in drawn fields (`fieldlens_training.regions.cells.reference_fields`). */
import { readFileSync } from 'node:fs';
import type { Raster } from '../../../src/lib/pixels/resizer';
import type { CellKind } from '../../../src/lib/regions/cells/kinds';

interface Shape {
	x: number;
	y: number;
	radius: number;
	pallor: number;
	stain: string;
}

export interface DrawnField {
	name: string;
	width: number;
	height: number;
	/** Hundredths of the light that are lost from left to right. */
	slope: number;
	shapes: Shape[];
}

interface StoredCase {
	field: DrawnField;
	radius: number | null;
	cells: {
		left: number;
		top: number;
		right: number;
		bottom: number;
		kind: CellKind;
		is_cut: boolean;
		/** Start of the SHA-256 of the cell cut out, as it is and with even colours. */
		cut_out: string;
		even: string;
	}[];
}

const stored = JSON.parse(readFileSync('tests/unit/fixtures/cells.json', 'utf8')) as {
	background: number[];
	stains: Record<string, number[]>;
	pale: number;
	cases: StoredCase[];
	singles: { field: DrawnField; side: number | null; cut_out: string | null }[];
};

/** Pictures of about one cell, and the cell that is cut out of each. */
export const singleCases = stored.singles.map(({ field, side, cut_out: cutOut }) => ({
	field,
	cut: side === null ? null : { side, cutOut }
}));

export const cellCases = stored.cases.map(({ field, radius, cells }) => ({
	field,
	found: {
		radius,
		cells: cells.map(({ left, top, right, bottom, kind, is_cut: isCut }) => ({
			left,
			top,
			right,
			bottom,
			kind,
			isCut
		}))
	},
	digests: cells.map(({ cut_out, even }) => ({ cutOut: cut_out, even }))
}));

/** A drawn field, by the formula of the script. */
export function drawnField({ width, height, slope, shapes }: DrawnField): Raster {
	const data = new Uint8Array(width * height * 3);
	const full = 100 * width;
	for (let at = 0; at < data.length; at++) {
		const x = Math.floor(at / 3) % width;
		data[at] = Math.floor((stored.background[at % 3] * (full - slope * x)) / full);
	}
	for (const shape of shapes) {
		const { x: middle, y: row, radius } = shape;
		for (let y = Math.max(0, row - radius); y < Math.min(height, row + radius); y++) {
			for (let x = Math.max(0, middle - radius); x < Math.min(width, middle + radius); x++) {
				const square = (x - middle) ** 2 + (y - row) ** 2;
				if (square >= radius ** 2) continue;
				const pale = square < shape.pallor ** 2 ? stored.pale : 0;
				stored.stains[shape.stain].forEach((percent, channel) => {
					const at = (y * width + x) * 3 + channel;
					data[at] = Math.floor((data[at] * (percent + pale)) / 100);
				});
			}
		}
	}
	for (let at = 0; at < data.length; at++) {
		const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / (3 * width))];
		const noise = (((3 * x * x + 5 * y * y + 7 * x * y) >> 5) % 5) - 2;
		data[at] = Math.min(255, Math.max(0, data[at] + noise));
	}
	return { width, height, stride: 3, data };
}
