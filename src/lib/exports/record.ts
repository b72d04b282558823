/** What stands on a page for the record: one patient, and their images, the worst first. Pure. */
import { UNKNOWN, type Patient } from '../patients/patient';
import type { Category } from '../reading/score';
import type { Row } from '../worklist/row';

export interface RecordSheet {
	/** What is known of the patient from any of their images; age and day are the latest image's. */
	readonly patient: Patient;
	/** Images that were read, the most suspicious first. */
	readonly read: readonly Row[];
	/** Images that could not be read. */
	readonly unread: readonly Row[];
	/** The category that the patient's worst image has; null where none was read. */
	readonly worst: Category | null;
}

/** What a person has to look at before others: an image without a score before one without signs. */
const ORDER: readonly Category[] = ['likely', 'uncertain', 'unrecognised', 'outside', 'not-seen'];

/**
 * The pages for some rows of the list, a page a patient in the order of the rows; an image of which
 * nobody knows the patient has its own. Files that are no images are left out.
 */
export function recordSheets(
	rows: readonly Row[],
	patientOf: (row: Row) => Patient,
	categoryOf: (row: Row) => Category | null
): RecordSheet[] {
	const groups = new Map<string, Row[]>();
	for (const row of rows) {
		if (row.status === 'left-out') continue;
		const key = patientOf(row).key ?? `image ${row.id}`;
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	return [...groups.values()].map((group) => sheetOf(group, patientOf, categoryOf));
}

function sheetOf(
	rows: readonly Row[],
	patientOf: (row: Row) => Patient,
	categoryOf: (row: Row) => Category | null
): RecordSheet {
	const rank = (row: Row) => {
		const category = categoryOf(row);
		return category === null ? ORDER.length : ORDER.indexOf(category);
	};
	const read = rows
		.filter(({ status }) => status === 'done')
		.sort((a, b) => rank(a) - rank(b) || (b.probability ?? 0) - (a.probability ?? 0));
	return {
		patient: together(rows.map(patientOf)),
		read,
		unread: rows.filter(({ status }) => status !== 'done'),
		worst: read.length > 0 ? categoryOf(read[0]) : null
	};
}

function together(patients: readonly Patient[]): Patient {
	const latestFirst = [...patients].sort((a, b) => (b.date ?? '').localeCompare(a.date ?? ''));
	return latestFirst.reduce(
		(all, one) => {
			const known = Object.entries(all).filter(([, value]) => value !== null);
			return { ...one, ...Object.fromEntries(known) };
		},
		latestFirst.at(0) ?? UNKNOWN
	);
}
