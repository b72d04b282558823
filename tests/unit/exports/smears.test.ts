import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { cellsCsv, slidesCsv } from '../../../src/lib/exports/smears';
import { withAdded, withFinding, withRemoved } from '../../../src/lib/smears/field-review';
import { FieldCounter, slidesOf } from '../../../src/lib/worklist/slides';
import { exampleRule, fieldOf, fieldRow } from '../helpers/smears';

const rule = exampleRule(1);
const SAID = { by: '=AB', time: '2026-11-30T10:00:00.000Z' };
let fieldReview = withFinding(null, 0, 'parasite', SAID);
fieldReview = withRemoved(fieldReview, 2, true);
fieldReview = withAdded(fieldReview, { left: 1, top: 2, right: 11, bottom: 22 });
const blurred = fieldOf([0.9], { notes: ['out-of-focus'] });
const rows = [
	fieldRow(0, 'clear/1.jpg', [0.1, 0.1]),
	fieldRow(1, 'sick/1.jpg', [0.9, 0.3, 0.1], { fieldReview }),
	fieldRow(2, 'sick/2.jpg', [0.9], { field: blurred })
];
const slides = slidesOf(rows, new FieldCounter(rule), { sick: 4_000_000 });
const tableOf = (text: string) =>
	Papa.parse<Record<string, string>>(text.replace('\ufeff', ''), {
		header: true,
		skipEmptyLines: true
	}).data;

describe('the table of slides', () => {
	const table = tableOf(slidesCsv(slides, rule));

	it('has a row a slide, the most suspicious first', () => {
		expect(table.map(({ slide }) => slide)).toEqual(['sick', 'clear']);
	});

	it('says what was counted, and the shares of model and person apart', () => {
		expect(table[0]).toMatchObject({
			category: 'likely',
			files: '2',
			fields: '1',
			unusable_fields: '1',
			cells: '3',
			suspected: '1',
			borderline: '1',
			confirmed: '1',
			model_share: '0.333333',
			person_share: '0.333333',
			person_per_microlitre: '1333333.333333',
			red_cells_per_microlitre: '4000000',
			operating_point: rule.point.id,
			model: 'example'
		});
		expect(table[1]).toMatchObject({ person_share: '', model_share: '0.000000' });
	});
});

describe('the table of cells', () => {
	const table = tableOf(cellsCsv(slides, rule));

	it('has a row a cell, with what the model and the person say', () => {
		expect(table).toHaveLength(4 + 1 + 2);
		expect(table[0]).toMatchObject({
			slide: 'sick',
			path: 'sick/1.jpg',
			cell: '0',
			standing: 'suspected',
			probability: '0.900000',
			finding: 'parasite'
		});
		expect(table[1]).toMatchObject({ standing: 'borderline', finding: '' });
		expect(table[2]).toMatchObject({ standing: 'not-counted', removed: 'yes' });
		expect(table[3]).toMatchObject({ standing: 'unread', added: 'yes', width: '10', height: '20' });
		expect(table[4]).toMatchObject({ path: 'sick/2.jpg', standing: 'field-not-counted' });
	});

	it('holds no text that a spreadsheet would run', () => {
		expect(table[0].reviewer).toBe("'=AB");
	});
});
