/** How files say whose images they are: not at all, under replacement numbers, or by name. */
import type { DicomOrigin } from '../formats/facts';
import type { Patient } from '../patients/patient';
import { pathWithout } from '../patients/replacement';
import type { Row } from '../worklist/row';

/** `code`: the number that takes the place of name and number (`patients/replacement.ts`). */
export type Naming = 'none' | 'code' | 'names';

export interface Identity {
	readonly naming: Naming;
	readonly patientOf: (row: Row) => Patient;
	/** Replacement numbers by the patients' keys. */
	readonly codes: ReadonlyMap<string, string>;
}

/** What a file says of the patient of an image. */
export type WrittenPatient = Pick<
	Patient,
	'name' | 'number' | 'birthDate' | 'age' | 'sex' | 'date'
> & { readonly code: string | null };

/** Stands in a path where a name was. */
const LEFT_OUT = '…';

/** Of an image its path, and its patient where the file is to say so. */
export function identified(row: Row, { naming, patientOf, codes }: Identity) {
	const patient = patientOf(row);
	const code = (patient.key !== null && codes.get(patient.key)) || null;
	if (naming === 'names') {
		const origin = originOf(row, patient);
		return { path: row.path, patient: written(patient, null), ...(origin && { origin }) };
	}
	const inPlace = naming === 'code' ? code : null;
	const path = pathWithout(row.path, patient, inPlace ?? LEFT_OUT);
	if (naming === 'none') return { path };
	return {
		path,
		patient: written({ ...patient, name: null, number: null, birthDate: null }, code)
	};
}

/** An archive knows a patient as the header says: whoever was corrected is another one to it. */
function originOf({ facts }: Row, { sources }: Patient): DicomOrigin | null {
	const isCorrected = [sources.name, sources.number].some((one) => one && one !== 'header');
	return isCorrected ? null : (facts?.origin ?? null);
}

function written(patient: Patient, code: string | null): WrittenPatient {
	const { name, number, birthDate, age, sex, date } = patient;
	return { code, name, number, birthDate, age, sex, date };
}
