/** Every word of the pages that depends on what the images are and what is looked for. */
import type { Task } from './manifest';

/** The categories that a score gives, by their ids in `reading`. */
type ByCategory = Record<'likely' | 'uncertain' | 'not-seen', string>;
/** What a person says of an image, by the ids in `review`. */
type ByFinding = Record<'present' | 'absent' | 'unsure', string>;

export interface TaskWords {
	/** The task, as the user chooses it. */
	title: string;
	/** What the images must be, where the task is chosen: one sentence. */
	takes: string;
	/** The question that the first screen asks. */
	question: string;
	/** What is looked for, and in what. */
	looksFor: string;
	/** One image as a file must show it, without an article. */
	image: string;
	/** Whether an image is often a photograph of a film, which has to be marked in it. */
	isOnFilm: boolean;
	/** Several of them. */
	images: string;
	/** What is counted in figures: "313 X-rays of 207 patients". */
	things: string;
	/** What to drop on the page, after "Drop". */
	folder: string;
	/** Those with the finding, after a number. */
	positive: string;
	/** Those without it, after a number. */
	negative: string;
	/** The same, short, where `positive` stands before them. */
	negativeShort: string;
	/** As a table names the truth: with the finding, without it. */
	truth: { positive: string; negative: string };
	/** How labels and folders of public data sets name either, in lower case. */
	positiveLabels: readonly string[];
	negativeLabels: readonly string[];
	/** Of a count of images, those that have it: "196 with pneumonia". */
	withFinding: string;
	/** Whose images they are not: "In your clinic it may be different." */
	elsewhere: string;
	/** The categories as a list shows them. */
	categories: ByCategory;
	/** What the categories mean, for the help page. */
	meaning: ByCategory;
	/** What a person is asked of an image. */
	ask: string;
	/** The answers. */
	findings: ByFinding;
	/** Reasons to choose from where the person sees it and the list does not. */
	reasonsSeen: readonly string[];
	/** The same where the list says likely and the person does not see it. */
	reasonsNotSeen: readonly string[];
	/** What the samples are, and whose images they were made from. */
	samples: string;
	/** What the reader of the help page must know of the limits, most important first. */
	limits: readonly string[];
}

const WORDS: Record<Task, TaskWords> = {
	'chest-xray-pneumonia': {
		title: 'Chest X-rays of children: pneumonia',
		takes: 'X-rays of children of 1 to 5 years, taken from the front.',
		question: 'Which chest X\u2011rays should be looked at first?',
		looksFor:
			'It looks for signs of pneumonia in children of 1 to 5 years, in images taken from the front. Nothing else.',
		image: 'chest X-ray',
		isOnFilm: true,
		images: 'chest X-rays',
		things: 'X-rays',
		folder: 'a folder of X-rays',
		positive: 'sick children',
		negative: 'healthy children',
		negativeShort: 'healthy ones',
		truth: { positive: 'Sick', negative: 'Healthy' },
		positiveLabels: ['pneumonia'],
		negativeLabels: ['no pneumonia'],
		withFinding: 'with pneumonia',
		elsewhere: 'In your clinic it may be different.',
		categories: {
			likely: 'Pneumonia likely',
			uncertain: 'Uncertain',
			'not-seen': 'No pneumonia seen'
		},
		meaning: {
			likely: 'the model is fairly sure that it sees signs of pneumonia.',
			uncertain: 'it may be; look at these soon.',
			'not-seen':
				'the score is below the line that you chose. It does not mean that the child is healthy.'
		},
		ask: 'Do you see signs of pneumonia?',
		findings: { present: 'Signs seen', absent: 'No signs', unsure: 'Cannot tell' },
		reasonsSeen: [
			'The signs are weak or early',
			'Behind the heart or at the edge',
			'The film is too dark, too bright or blurred',
			'I know it from the child, not from the film'
		],
		reasonsNotSeen: [
			'A normal shadow: heart, thymus, ribs',
			'Skin fold, cloth or tube on the film',
			'The film is too dark, too bright or blurred',
			'The child is turned, or breathed out',
			'Something else than pneumonia'
		],
		samples: 'They are synthetic: averages of many X-rays, no child’s own image.',
		limits: [
			'It knows children of 1 to 5 years in images taken from the front. On adults it is blind: its answers there mean nothing.',
			'It learned from one hospital. With other machines and other children it may do worse: compare it with your own readings before you rely on it.',
			'It looks for pneumonia only. It does not see fractures, tuberculosis, a swallowed coin.'
		]
	},
	'malaria-cell': {
		title: 'Red blood cells: malaria',
		takes:
			'Pictures of single cells cut out of a stained thin smear, not a whole view through the microscope.',
		question: 'Which blood cells should be looked at first?',
		looksFor:
			'It looks for malaria parasites in pictures of one red blood cell each, cut out of a stained thin smear. It does not read a whole view through the microscope.',
		image: 'red blood cell',
		isOnFilm: false,
		images: 'red blood cells',
		things: 'cells',
		folder: 'a folder of cell pictures',
		positive: 'infected cells',
		negative: 'healthy cells',
		negativeShort: 'healthy cells',
		truth: { positive: 'Infected', negative: 'Healthy' },
		positiveLabels: ['parasitized', 'parasitised', 'infected'],
		negativeLabels: ['uninfected'],
		withFinding: 'with a parasite',
		elsewhere: 'In your laboratory it may be different.',
		categories: {
			likely: 'Parasite likely',
			uncertain: 'Uncertain',
			'not-seen': 'No parasite seen'
		},
		meaning: {
			likely: 'the model is fairly sure that it sees a malaria parasite in the cell.',
			uncertain: 'it may be; look at these soon.',
			'not-seen':
				'the score is below the line that you chose. It does not mean that the patient has no malaria: parasites may be in other cells.'
		},
		ask: 'Do you see a malaria parasite?',
		findings: { present: 'Parasite seen', absent: 'No parasite', unsure: 'Cannot tell' },
		reasonsSeen: [
			'A young ring, small or pale',
			'At the edge of the cell',
			'The stain is weak',
			'The picture is out of focus'
		],
		reasonsNotSeen: [
			'Stain or dirt on the cell',
			'A platelet on the cell',
			'A white blood cell',
			'The picture is out of focus',
			'More than one cell in the picture'
		],
		samples:
			'They are synthetic: averages of many cells of the malaria data sets of the U.S. National Library of Medicine (public domain), no patient’s own cell.',
		limits: [
			'It reads pictures of single red blood cells, about 130 pixels wide, cut out of a Giemsa-stained thin smear. A whole view through the microscope, a thick smear or a photograph of the slide is not what it reads: its answers there mean nothing.',
			'It says of each cell whether a parasite is likely. Which species it is, how many there are in the blood and whether the patient has malaria is for a person to say.',
			'It learned from the slides of one hospital and one microscope camera. With other stains and cameras it may do worse: compare it with your own readings before you rely on it.'
		]
	}
};

/**
 * What the models of a task were made for, as far as the header of a file can say that an image
 * is something else.
 */
export interface IntendedUse {
	/** Codes (DICOM) of the machines whose images they read; none where they read no such files. */
	modalities: readonly string[];
	/** Said of an image of another machine; its name follows. */
	otherModality: string;
	/** Spellings of the body part that is meant; null where files name none. */
	bodyPart: RegExp | null;
	/** Said of another one; its name follows. */
	otherBodyPart: string;
	/** Spellings of views that are not meant; null where files name none. */
	otherView: RegExp | null;
	/** Said of such a view; its name follows. */
	otherViewWords: string;
	/** Whole years, both included; null where age makes no difference. */
	ages: { from: number; to: number } | null;
}

const USES: Record<Task, IntendedUse> = {
	'chest-xray-pneumonia': {
		// Computed, digital and film radiography, fluoroscopy.
		modalities: ['CR', 'DX', 'RG', 'RF'],
		otherModality: 'no plain X-ray but',
		bodyPart: /chest|thora|t[oó]rax|lung|pulm|poumon|rib/i,
		otherBodyPart: 'not the chest but',
		otherView: /^(ll|rl|lat)$|lateral|oblique/i,
		otherViewWords: 'not taken from the front but',
		ages: { from: 1, to: 5 }
	},
	'malaria-cell': {
		modalities: [],
		otherModality: 'no picture from a microscope but',
		bodyPart: null,
		otherBodyPart: '',
		otherView: null,
		otherViewWords: '',
		ages: null
	}
};

/** What the models of a task were made for. */
export function intendedUse(task: Task): IntendedUse {
	return USES[task];
}

/** The words of a task. */
export function taskWords(task: Task): TaskWords {
	return WORDS[task];
}
