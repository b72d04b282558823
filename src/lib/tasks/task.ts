/**
 * What a task is: one kind of images in which one finding is looked for. Each folder of this room
 * defines one (`<task>/index.ts`), named by its id; `index.ts` lists them.
 */
import type { Locale } from '../i18n/locales';
import type { Outside } from '../problems/problems';

/** The id of a task, as manifests, sessions and backups hold it. */
export type Task = string;

/** Where the words are to be in a language of their own; {} for the language of the pages. */
export interface In {
	readonly locale?: Locale;
}

/** A message without inputs, as the catalogue has it. */
export type Message = (inputs?: Record<string, never>, at?: In) => string;

/**
 * What the page and `fieldlens_training` both know of a task: `task.json` in its folder.
 * Everything is English or an id.
 */
export interface TaskData {
	readonly id: Task;
	/** Of the model's input: 1 for grey, 3 for colour. */
	readonly channels: number;
	/** In the order of the training labels. */
	readonly classes: readonly TaskClass[];
	/** The id of the class that is looked for. */
	readonly positiveClass: string;
	readonly patients: readonly PatientRule[];
	/** Files below `static/samples/`, made by `python -m fieldlens_training samples`. */
	readonly samples: readonly string[];
	/** Likewise, the fields of a slide; where there is none it is not offered. */
	readonly sampleSlide?: readonly string[];
}

/** One answer that a model of the task can give. */
interface TaskClass {
	readonly id: string;
	/** The folder of the public data set that holds its images. */
	readonly folder: string;
	/** Other names of it in tables and folders, in lower case. */
	readonly labels: readonly string[];
}

/** How a public data set names its files; `patient` and `series` may hold `$1` for a group. */
interface PatientRule {
	/** A regular expression that JavaScript and Python read alike. */
	readonly pattern: string;
	readonly patient: string;
	/** The patients that were numbered together. */
	readonly series: string;
}

/**
 * What the models of a task were made for, as far as the header of a file can say that an image
 * is something else.
 */
export interface IntendedUse {
	/** Codes (DICOM) of the machines whose images they read; none where they read no such files. */
	readonly modalities: readonly string[];
	/** Spellings of the body part that is meant; null where files name none. */
	readonly bodyPart: RegExp | null;
	/** Spellings of views that are not meant; null where files name none. */
	readonly otherView: RegExp | null;
	/** Whole years, both included; null where age makes no difference. */
	readonly ages: { from: number; to: number } | null;
	/** Whether an image is often a photograph of a film, which has to be marked in it. */
	readonly isOnFilm: boolean;
}

/** What an operating point promises. */
export interface Promised {
	/** Of 100 with the finding, those that are flagged. */
	readonly found: number;
	/** Of 100 without it, those that are flagged. */
	readonly flagged: number;
}

/** Why a person may see it otherwise than the list. */
interface Reason<T> {
	/** As it is kept. One id is one meaning, in all tasks and for good. */
	readonly id: string;
	readonly words: T;
}

/**
 * Every text of the pages that depends on the task. `T` is a message where a task defines them,
 * and a string where they are shown.
 */
export interface TaskTexts<T> {
	/** The task, as the user chooses it. */
	readonly title: T;
	/** What the images must be, where the task is chosen: one sentence. */
	readonly takes: T;
	/** The question that the first screen asks. */
	readonly question: T;
	/** What the program does with such images, in a sentence. */
	readonly reads: T;
	/** What is looked for, and in what. */
	readonly looksFor: T;
	/** What to drop on the page. */
	readonly drop: T;
	/** Said while there is no model on the device. */
	readonly downloadFirst: T;
	/** One image as a file must show it, without an article. */
	readonly image: T;
	/** Several of them. */
	readonly images: T;
	/** What is counted in figures: "313 X-rays of 207 patients". */
	readonly things: T;
	/** Those with the finding, after a number. */
	readonly positive: T;
	/** Those without it, after a number. */
	readonly negative: T;
	/** As a table names the truth: with the finding, without it. */
	readonly truth: { readonly positive: T; readonly negative: T };
	/** Of a count of images, those that have it: "196 with pneumonia". */
	readonly withFinding: T;
	/** Whose images they are not: "In your clinic it may be different." */
	readonly elsewhere: T;
	/** The categories that a score gives, as a list shows them; ids as in `reading`. */
	readonly categories: Readonly<Record<'likely' | 'uncertain' | 'not-seen', T>>;
	/** What the categories mean, for the help page. */
	readonly meaning: Readonly<Record<'likely' | 'uncertain' | 'not-seen', T>>;
	/** What a person is asked of an image. */
	readonly ask: T;
	/** The answers; ids as in `review`. */
	readonly findings: Readonly<Record<'present' | 'absent' | 'unsure', T>>;
	/** Reasons to choose from where the person sees it and the list does not. */
	readonly reasonsSeen: readonly Reason<T>[];
	/** The same where the list says likely and the person does not see it. */
	readonly reasonsNotSeen: readonly Reason<T>[];
	/** What the samples are, and whose images they were made from. */
	readonly samples: T;
	/** What the reader of the help page must know of the limits, most important first. */
	readonly limits: readonly T[];
	/** Said of an image that is too unlike those that the model knows. */
	readonly notRecognised: T;
}

/** The texts of a task, each in the language of the pages at the moment when it is read. */
export type TaskWords = TaskTexts<string>;
export type OfferedReason = Reason<string>;

/** One task, whole. */
export interface TaskDefinition extends TaskData {
	readonly intendedUse: IntendedUse;
	/** How record systems (FHIR) call what is done with an image. */
	readonly inRecords: {
		/** Of HL7's `observation-category`. */
		readonly category: 'imaging' | 'laboratory';
		/** Of HL7's table 0074: radiology, laboratory. */
		readonly section: 'RAD' | 'LAB';
		/** LOINC's code of the examination; null where none fits. */
		readonly loinc: { readonly code: string; readonly display: string } | null;
	};
	/** Whether a photograph of many cells is read cell by cell (`smears`). */
	readonly readsFields: boolean;
	readonly texts: TaskTexts<Message>;
	/** What an operating point means, in one or two sentences. */
	readonly promise: (figures: Promised, at: In) => string;
	/** What a model of the task is called; `network` is as its authors spell it. */
	readonly modelName: (names: { network: string }, at: In) => string;
	/**
	 * The words of the ids on a model's card that concern this task alone: intended uses, warnings,
	 * limits, groups and data sets (`<id>` for what it is, `<id>-name` for its name).
	 */
	readonly card: Readonly<Record<string, Message>>;
	/** What an image is instead of what was meant, after "Outside what the model was made for:". */
	readonly outside: Readonly<
		Partial<Record<Exclude<Outside['what'], 'age'>, (found: string) => string>>
	>;
}
