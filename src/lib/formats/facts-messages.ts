/** What a file says of its image, in words. */
import { m } from '../paraglide/messages.js';
import type { ImageFacts } from './facts';
import { apart } from '../problems/detail-messages';
import { numberText } from '../i18n/format';

const ADULT = 18;

/** Machines by their codes (PS3.3, C.7.3.1.1.1). */
const MACHINES: Record<string, () => string> = {
	CR: m.problems_machine_xray,
	CT: m.problems_machine_ct,
	DX: m.problems_machine_xray,
	ES: m.problems_machine_endoscopy,
	GM: m.problems_machine_microscope,
	MG: m.problems_machine_mammogram,
	MR: m.problems_machine_mri,
	NM: m.problems_machine_nuclear,
	OT: m.problems_machine_other,
	PT: m.problems_machine_pet,
	PX: m.problems_machine_teeth,
	RF: m.problems_machine_fluoroscopy,
	RG: m.problems_machine_xray,
	SM: m.problems_machine_microscope,
	US: m.problems_machine_ultrasound,
	XA: m.problems_machine_angiography,
	XC: m.problems_machine_photograph
};

/** `a CT (CT)`; the code alone where it is none of the known ones. */
export function machineOf(code: string): string {
	const known = code.toUpperCase();
	return Object.hasOwn(MACHINES, known)
		? m.problems_machine({ name: MACHINES[known](), code: apart(code) })
		: apart(code);
}

/**
 * `an adult (34 years)`, `a child of 9 years`, `a baby of 4 months`.
 * @param age years.
 */
export function ageInWords(age: number): string {
	const count = Math.floor(age < 1 ? age * 12 : age);
	const said = { count, shown: numberText(count) };
	if (age >= ADULT) return m.problems_age_adult(said);
	return age >= 1 ? m.problems_age_child(said) : m.problems_age_baby(said);
}

/**
 * What must be said of a picture that is read: the file holds more than it, or its greys are
 * spread otherwise than the file says. '' where there is nothing to say.
 */
export function pictureNote(facts: ImageFacts | null): string {
	const count = facts?.frames ?? 1;
	const notes = [
		count > 1 && m.problems_frames({ count, shown: numberText(count) }),
		facts?.ownRange && m.problems_own_range()
	];
	return notes.filter(Boolean).join(' ');
}
