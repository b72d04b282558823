import { describe, expect, it } from 'vitest';
import { cellAt } from '../../../src/lib/smears/cell-at';
import { reviewedCells } from '../../../src/lib/smears/field-review';
import { fieldOf } from '../helpers/smears';

// Boxes 20 wide at x = 0, 30, 60; y = 10..30.
const cells = reviewedCells(fieldOf([0.1, 0.2, 0.3]), null);

describe('the cell under a point', () => {
	it.each([
		[{ x: 5, y: 20 }, 0, 0],
		[{ x: 49, y: 29 }, 0, 1],
		[{ x: 25, y: 20 }, 0, undefined],
		[{ x: 26, y: 20 }, 6, 1],
		[{ x: 5, y: 40 }, 6, undefined]
	])('at %j with a slack of %d is %s', (at, slack, index) => {
		expect(cellAt(cells, at, slack)?.index).toBe(index);
	});

	it('is, where boxes overlap, the one whose middle is nearest', () => {
		const [a, b] = cells;
		const wide = { ...a, right: 60, index: 0 };
		expect(cellAt([wide, b], { x: 38, y: 20 })?.index).toBe(1);
	});
});
