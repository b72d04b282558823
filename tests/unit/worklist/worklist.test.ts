import { describe, expect, it } from 'vitest';
import type { Category } from '../../../src/lib/reading/score';
import type { Row } from '../../../src/lib/worklist/row';
import { rowCategory } from '../../../src/lib/worklist/row';
import {
	arrange,
	countReviews,
	countRows,
	INITIAL_VIEW,
	passes,
	type Filter,
	type ReviewFilter,
	type View
} from '../../../src/lib/worklist/worklist';
import { exampleManifest } from '../helpers/manifest';
import { distantRow, readRow, reviewedRow, rowAt } from '../helpers/rows';
import { smallPackage } from '../helpers/small-model';

const manifest = exampleManifest();
const categoryOf = (row: Row) => rowCategory(row, manifest.operatingPoints[0], manifest);

const ROWS: readonly Row[] = [
	readRow(0, 0.1, 'ward/film 10.jpg'),
	rowAt(1, 'ward/torn.jpg', { status: 'failed' }),
	readRow(2, 0.95, 'ward/film 9.jpg'),
	rowAt(3, 'ward/notes.txt', { status: 'left-out' }),
	rowAt(4, 'ward/later.jpg'),
	readRow(5, 0.4, 'Night/film 1.jpg'),
	rowAt(6, 'ward/now.jpg', { status: 'reading' }),
	rowAt(7, 'ward/stopped.jpg', { status: 'stopped' }),
	readRow(8, 0.4, 'ward/film 2.jpg'),
	readRow(9, 0, 'ward/film 3.jpg')
];

function idsOf(view: Partial<View>, rows: readonly Row[] = ROWS): number[] {
	return arrange(rows, { ...INITIAL_VIEW, ...view }, categoryOf).map(({ id }) => id);
}

describe('the list', () => {
	it('is by urgency at first: unread films, then the highest score, then what is not read yet', () => {
		expect(idsOf({})).toEqual([1, 2, 5, 8, 0, 9, 4, 6, 7]);
	});

	it('the other way round still begins with what nobody has looked at', () => {
		expect(idsOf({ descending: false })).toEqual([1, 9, 0, 5, 8, 2, 4, 6, 7]);
	});

	it('by category has the likely ones first, ties as they were added', () => {
		expect(idsOf({ sort: 'category' })).toEqual([1, 2, 5, 8, 0, 9, 4, 6, 7]);
		expect(idsOf({ sort: 'category', descending: false })).toEqual([1, 0, 9, 5, 8, 2, 4, 6, 7]);
	});

	it('by name is as a person counts, capitals or not', () => {
		const byName = [5, 8, 9, 2, 0, 4, 6, 7, 1];
		expect(idsOf({ sort: 'name', descending: false })).toEqual(byName);
		expect(idsOf({ sort: 'name', descending: true })).toEqual([...byName].reverse());
	});

	it('shows what contains the words searched for, capitals and spaces around them or not', () => {
		expect(idsOf({ search: ' NIGHT ' })).toEqual([5]);
		expect(idsOf({ search: 'film 1' })).toEqual([5, 0]);
		expect(idsOf({ search: 'nothing like it' })).toEqual([]);
		expect(idsOf({ search: '.*' })).toEqual([]);
	});

	it('does not change the rows that it is made of', () => {
		const before = [...ROWS];
		idsOf({ sort: 'name' });
		expect(ROWS).toEqual(before);
	});
});

/** Distances up to 3 are recognised. */
const knowing = smallPackage('chest-xray-pneumonia', 1).manifest;
const oddCategoryOf = (row: Row) => rowCategory(row, knowing.operatingPoints[0], knowing);
const ODD_ROWS: readonly Row[] = [
	distantRow(10, 0.01, 1),
	distantRow(11, 0.99, 9),
	distantRow(12, 0.7, 1),
	distantRow(13, 0.5, 1),
	distantRow(14, 0, 4),
	rowAt(15, 'torn.jpg', { status: 'failed' }),
	distantRow(16, 0.9, 3)
];

describe('images that are not recognised', () => {
	const order = (view: Partial<View>) =>
		arrange(ODD_ROWS, { ...INITIAL_VIEW, ...view }, oddCategoryOf).map(({ id }) => id);

	it('stand after the likely ones and before all others, the least unlike first', () => {
		expect(order({})).toEqual([15, 16, 12, 14, 11, 13, 10]);
		expect(order({ sort: 'category' })).toEqual([15, 12, 16, 11, 14, 13, 10]);
	});

	it('keep their place between the two when the list is turned round', () => {
		expect(order({ descending: false })).toEqual([15, 10, 13, 11, 14, 12, 16]);
	});

	it('are a choice of their own and counted there, not by their score', () => {
		expect(order({ filter: 'unrecognised' })).toEqual([14, 11]);
		expect(order({ filter: 'likely' })).toEqual([16, 12]);
		expect(order({ filter: 'not-seen' })).toEqual([10]);
		const counts = countRows(ODD_ROWS, oddCategoryOf);
		expect(counts).toMatchObject({ all: 7, likely: 2, unrecognised: 2, uncertain: 1 });
	});
});

describe('images outside the intended use', () => {
	const rows = [readRow(0, 0.9), readRow(1, 0.99), readRow(2, 0.1), distantRow(3, 0.5, 9)];
	const categories: Category[] = ['likely', 'outside', 'outside', 'unrecognised'];
	const order = (view: Partial<View>) =>
		arrange(rows, { ...INITIAL_VIEW, ...view }, ({ id }) => categories[id]).map(({ id }) => id);

	it('stand after those that are not recognised, as they were added', () => {
		expect(order({})).toEqual([0, 3, 1, 2]);
		expect(order({ sort: 'category' })).toEqual([0, 3, 1, 2]);
		expect(order({ filter: 'outside' })).toEqual([1, 2]);
	});
});

describe('a filter', () => {
	it.each<[Filter, number[]]>([
		['all', [1, 2, 5, 8, 0, 9, 4, 6, 7]],
		['likely', [2]],
		['uncertain', [5, 8]],
		['not-seen', [0, 9]],
		['waiting', [4, 6]],
		['failed', [1, 7]],
		['left-out', [3]]
	])('shows what it says: %s', (filter, ids) => {
		expect(idsOf({ filter })).toEqual(ids);
	});

	it('and its count are the same thing', () => {
		const counts = countRows(ROWS, categoryOf);
		for (const filter of Object.keys(counts) as Filter[]) {
			expect(counts[filter], filter).toBe(idsOf({ filter }).length);
		}
		expect(countRows([], categoryOf)).toEqual({
			all: 0,
			likely: 0,
			unrecognised: 0,
			outside: 0,
			uncertain: 0,
			'not-seen': 0,
			waiting: 0,
			failed: 0,
			'left-out': 0
		});
	});

	it('leaves no file out of every list', () => {
		const filters: Filter[] = [
			'likely',
			'unrecognised',
			'outside',
			'uncertain',
			'not-seen',
			'waiting',
			'failed',
			'left-out'
		];
		for (const row of [...ROWS, ...ODD_ROWS]) {
			const lists = filters.filter((filter) => passes(row, oddCategoryOf(row), filter));
			expect(lists, row.path).toHaveLength(1);
		}
	});

	it('and a search hold together', () => {
		expect(idsOf({ filter: 'uncertain', search: 'night' })).toEqual([5]);
	});
});

describe('the filter by review', () => {
	const reviewed: readonly Row[] = [
		reviewedRow(0, 0.9, 'present'),
		reviewedRow(1, 0.95, 'absent'),
		reviewedRow(2, 0.05, 'absent'),
		reviewedRow(3, 0.1, 'present'),
		reviewedRow(4, 0.92, 'unsure'),
		// Uncertain: it claims nothing that a person could differ from.
		reviewedRow(5, 0.4, 'absent'),
		readRow(6, 0.8),
		readRow(7, 0.3),
		rowAt(8, 'torn.jpg', { status: 'failed' }),
		rowAt(9, 'later.jpg')
	];

	it.each<[Filter, ReviewFilter, number[]]>([
		['all', 'any', [8, 1, 4, 0, 6, 5, 7, 3, 2, 9]],
		// What was not read asks for a person more than anything; what waits, not yet.
		['all', 'not-reviewed', [8, 6, 7]],
		['all', 'reviewed', [1, 4, 0, 5, 3, 2]],
		['all', 'differs', [1, 3]],
		['likely', 'not-reviewed', [6]],
		['likely', 'differs', [1]],
		['failed', 'not-reviewed', [8]]
	])(
		'holds together with the other, and its count is what it shows: %s, %s',
		(filter, review, ids) => {
			expect(idsOf({ filter, review }, reviewed)).toEqual(ids);
			expect(countReviews(reviewed, filter, categoryOf)[review]).toBe(ids.length);
		}
	);

	it('goes by the setting in force: what differs at one may not at another', () => {
		const balanced = manifest.operatingPoints[1];
		const atBalanced = (row: Row) => rowCategory(row, balanced, manifest);
		expect(countReviews([reviewedRow(0, 0.4, 'present')], 'all', categoryOf).differs).toBe(0);
		expect(countReviews([reviewedRow(0, 0.4, 'present')], 'all', atBalanced).differs).toBe(1);
	});
});

describe('a list of 10,000 films', () => {
	const many = Array.from({ length: 10_000 }, (_, id) =>
		id % 50 === 0
			? rowAt(id, `ward/${id}.jpg`, { status: 'failed' })
			: readRow(id, ((id * 7919) % 1000) / 1000, `ward/${id}.jpg`)
	);

	it('is whole and in order', () => {
		const arranged = arrange(many, INITIAL_VIEW, categoryOf);
		expect(new Set(arranged.map(({ id }) => id)).size).toBe(10_000);
		expect(arranged.slice(0, 200).every(({ status }) => status === 'failed')).toBe(true);
		const scores = arranged.slice(200).map(({ probability }) => probability ?? -1);
		expect(scores).toEqual([...scores].sort((a, b) => b - a));
		const counts = countRows(many, categoryOf);
		const categories: Category[] = ['likely', 'uncertain', 'not-seen'];
		expect(categories.reduce((sum, category) => sum + counts[category], 0)).toBe(9800);
	});
});
