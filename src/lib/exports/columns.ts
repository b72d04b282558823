/** What files for programs hold of each image: every value once, with its name. */
import type { ReportRow } from './report';

/** What a value may be; null where it is not known. */
type Value = string | number | boolean | readonly string[] | null;

interface Column {
	/** Where it stands in nested data, with dots between the levels. */
	readonly name: string;
	readonly valueOf: (row: ReportRow) => Value;
}

/** In their order. */
const COLUMNS: readonly Column[] = [
	as('path', (row) => row.path),
	as('score', (row) => row.score),
	as('category', (row) => row.category),
	as('backend', (row) => row.backend || null),
	as('time', (row) => row.time || null),
	as('reason', (row) => row.reason || null),
	as('unlikeness', (row) => row.unlikeness),
	as('review.finding', (row) => row.review?.finding ?? null),
	as('review.agreement', (row) => row.review?.agreement ?? null),
	as('review.reason', (row) => row.review?.reason ?? null),
	as('review.note', (row) => row.review?.note ?? null),
	as('review.reviewer', (row) => row.review?.by ?? null),
	as('review.reviewedAt', (row) => row.review?.time ?? null),
	// What the person saw when they said it; the operating point may be another one now.
	as('review.shown.category', (row) => row.review?.category ?? null),
	as('review.shown.operatingPoint', (row) => row.review?.point ?? null),
	as('outsideUse.reasons', (row) => (row.outside.length > 0 ? row.outside : null)),
	as('outsideUse.overruled', (row) => (row.outside.length > 0 ? row.overruled : null)),
	as('cropped', (row) => row.cropped),
	as('filmFound', (row) => row.filmFound),
	as('region.notes', (row) => row.region?.notes ?? null),
	as('region.outline', (row) => row.region?.outline ?? null)
];

/** Behind those, where the file says whose images they are. */
const OF_PATIENTS: readonly Column[] = [
	as('patient.replacement', (row) => row.patient?.code ?? null),
	as('patient.name', (row) => row.patient?.name ?? null),
	as('patient.number', (row) => row.patient?.number ?? null),
	as('patient.birthDate', (row) => row.patient?.birthDate ?? null),
	as('patient.ageYears', (row) => row.patient?.age ?? null),
	as('patient.sex', (row) => row.patient?.sex ?? null),
	as('patient.imageDate', (row) => row.patient?.date ?? null)
];

/** All that is known of an image as nested data; a group of which nothing is known is null. */
export function nestedOf(row: ReportRow): Record<string, unknown> {
	const columns = row.patient ? [...COLUMNS, ...OF_PATIENTS] : COLUMNS;
	return grouped(
		columns.map(({ name, valueOf }) => ({ path: name.split('.'), value: valueOf(row) }))
	);
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

function as(name: string, valueOf: Column['valueOf']): Column {
	return { name, valueOf };
}
