import { describe, expect, it } from 'vitest';
import { recordSheets } from '../../../src/lib/exports/record';
import { patientFrom } from '../../../src/lib/patients/patient';
import type { Category } from '../../../src/lib/reading/score';
import type { Row } from '../../../src/lib/worklist/row';
import { readRow, rowAt } from '../helpers/rows';

const patientOf = ({ typed }: Row) => patientFrom({ typed: typed ?? {} });

function sheets(rows: readonly Row[], categories: Record<number, Category> = {}) {
	return recordSheets(rows, patientOf, ({ id }) => categories[id] ?? null);
}

function of(number: string | null, row: Row, date: string | null = null, age = 3): Row {
	return { ...row, typed: { number, date, age } };
}

describe('the pages for the record', () => {
	it('are one a patient, and one an image of which nobody knows the patient', () => {
		const made = sheets([
			of('12', readRow(0, 0.2)),
			of('7', readRow(1, 0.2)),
			of('12', readRow(2, 0.2)),
			readRow(3, 0.2),
			readRow(4, 0.2),
			rowAt(5, 'notes.txt', { status: 'left-out' })
		]);
		expect(made.map(({ read }) => read.map(({ id }) => id))).toEqual([[0, 2], [1], [3], [4]]);
		expect(made.map(({ patient }) => patient.number)).toEqual(['12', '7', null, null]);
	});

	it('show the worst image first; what was not read stands apart', () => {
		const [sheet] = sheets(
			[
				of('12', readRow(0, 0.1)),
				of('12', readRow(1, 0.99)),
				of('12', readRow(2, 0.8)),
				of('12', readRow(3, 0.9)),
				of('12', rowAt(4, 'cut.jpg', { status: 'failed' }))
			],
			// A score that means nothing comes before no signs, and behind a suspicion.
			{ 0: 'not-seen', 1: 'unrecognised', 2: 'likely', 3: 'likely' }
		);
		expect(sheet.read.map(({ id }) => id)).toEqual([3, 2, 1, 0]);
		expect(sheet.worst).toBe('likely');
		expect(sheet.unread.map(({ id }) => id)).toEqual([4]);
	});

	it('say of a patient what any image knows, the age at the latest one', () => {
		const later = of('12', readRow(0, 0.1), '2026-11-20', 4);
		const earlier = of('12', readRow(1, 0.1), '2025-11-20', 3);
		const named: Row = { ...earlier, typed: { ...earlier.typed, name: 'Asha', sex: 'female' } };
		const [{ patient }] = sheets([named, later]);
		expect(patient).toMatchObject({ name: 'Asha', sex: 'female', age: 4, date: '2026-11-20' });
	});
});
