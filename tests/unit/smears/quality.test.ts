import { describe, expect, it } from 'vitest';
import { resizePlain, type Raster } from '../../../src/lib/pixels/resizer';
import { findCells } from '../../../src/lib/regions/cells/find';
import { isField } from '../../../src/lib/smears/prepare';
import { isCountable, notesOf } from '../../../src/lib/smears/quality';
import { drawnField, type DrawnField } from '../helpers/cells';

const size = { width: 480, height: 360 };

/** Red cells in rows, so many across and down. */
function cellsIn(across: number, down: number, gap = 60): DrawnField {
	const radius = 20;
	const shapes = Array.from({ length: across * down }, (_, i) => ({
		x: 40 + gap * (i % across),
		y: 40 + 60 * Math.floor(i / across),
		radius,
		pallor: 6,
		stain: 'red'
	}));
	return { name: 'rows', ...size, slope: 10, shapes };
}

const notes = (picture: Raster) => notesOf(picture, findCells(picture, resizePlain), resizePlain);

/** A box filter over so many pixels to each side, twice. */
function blurred(picture: Raster, reach: number): Raster {
	let { data } = picture;
	for (const step of [3, 3 * picture.width, 3, 3 * picture.width]) {
		const before = data;
		data = before.map((value, at) => {
			let sum = 0;
			for (let k = -reach; k <= reach; k++) sum += before[at + k * step] ?? value;
			return Math.round(sum / (2 * reach + 1));
		});
	}
	return { ...picture, data };
}

describe('the quality of a field', { timeout: 60_000 }, () => {
	const good = drawnField(cellsIn(7, 5));

	it('is not spoken of where all is well', () => {
		expect(notes(good)).toEqual([]);
	});

	it('is out of focus where edges are wide', () => {
		expect(notes(blurred(good, 4))).toContain('out-of-focus');
	});

	it('is too dark where the background is', () => {
		expect(notes({ ...good, data: good.data.map((value) => value / 5) })).toEqual(['too-dark']);
	});

	it('is too thick where cells lie in stacks', () => {
		expect(notes(drawnField(cellsIn(12, 5, 34)))).toContain('too-thick');
	});

	it('is too little where there are few cells', () => {
		expect(notes(drawnField(cellsIn(3, 2)))).toEqual(['too-few-cells']);
	});

	it('is no smear where there is no cell', () => {
		const data = new Uint8Array(size.width * size.height * 3).fill(180);
		expect(notes({ ...size, stride: 3, data })).toEqual(['not-a-smear']);
	});

	it('says whether anything can be counted', () => {
		expect(isCountable({ notes: ['too-dark', 'too-few-cells'] })).toBe(true);
		expect(isCountable({ notes: ['out-of-focus'] })).toBe(false);
	});
});

describe('a picture', () => {
	const cell = { left: 0, top: 0, right: 9, bottom: 9, kind: 'red' as const, isCut: false };
	const of = (count: number, radius: number | null) => ({
		cells: Array.from({ length: count }, () => cell),
		radius
	});

	it('of several whole red cells is a field', () => {
		expect(isField({ width: 400, height: 300 }, of(3, 20))).toBe(true);
	});

	it('of one cell is none, however large', () => {
		expect(isField({ width: 400, height: 300 }, of(1, 20))).toBe(false);
		expect(isField({ width: 1200, height: 1000 }, of(1, 400))).toBe(false);
	});

	it('of the size of a photograph is a field, although it shows few cells or none', () => {
		expect(isField({ width: 1200, height: 1000 }, of(2, 40))).toBe(true);
		expect(isField({ width: 1200, height: 1000 }, of(0, null))).toBe(true);
	});
});
