/** What the exports write of each image: every column once, with its name in each of them. */
import type { Category } from '../reading/score';
import type { ReportRow } from './report';

/** What stands in a column; null where it is not known. */
type Value = string | number | boolean | readonly string[] | null;

export interface Column {
	/** The heading in a table; null where tables have no such column. */
	readonly table: string | null;
	/** Where it stands in nested data, with dots between the levels; null where it is left out. */
	readonly nested: string | null;
	valueOf(row: ReportRow): Value;
	/** Its text in a table, where that is not simply the value. */
	inTable?(row: ReportRow): string;
}

/** Categories that tables call otherwise than the program does. */
export const CATEGORY_WORDS: Partial<Record<Category, string>> = {
	unrecognised: 'not recognised',
	outside: 'outside intended use'
};

/** In the order of a table. */
export const COLUMNS: readonly Column[] = [
	both('path', (row) => row.path),
	both('score', (row) => row.score),
	{
		...both('category', (row) => row.category),
		inTable: ({ category }) => (category ? (CATEGORY_WORDS[category] ?? category) : '')
	},
	// Nested data say these once, for all images.
	tableOnly('operating_point', (row) => row.operatingPoint),
	tableOnly('model', (row) => row.model),
	tableOnly('model_version', (row) => row.modelVersion),
	both('backend', (row) => row.backend || null),
	both('time', (row) => row.time || null),
	both('reason', (row) => row.reason || null),
	both('unlikeness', (row) => row.unlikeness),
	as('finding', 'review.finding', (row) => row.review?.finding ?? null),
	as('agreement', 'review.agreement', (row) => row.review?.agreement ?? null),
	as('review_reason', 'review.reason', (row) => row.review?.reason ?? null),
	as('note', 'review.note', (row) => row.review?.note ?? null),
	as('reviewer', 'review.reviewer', (row) => row.review?.by ?? null),
	as('reviewed_at', 'review.reviewedAt', (row) => row.review?.time ?? null),
	// What the person saw when they said it; the operating point may be another one now.
	as(null, 'review.shown.category', (row) => row.review?.category ?? null),
	as(null, 'review.shown.operatingPoint', (row) => row.review?.point ?? null),
	as('outside_use', 'outsideUse.reasons', (row) => (row.outside.length > 0 ? row.outside : null)),
	{
		...as('overruled', 'outsideUse.overruled', (row) =>
			row.outside.length > 0 ? row.overruled : null
		),
		inTable: (row) => (row.overruled ? 'yes' : '')
	},
	{
		...as('picture', 'cropped', (row) => row.cropped),
		inTable: (row) => (row.cropped ? 'cropped by hand' : '')
	},
	as('region_notes', 'region.notes', (row) => row.region?.notes ?? null),
	as('outline', 'region.outline', (row) => row.region?.outline ?? null)
];

/** Behind those, where the file says whose images they are. */
const OF_PATIENTS: readonly Column[] = [
	as('patient', 'patient.replacement', (row) => row.patient?.code ?? null),
	as('patient_name', 'patient.name', (row) => row.patient?.name ?? null),
	as('patient_number', 'patient.number', (row) => row.patient?.number ?? null),
	as('birth_date', 'patient.birthDate', (row) => row.patient?.birthDate ?? null),
	{
		...as('age_years', 'patient.ageYears', (row) => row.patient?.age ?? null),
		inTable: ({ patient }) => (patient?.age == null ? '' : patient.age.toFixed(AGE_DIGITS))
	},
	as('sex', 'patient.sex', (row) => row.patient?.sex ?? null),
	as('image_date', 'patient.imageDate', (row) => row.patient?.date ?? null)
];
const AGE_DIGITS = 2;

/** The columns of a file of these rows. */
export function columnsOf(rows: readonly ReportRow[]): readonly Column[] {
	return rows.some(({ patient }) => patient) ? [...COLUMNS, ...OF_PATIENTS] : COLUMNS;
}

/** Digits behind the point of numbers in tables. */
const DIGITS = 6;

/** A column's text in a table; '' where nothing is known. */
export function textOf(column: Column, row: ReportRow): string {
	if (column.inTable) return column.inTable(row);
	const value = column.valueOf(row);
	if (value === null) return '';
	if (typeof value === 'number') return value.toFixed(DIGITS);
	return typeof value === 'object' ? value.join('; ') : String(value);
}

/** All columns as nested data; a group of which nothing is known is null. */
export function nestedOf(row: ReportRow): Record<string, unknown> {
	const found = columnsOf([row]).flatMap((column) =>
		column.nested ? [{ path: column.nested.split('.'), value: column.valueOf(row) }] : []
	);
	return grouped(found);
}

function grouped(found: readonly { path: readonly string[]; value: Value }[]) {
	const result: Record<string, unknown> = {};
	for (const { path, value } of found) {
		const [name, ...rest] = path;
		if (rest.length === 0) result[name] = value;
		else if (!(name in result)) {
			const inside = found
				.filter((other) => other.path[0] === name)
				.map((other) => ({ path: other.path.slice(1), value: other.value }));
			result[name] = inside.every((other) => other.value === null) ? null : grouped(inside);
		}
	}
	return result;
}

function as(table: string | null, nested: string | null, valueOf: Column['valueOf']): Column {
	return { table, nested, valueOf };
}

function both(name: string, valueOf: Column['valueOf']): Column {
	return as(name, name, valueOf);
}

function tableOnly(name: string, valueOf: Column['valueOf']): Column {
	return as(name, null, valueOf);
}
