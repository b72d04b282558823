/** Whether a file says that its image is not what the model was made for. Pure. */
import type { Task } from '../models/manifest';
import { intendedUse } from '../models/task-words';
import type { ImageFacts } from '../pixels/facts';

/** One thing by which an image is outside the intended use. */
export interface Outside {
	what: 'modality' | 'body-part' | 'view' | 'age';
	/** What the image is, in words that follow a colon: "an adult (34 years)". */
	words: string;
}

const ADULT = 18;

/** Machines by their codes, in words (PS3.3, C.7.3.1.1.1). */
const MACHINES: Record<string, string> = {
	CR: 'an X-ray',
	CT: 'a CT',
	DX: 'an X-ray',
	ES: 'an endoscopy',
	MG: 'a mammogram',
	MR: 'an MRI',
	NM: 'a nuclear scan',
	OT: 'another kind of picture',
	PT: 'a PET',
	PX: 'an X-ray of the teeth',
	RF: 'a fluoroscopy',
	RG: 'an X-ray',
	US: 'an ultrasound',
	XA: 'an angiography',
	XC: 'a photograph'
};

/**
 * By what the header says that an image is something else than the models of the task were made
 * for. What a file does not say counts as fitting: most pictures say nothing.
 */
export function outsideUse(facts: ImageFacts | null, task: Task): Outside[] {
	if (!facts) return [];
	const use = intendedUse(task);
	const { modality, bodyPart, view, age } = facts;
	const found: Outside[] = [];
	if (modality && !use.modalities.includes(modality.toUpperCase())) {
		const name = MACHINES[modality.toUpperCase()];
		const said = name ? `${name} (${modality})` : modality;
		found.push({ what: 'modality', words: `${use.otherModality} ${said}` });
	}
	if (bodyPart && use.bodyPart && !use.bodyPart.test(bodyPart)) {
		found.push({ what: 'body-part', words: `${use.otherBodyPart} ${bodyPart}` });
	}
	if (view && use.otherView?.test(view)) {
		found.push({ what: 'view', words: `${use.otherViewWords} ${view}` });
	}
	// A child is five years old until its sixth birthday.
	if (age !== null && use.ages && (age < use.ages.from || age >= use.ages.to + 1)) {
		found.push({ what: 'age', words: ageInWords(age) });
	}
	return found;
}

/** `an adult (34 years)`, `a child of 9 years`, `a baby of 4 months`. */
export function ageInWords(age: number): string {
	if (age >= ADULT) return `an adult (${Math.floor(age)} years)`;
	if (age >= 2) return `a child of ${Math.floor(age)} years`;
	if (age >= 1) return 'a child of 1 year';
	const months = Math.floor(age * 12);
	return months === 1 ? 'a baby of 1 month' : `a baby of ${months} months`;
}
