import { describe, expect, it } from 'vitest';
import { cellCount, fieldCells, fieldScore, packCells } from '../../../src/lib/smears/field';
import { TILE_COLUMNS, tileOf } from '../../../src/lib/smears/tiles';
import { cellAt, fieldOf } from '../helpers/smears';

describe('the cells of a field as bytes', () => {
	const cells = [
		cellAt(0),
		cellAt(2, { kind: 'white', isCut: true, left: 0, right: 65_535 }),
		cellAt(3, { kind: 'platelet' })
	];
	const packed = packCells(cells, [{ logOdds: -2.5, distance: 0.75 }, null, null]);

	it('come back as they were', () => {
		expect(fieldCells({ cells: packed })).toEqual([
			{ ...cells[0], score: { logOdds: -2.5, distance: 0.75 } },
			{ ...cells[1], score: null },
			{ ...cells[2], score: null }
		]);
	});

	it('come back from a part of a larger buffer, as storage gives it', () => {
		const larger = new Uint8Array(packed.length + 3);
		larger.set(packed, 3);
		expect(fieldCells({ cells: larger.subarray(3) })).toEqual(fieldCells({ cells: packed }));
	});

	it('keep a score without a distance', () => {
		const [cell] = fieldCells({
			cells: packCells([cellAt(0)], [{ logOdds: 0, distance: null }])
		});
		expect(cell.score).toEqual({ logOdds: 0, distance: null });
	});

	it('are counted by their bytes', () => {
		expect(cellCount(packed)).toBe(3);
		expect(cellCount(packed.subarray(1))).toBeNull();
	});
});

describe('the score of a field', () => {
	it('is the probability of its most suspicious cell', () => {
		expect(fieldScore(fieldOf([0.1, 0.9, 0.3]))).toBeCloseTo(0.9, 6);
	});

	it('is 0 where no cell was read', () => {
		expect(fieldScore(fieldOf([]))).toBe(0);
	});
});

describe('the small pictures of cells', () => {
	it('lie in rows, in the order of their cells', () => {
		const cells = Array.from({ length: TILE_COLUMNS + 2 }, (_, i) => 100 + i);
		expect(tileOf({ side: 64, cells }, 101)).toEqual({ left: 64, top: 0, side: 64 });
		expect(tileOf({ side: 64, cells }, 100 + TILE_COLUMNS)).toEqual({ left: 0, top: 64, side: 64 });
		expect(tileOf({ side: 64, cells }, 5)).toBeNull();
	});
});
