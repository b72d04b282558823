import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { cellsCsv, slidesCsv } from '../../../src/lib/exports/smears';
import { slidesJson } from '../../../src/lib/exports/smears-json';
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
	Papa.parse<Record<string, string>>(text.replace(/^(\ufeff|sep=.\r\n)/, ''), {
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
			put_together_by_hand: '',
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

	it('says how many suspected cells nobody has looked at', () => {
		const begun = fieldRow(0, 'a/1.jpg', [0.9, 0.8, 0.7], {
			fieldReview: withFinding(null, 0, 'parasite', SAID)
		});
		const [line] = tableOf(slidesCsv(slidesOf([begun], new FieldCounter(rule), {}), rule));
		expect(line).toMatchObject({ suspected: '3', suspected_not_looked_at: '2' });
	});

	it('says which slides a person put together', () => {
		const named = rows.map((row) => ({ ...row, slide: row.id === 0 ? null : 'Slide 1' }));
		const lines = tableOf(slidesCsv(slidesOf(named, new FieldCounter(rule), {}), rule));
		expect(lines.map(({ slide, put_together_by_hand: is }) => [slide, is])).toEqual([
			['Slide 1', 'yes'],
			['clear', '']
		]);
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

describe('the JSON of slides', () => {
	const text = slidesJson(slides, rule, new Date('2026-11-30T12:00:00.000Z'));

	it('holds each slide with its counts and its cells', () => {
		const content: unknown = JSON.parse(text);
		expect(content).toMatchObject({
			schema: 'fieldlens-slides/1.0',
			made: '2026-11-30T12:00:00.000Z',
			model: { id: 'example', version: '1.2.3' },
			operatingPoint: { id: rule.point.id, threshold: rule.point.threshold },
			slides: [
				{
					slide: 'sick',
					category: 'likely',
					counts: { cells: 3, suspected: 1, confirmed: 1, fields: 1, unusable: 1 },
					redCellsPerMicrolitre: 4_000_000,
					byPerson: { share: { value: 1 / 3 } },
					fields: [
						{
							path: 'sick/1.jpg',
							isCounted: true,
							cells: [
								{ cell: 0, standing: 'suspected', review: { finding: 'parasite', by: '=AB' } },
								{ cell: 1, standing: 'borderline', review: null },
								{ cell: 2, standing: 'not-counted', removed: true },
								{ cell: 3, standing: 'unread', added: true, x: 1, y: 2, width: 10, height: 20 }
							]
						},
						{ path: 'sick/2.jpg', isCounted: false, notes: ['out-of-focus'] }
					]
				},
				{ slide: 'clear', byPerson: null }
			]
		});
	});
});
