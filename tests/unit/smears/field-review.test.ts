import { describe, expect, it } from 'vitest';
import {
	boxAround,
	reviewedCells,
	withAdded,
	withFinding,
	withRemoved
} from '../../../src/lib/smears/field-review';
import { fieldOf } from '../helpers/smears';

const SAID = { by: 'AB', time: '2026-11-30T10:00:00.000Z' };

describe('what a person says of cells', () => {
	it('stands once for each cell: the last word', () => {
		const first = withFinding(null, 3, 'none', SAID);
		expect(withFinding(first, 3, 'parasite', SAID)?.said).toMatchObject([
			{ cell: 3, finding: 'parasite' }
		]);
	});

	it('is nothing once all of it is taken back', () => {
		expect(withFinding(withFinding(null, 0, 'none', SAID), 0, null, SAID)).toBeNull();
		expect(withRemoved(withRemoved(null, 0, true), 0, false)).toBeNull();
	});

	it('joins the cells that were found, with those that were missed behind them', () => {
		let review = withFinding(null, 0, 'parasite', SAID);
		review = withRemoved(review, 1, true);
		review = withAdded(review, { left: 1, top: 1, right: 9, bottom: 9 });
		expect(reviewedCells(fieldOf([0.5, 0.5]), review)).toMatchObject([
			{ index: 0, finding: 'parasite', isRemoved: false, isAdded: false },
			{ index: 1, finding: null, isRemoved: true },
			{ index: 2, isAdded: true, kind: 'red', probability: null, left: 1 }
		]);
	});
});

describe('the box of a cell that a person tapped', () => {
	it('is as large as a typical cell, within the picture', () => {
		const picture = { width: 100, height: 80 };
		expect(boxAround({ x: 50.2, y: 40 }, 10, picture)).toEqual({
			left: 40,
			top: 30,
			right: 60,
			bottom: 50
		});
		expect(boxAround({ x: 2, y: 79 }, 10, picture)).toMatchObject({ left: 0, bottom: 80 });
	});
});
