/** How a list's patients are found, and the patient of an image by that. Pure. */
import type { ImageFacts } from '../formats/facts';
import type { DateOrder } from './dates';
import { saidByFolder } from './folders';
import { readerOf, type NamingRule } from './naming-rule';
import { patientFrom, saidByHeader, type Patient, type Said } from './patient';

/** What besides headers and what was typed says who is on the images of a list. */
export interface PatientRules {
	/** Whether each folder holds the images of one patient. */
	readonly folders: boolean;
	/** How file names are read; null where they say nothing. */
	readonly naming: NamingRule | null;
	/** How dates in names are written. */
	readonly dates: DateOrder;
}

/** Names of files and folders say nothing. */
export const NO_RULES: PatientRules = { folders: false, naming: null, dates: 'dmy' };

/** An image, as far as it tells its patient. */
export interface Identified {
	readonly path: string;
	readonly facts: ImageFacts | null;
	/** What a person typed. */
	readonly typed: Said | null;
}

/**
 * Finds the patients of images by rules, each image once: rows are never changed in place, so what
 * was found for one holds for as long as it is there.
 */
export function patientsBy(rules: PatientRules): (image: Identified) => Patient {
	const known = new WeakMap<Identified, Patient>();
	const readName = rules.naming && readerOf(rules.naming, rules.dates);
	return (image) => {
		let patient = known.get(image);
		if (!patient) {
			const { path, facts, typed } = image;
			patient = patientFrom({
				typed: typed ?? {},
				header: saidByHeader(facts),
				'file-name': readName?.(path) ?? {},
				folder: rules.folders ? saidByFolder(path, rules.dates) : {}
			});
			known.set(image, patient);
		}
		return patient;
	};
}
