/** Filters and sorts rows for the list. Pure. */
import { compareKeys } from '../intake/entries';
import type { Category } from '../reading/score';
import { agreementOf } from '../review/agreement';
import { UNKNOWN, type Patient } from '../patients/patient';
import { isFound, sortedByPatient, togetherByPatient, type PatientSort } from './patient-order';
import type { Row } from './row';

export type SortKey = 'score' | 'name' | 'category' | PatientSort;
/** What the list shows: all images, one category, the unread ones, or what was left out. */
export type Filter = 'all' | Category | 'waiting' | 'failed' | 'left-out';
/** Of those, all, the images that nobody reviewed, those that somebody did, or a difference. */
export type ReviewFilter = 'any' | 'not-reviewed' | 'reviewed' | 'differs';

export interface View {
	filter: Filter;
	review: ReviewFilter;
	sort: SortKey;
	descending: boolean;
	/** Part of a path, or of a patient's name, number or day, any case. */
	search: string;
	/** Whether the images of a patient stand together. */
	grouped: boolean;
}

export const INITIAL_VIEW: View = {
	filter: 'all',
	review: 'any',
	sort: 'score',
	descending: true,
	search: '',
	grouped: true
};

/**
 * By urgency. What is not recognised may be a sick child on an unusual film: after those that
 * are likely sick, before all whose score says less. What is outside the intended use stands behind it.
 */
const CATEGORY_ORDER: Record<Category, number> = {
	likely: 4,
	unrecognised: 3,
	outside: 2,
	uncertain: 1,
	'not-seen': 0
};

/** Whether a view leaves out nothing but what is no image. */
export function showsAll({ filter, review, search }: View): boolean {
	return filter === 'all' && review === 'any' && search.trim() === '';
}

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

/**
 * Whether the viewer has a place for a row, so that it can be reviewed: not what waits, nor what
 * is no image. A film that could not be read is looked at elsewhere.
 */
export function isViewable({ status }: Row): boolean {
	return status === 'done' || status === 'failed' || status === 'stopped';
}

/** Whether a review filter takes a row. */
function passesReview(row: Row, category: Category | null, filter: ReviewFilter): boolean {
	switch (filter) {
		case 'any':
			return true;
		case 'not-reviewed':
			return row.review === null && isViewable(row);
		case 'reviewed':
			return row.review !== null;
		case 'differs':
			return row.review !== null && agreementOf(category, row.review.finding) === 'differs';
	}
}

/** How many rows each review filter would show beside a filter. */
export function countReviews(
	rows: readonly Row[],
	filter: Filter,
	categoryOfRow: (row: Row) => Category | null
): Record<ReviewFilter, number> {
	const counts: Record<ReviewFilter, number> = {
		any: 0,
		'not-reviewed': 0,
		reviewed: 0,
		differs: 0
	};
	for (const row of rows) {
		const category = categoryOfRow(row);
		if (!passes(row, category, filter)) continue;
		for (const review of Object.keys(counts) as ReviewFilter[]) {
			if (passesReview(row, category, review)) counts[review]++;
		}
	}
	return counts;
}

/** How many rows each filter would show. */
export function countRows(
	rows: readonly Row[],
	categoryOfRow: (row: Row) => Category | null
): Record<Filter, number> {
	const counts: Record<Filter, number> = {
		all: 0,
		likely: 0,
		unrecognised: 0,
		outside: 0,
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
 * looked at them. Rows without a score yet stand last. A score that means nothing orders
 * nothing: images that are not recognised stand together, the least unlike first, and those
 * outside the intended use as they were added. Ties stay in the order of adding.
 */
export function arrange(
	rows: readonly Row[],
	view: View,
	categoryOfRow: (row: Row) => Category | null,
	patientOf: (row: Row) => Patient = () => UNKNOWN
): Row[] {
	const shown = rows.filter((row) => {
		const category = categoryOfRow(row);
		return (
			passes(row, category, view.filter) &&
			passesReview(row, category, view.review) &&
			isFound(row, patientOf(row), view.search)
		);
	});
	const sorted = sortedRows(shown, view, categoryOfRow, patientOf);
	return view.grouped ? togetherByPatient(sorted, patientOf) : sorted;
}

function sortedRows(
	rows: Row[],
	{ sort, descending }: View,
	categoryOfRow: (row: Row) => Category | null,
	patientOf: (row: Row) => Patient
): Row[] {
	const sign = descending ? -1 : 1;
	if (sort === 'name') return rows.sort((a, b) => sign * compareKeys(a.nameKey, b.nameKey));
	if (sort === 'patient' || sort === 'number' || sort === 'date') {
		return sortedByPatient(rows, sort, descending, patientOf);
	}
	return rows
		.map((row) => urgencyOf(row, categoryOfRow(row), sort))
		.sort(
			(a, b) =>
				a.group - b.group || sign * (a.tier - b.tier || a.place - b.place) || a.row.id - b.row.id
		)
		.map(({ row }) => row);
}

/** A row with its group, its tier there and its place in that, the two rising with urgency. */
function urgencyOf(row: Row, category: Category | null, sort: SortKey) {
	const group = groupOf(row);
	if (row.probability === null || !category) return { row, group, tier: 0, place: 0 };
	if (sort === 'category') return { row, group, tier: CATEGORY_ORDER[category], place: 0 };
	if (category === 'unrecognised') {
		const place = row.outlineWrong ? 0 : -(row.distance ?? 0);
		return { row, group, tier: CATEGORY_ORDER.unrecognised, place };
	}
	if (category === 'outside') return { row, group, tier: CATEGORY_ORDER.outside, place: 0 };
	// Below those the score alone orders.
	const tier = category === 'likely' ? CATEGORY_ORDER.likely : CATEGORY_ORDER.uncertain;
	return { row, group, tier, place: row.probability };
}

function groupOf(row: Row): number {
	if (row.status === 'failed') return 0;
	return row.probability === null ? 2 : 1;
}
