import { describe, expect, it } from 'vitest';
import { NO_RULES, patientsBy } from '../../../src/lib/patients/rules';
import type { Category } from '../../../src/lib/reading/score';
import type { Row } from '../../../src/lib/worklist/row';
import { arrange, INITIAL_VIEW, type View } from '../../../src/lib/worklist/worklist';
import { readRow } from '../helpers/rows';

const categoryOf = ({ probability }: Row): Category =>
	(probability ?? 0) > 0.5 ? 'likely' : 'not-seen';
const of = (id: number, probability: number, typed: Row['typed']): Row => ({
	...readRow(id, probability),
	typed
});
const ROWS = [
	of(0, 0.6, { name: 'Moses Okello', number: '9', date: '2026-11-02' }),
	of(1, 0.1, { name: 'Amina Kato', number: '12', date: '2026-11-21' }),
	of(2, 0.9, { name: 'Amina Kato', number: '12', date: '2026-03-01' }),
	of(3, 0.7, null),
	of(4, 0.2, { number: '12', date: '2026-09-05' })
];
const shown = (view: Partial<View> = {}) =>
	arrange(ROWS, { ...INITIAL_VIEW, ...view }, categoryOf, patientsBy(NO_RULES)).map(({ id }) => id);

describe('a patient’s images', () => {
	it('stand together where the worst one would, the others behind it, the newest first', () => {
		expect(shown()).toEqual([2, 1, 4, 3, 0]);
		expect(shown({ grouped: false })).toEqual([2, 3, 0, 4, 1]);
	});

	it('are found by name, number and day, without accents', () => {
		expect(shown({ search: 'amína' })).toEqual([2, 1]);
		expect(shown({ search: '12' })).toEqual([2, 1, 4]);
		expect(shown({ search: '2026-09-05' })).toEqual([4]);
		expect(shown({ search: '05.09.2026' })).toEqual([4]);
		expect(shown({ search: 'film 3' })).toEqual([3]);
	});

	it('are sorted by name, number or day; who is not known stands last', () => {
		const sorted = (view: Partial<View>) => shown({ grouped: false, ...view });
		expect(sorted({ sort: 'patient', descending: false })).toEqual([4, 1, 2, 0, 3]);
		expect(sorted({ sort: 'number', descending: false })).toEqual([0, 1, 2, 4, 3]);
		expect(sorted({ sort: 'date', descending: true })).toEqual([1, 0, 4, 2, 3]);
		expect(sorted({ sort: 'date', descending: false })).toEqual([2, 4, 0, 1, 3]);
	});
});
