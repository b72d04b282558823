/** What is known of a patient, in words. */
import type { Sex } from '../formats/facts';
import { dayText, listText, nameText, numberText } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import type { Patient, Source } from './patient';

const SEXES: Record<Sex, () => string> = {
	female: m.patients_sex_female,
	male: m.patients_sex_male,
	other: m.patients_sex_other
};

const ORIGINS: Record<Source, () => string> = {
	typed: m.patients_from_typed,
	header: m.patients_from_header,
	'file-name': m.patients_from_file_name,
	folder: m.patients_from_folder
};

/** Floating point may leave a whole month a hair short. */
const HAIR = 1e-9;

/** `4 years`, of a baby `7 months`. @param age years. */
export function ageText(age: number): string {
	const count = Math.floor((age < 1 ? age * 12 : age) + HAIR);
	const said = { count, shown: numberText(count) };
	return age < 1 ? m.patients_months(said) : m.patients_years(said);
}

export function sexText(sex: Sex): string {
	return SEXES[sex]();
}

/** A day (`YYYY-MM-DD`) as people read it. */
export function writtenDay(day: string): string {
	const date = new Date(`${day}T00:00`);
	return Number.isNaN(date.getTime()) ? day : dayText(date);
}

/** Where a particular was found: `from the folder`. */
export function originText(source: Source): string {
	return ORIGINS[source]();
}

/** Name and number, set apart from the text around them; '' where neither is known. */
export function whoText({ name, number }: Pick<Patient, 'name' | 'number'>): string {
	const parts = [
		name && nameText(name),
		number && m.patients_numbered({ number: nameText(number) })
	].filter((part): part is string => typeof part === 'string' && part !== '');
	return listText(parts, 'unit');
}

/** Age, sex and the day of the image; '' where none is known. */
export function whenText({ age, sex, date }: Pick<Patient, 'age' | 'sex' | 'date'>): string {
	const parts = [
		age === null ? null : ageText(age),
		sex && sexText(sex),
		date && writtenDay(date)
	].filter((part): part is string => typeof part === 'string' && part !== '');
	return listText(parts, 'unit');
}
