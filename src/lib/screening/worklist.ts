/** Filters and sorts rows for the list. Pure. */
import { compareKeys } from '../intake/entries';
import type { Category } from '../reading/score';
import type { Row } from './row';

export type SortKey = 'score' | 'name' | 'category';
/** What the list shows: all images, one category, the unread ones, or what was left out. */
export type Filter = 'all' | Category | 'waiting' | 'failed' | 'left-out';

export interface View {
	filter: Filter;
	sort: SortKey;
	descending: boolean;
	/** Part of a path, any case. */
	search: string;
}

export const INITIAL_VIEW: View = { filter: 'all', sort: 'score', descending: true, search: '' };

const CATEGORY_ORDER: Record<Category, number> = { likely: 2, uncertain: 1, 'not-seen': 0 };

/** Whether a filter takes a row. Left-out files have a list of their own. */
export function passes(row: Row, category: Category | null, filter: Filter): boolean {
	switch (filter) {
		case 'all':
			return row.status !== 'left-out';
		case 'failed':
			return row.status === 'failed' || row.status === 'stopped';
		case 'left-out':
			return row.status === 'left-out';
		case 'waiting':
			return row.status === 'waiting' || row.status === 'reading';
		default:
			return category === filter;
	}
}

/** How many rows each filter would show. */
export function countRows(
	rows: readonly Row[],
	categoryOfRow: (row: Row) => Category | null
): Record<Filter, number> {
	const counts: Record<Filter, number> = {
		all: 0,
		likely: 0,
		uncertain: 0,
		'not-seen': 0,
		waiting: 0,
		failed: 0,
		'left-out': 0
	};
	for (const row of rows) {
		const category = categoryOfRow(row);
		if (category) counts[category]++;
		for (const filter of ['all', 'waiting', 'failed', 'left-out'] as const) {
			if (passes(row, category, filter)) counts[filter]++;
		}
	}
	return counts;
}

/**
 * The rows to show, in order. Failed images stand first when sorted by urgency: nobody has
 * looked at them. Rows without a score yet stand last. Ties stay in the order of adding.
 */
export function arrange(
	rows: readonly Row[],
	view: View,
	categoryOfRow: (row: Row) => Category | null
): Row[] {
	const search = view.search.trim().toLowerCase();
	const shown = rows.filter(
		(row) =>
			passes(row, categoryOfRow(row), view.filter) &&
			(search === '' || row.path.toLowerCase().includes(search))
	);
	const sign = view.descending ? -1 : 1;
	if (view.sort === 'name') {
		return shown.sort((a, b) => sign * compareKeys(a.nameKey, b.nameKey));
	}
	const rank = (row: Row): number => {
		if (row.probability === null) return 0;
		if (view.sort === 'score') return row.probability;
		return CATEGORY_ORDER[categoryOfRow(row) ?? 'not-seen'];
	};
	return shown.sort((a, b) => group(a) - group(b) || sign * (rank(a) - rank(b)) || a.id - b.id);
}

function group(row: Row): number {
	if (row.status === 'failed') return 0;
	return row.probability === null ? 2 : 1;
}
