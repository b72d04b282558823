/** Patients in the list: what a search finds, the order by who and when, images of one together. */
import { compareKeys, naturalKey } from '../intake/entries';
import { foldedText, type Patient } from '../patients/patient';
import type { Row } from './row';

/** What the list can be sorted by of patients. */
export type PatientSort = 'patient' | 'number' | 'date';

/** Whether a search finds a row: by its path, or by name, number or a day of its patient. */
export function isFound(row: Row, patient: Patient, search: string): boolean {
	if (search === '') return true;
	const wanted = foldedText(search);
	if (wanted === '' || foldedText(row.path).includes(wanted)) return true;
	const { name, number, date, birthDate } = patient;
	return [name, number, ...daysOf(date), ...daysOf(birthDate)].some(
		(known) => known !== null && foldedText(known).includes(wanted)
	);
}

/** A day as people may write it: 2026-11-02, 02.11.2026, 02/11/2026, 02-11-2026. */
function daysOf(day: string | null): string[] {
	if (day === null) return [];
	const [year, month, date] = day.split('-');
	return [day, ...['.', '/', '-'].map((separator) => [date, month, year].join(separator))];
}

/** Rows by name, number or day; those that have none at the end, ties as they were added. */
export function sortedByPatient(
	rows: readonly Row[],
	sort: PatientSort,
	descending: boolean,
	patientOf: (row: Row) => Patient
): Row[] {
	const sign = descending ? -1 : 1;
	return rows
		.map((row) => ({ row, key: keyOf(patientOf(row), sort) }))
		.sort(
			(a, b) =>
				Number(a.key === '') - Number(b.key === '') ||
				sign * compareKeys(a.key, b.key) ||
				a.row.id - b.row.id
		)
		.map(({ row }) => row);
}

function keyOf({ name, number, date }: Patient, sort: PatientSort): string {
	if (sort === 'date') return date ?? '';
	const [first, second] = sort === 'patient' ? [name, number] : [number, name];
	return naturalKey(foldedText(first ?? '') || foldedText(second ?? ''));
}

/**
 * The images of a patient together: in the place of the first of them, which speaks for the
 * patient; behind it the others, the newest first.
 */
export function togetherByPatient(rows: readonly Row[], patientOf: (row: Row) => Patient): Row[] {
	const groups = new Map<string | Row, Row[]>();
	for (const row of rows) {
		const key = patientOf(row).key ?? row;
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	const dateOf = (row: Row) => patientOf(row).date ?? '';
	return [...groups.values()].flatMap(([first, ...others]) => [
		first,
		...others.sort((a, b) => compareKeys(dateOf(b), dateOf(a)))
	]);
}
