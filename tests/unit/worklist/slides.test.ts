import { describe, expect, it } from 'vitest';
import { USUAL_RED_CELLS } from '../../../src/lib/smears/count';
import { withFinding } from '../../../src/lib/smears/field-review';
import {
	confirmedFirst,
	FieldCounter,
	slidesOf,
	suspectsOf
} from '../../../src/lib/worklist/slides';
import { exampleRule, fieldRow } from '../helpers/smears';
import { readRow, rowAt } from '../helpers/rows';

const rule = exampleRule(1);
const SAID = { by: 'AB', time: '2026-11-30T10:00:00.000Z' };
const slides = (rows: Parameters<typeof slidesOf>[0], redCells = {}) =>
	slidesOf(rows, new FieldCounter(rule), redCells);

describe('slides', () => {
	it('are the folders that hold fields, the most suspicious first', () => {
		const rows = [
			fieldRow(0, 'clear/1.jpg', [0.1, 0.1]),
			fieldRow(1, 'ward/sick/2.jpg', [0.9, 0.9]),
			fieldRow(2, 'ward/sick/1.jpg', [0.1, 0.9]),
			rowAt(3, 'ward/sick/3.jpg'),
			readRow(4, 0.9, 'cells/1.png')
		];
		const found = slides(rows);
		expect(found.map(({ key }) => key)).toEqual(['ward/sick', 'clear']);
		expect(found[0].rows.map(({ id }) => id)).toEqual([2, 1, 3]);
		expect(found[0]).toMatchObject({ unread: 1, redCells: USUAL_RED_CELLS, isNamed: false });
		expect(found[0].count).toMatchObject({ fields: 2, cells: 4, suspected: 3 });
	});

	it('are what a person put together, whatever the folders', () => {
		const rows = [
			fieldRow(0, 'a.jpg', [0.1], { slide: 'Patient 7' }),
			fieldRow(1, 'b.jpg', [0.1]),
			fieldRow(2, 'x/c.jpg', [0.9], { slide: 'Patient 7' })
		];
		const found = slides(rows, { 'Patient 7': 3_000_000 });
		expect(found.map(({ key }) => key)).toEqual(['Patient 7', '']);
		expect(found[0]).toMatchObject({ isNamed: true, redCells: 3_000_000, count: { cells: 2 } });
	});
});

describe('the cells that a person looks at', () => {
	const rows = [
		fieldRow(0, 's/1.jpg', [0.3, 0.9, 0.01]),
		fieldRow(1, 's/2.jpg', [0.95, 0.5, 0.02], {
			fieldReview: withFinding(null, 2, 'parasite', SAID)
		})
	];
	const [slide] = slides(rows);
	const cells = suspectsOf(slide, rule);
	const placesOf = (some: typeof cells) => some.map(({ row, cell }) => [row.id, cell.index]);

	it('come the most suspicious first, then the borderline ones, then what else was judged', () => {
		expect(placesOf(cells)).toEqual([
			[1, 0],
			[0, 1],
			[1, 1],
			[0, 0],
			[1, 2]
		]);
	});

	it('come with the confirmed ones first where there is room for a few', () => {
		expect(placesOf(confirmedFirst(cells, 2))).toEqual([
			[1, 2],
			[1, 0]
		]);
	});
});
