/**
 * Every word of the pages that depends on what the images are and what is looked for; the texts
 * are in `messages/<language>/tasks.json`.
 */
import type { Locale } from '../i18n/locales';
import { cellWords } from './malaria-cell/words';
import { chestWords } from './chest-xray-pneumonia/words';
import type { Task } from '../models/manifest';

/** The categories that a score gives, by their ids in `reading`. */
type ByCategory = Readonly<Record<'likely' | 'uncertain' | 'not-seen', string>>;
/** What a person says of an image, by the ids in `review`. */
type ByFinding = Readonly<Record<'present' | 'absent' | 'unsure', string>>;

/** Why a person may see it otherwise than the list. */
export interface OfferedReason {
	/** As it is kept. One id is one meaning, in all tasks and for good. */
	readonly id: string;
	readonly words: string;
}

/** Each is in the language of the pages at the moment when it is read. */
export interface TaskWords {
	/** The task, as the user chooses it. */
	readonly title: string;
	/** What the images must be, where the task is chosen: one sentence. */
	readonly takes: string;
	/** The question that the first screen asks. */
	readonly question: string;
	/** What the program does with such images, in a sentence. */
	readonly reads: string;
	/** What is looked for, and in what. */
	readonly looksFor: string;
	/** What to drop on the page. */
	readonly drop: string;
	/** Said while there is no model on the device. */
	readonly downloadFirst: string;
	/** One image as a file must show it, without an article. */
	readonly image: string;
	/** Several of them. */
	readonly images: string;
	/** What is counted in figures: "313 X-rays of 207 patients". */
	readonly things: string;
	/** Those with the finding, after a number. */
	readonly positive: string;
	/** Those without it, after a number. */
	readonly negative: string;
	/** As a table names the truth: with the finding, without it. */
	readonly truth: { positive: string; negative: string };
	/** How labels and folders of public data sets name either, in lower case. */
	readonly positiveLabels: readonly string[];
	readonly negativeLabels: readonly string[];
	/** Of a count of images, those that have it: "196 with pneumonia". */
	readonly withFinding: string;
	/** Whose images they are not: "In your clinic it may be different." */
	readonly elsewhere: string;
	/** The categories as a list shows them. */
	readonly categories: ByCategory;
	/** What the categories mean, for the help page. */
	readonly meaning: ByCategory;
	/** What a person is asked of an image. */
	readonly ask: string;
	/** The answers. */
	readonly findings: ByFinding;
	/** Reasons to choose from where the person sees it and the list does not. */
	readonly reasonsSeen: readonly OfferedReason[];
	/** The same where the list says likely and the person does not see it. */
	readonly reasonsNotSeen: readonly OfferedReason[];
	/** What the samples are, and whose images they were made from. */
	readonly samples: string;
	/** What the reader of the help page must know of the limits, most important first. */
	readonly limits: readonly string[];
}

/** Where the words are to be in a language of their own; {} for the language of the pages. */
export interface In {
	readonly locale?: Locale;
}

const WORDS: Record<Task, (at: In) => TaskWords> = {
	'chest-xray-pneumonia': chestWords,
	'malaria-cell': cellWords
};
/** In the order in which the pages show them. */
export const TASKS = Object.keys(WORDS) as readonly Task[];
const CURRENT: Record<Task, TaskWords> = {
	'chest-xray-pneumonia': chestWords({}),
	'malaria-cell': cellWords({})
};

/**
 * What the models of a task were made for, as far as the header of a file can say that an image
 * is something else.
 */
export interface IntendedUse {
	/** Codes (DICOM) of the machines whose images they read; none where they read no such files. */
	modalities: readonly string[];
	/** Spellings of the body part that is meant; null where files name none. */
	bodyPart: RegExp | null;
	/** Spellings of views that are not meant; null where files name none. */
	otherView: RegExp | null;
	/** Whole years, both included; null where age makes no difference. */
	ages: { from: number; to: number } | null;
	/** Whether an image is often a photograph of a film, which has to be marked in it. */
	isOnFilm: boolean;
}

const USES: Record<Task, IntendedUse> = {
	'chest-xray-pneumonia': {
		// Computed, digital and film radiography, fluoroscopy.
		modalities: ['CR', 'DX', 'RG', 'RF'],
		bodyPart: /chest|thora|t[oó]rax|lung|pulm|poumon|rib/i,
		otherView: /^(ll|rl|lat)$|lateral|oblique/i,
		ages: { from: 1, to: 5 },
		isOnFilm: true
	},
	'malaria-cell': {
		modalities: [],
		bodyPart: null,
		otherView: null,
		ages: null,
		isOnFilm: false
	}
};

/** What the models of a task were made for. */
export function intendedUse(task: Task): IntendedUse {
	return USES[task];
}

/**
 * The words of a task.
 * @param locale for files, which are English whatever the pages are in; left out, the pages' own.
 */
export function taskWords(task: Task, locale?: Locale): TaskWords {
	return locale ? WORDS[task]({ locale }) : CURRENT[task];
}
