/**
 * The truth of images, from where the user says it stands: what people said in the list, the
 * names of folders, or a table. Pure. Nothing is guessed without being shown: each word gets
 * its meaning on the page, and whatever is not used is counted.
 */
import type { Task } from '../tasks/task';
import type { Finding } from '../review/review';
import { isFlagged, type Reading } from '../statistics/classifier';
import { TASKS } from '../tasks';
import { patientInName } from '../tasks/data';
import { taskWords } from '../tasks/task-words';
import type { Matches } from './label-table';

/** What a word says of an image; `unused` says nothing. */
export type Meaning = 'present' | 'absent' | 'unused';

/** An image of the list, as far as a study needs it. */
export interface ListedImage {
	path: string;
	/** Null where it was not read. */
	probability: number | null;
	/** Whether the model knows its kind. */
	isRecognised: boolean;
	/** What a person said of it in the list. */
	finding: Finding | null;
}

/** What a source says of the images, in words. */
export interface Labels {
	/** By the path of the image. */
	words: Map<string, readonly string[]>;
	/** By the path of the image; null where the source does not say. */
	patients: Map<string, string> | null;
}

/** A word and how many images it stands for. */
export interface WordCount {
	/** What meanings are kept by. */
	key: string;
	/** As it was written first. */
	word: string;
	images: number;
}

/** Who is told from one another, and by what. */
type PatientRule = 'table' | 'file names' | 'none';

export interface Truth {
	/** Images with a score and a truth. */
	readings: Reading[];
	/** Those of them that the model did not recognise: counted by their score, like any other. */
	unrecognised: number;
	/** Images with a truth that were not read. */
	unread: number;
	/** Images of which nothing is said that is used. */
	unlabelled: number;
	/** Images of which two things are said. */
	contradictory: string[];
	patientRule: PatientRule;
	/** Images of `readings` whose patient is not told: each counts as a patient of its own. */
	unknownPatients: number;
}

/** Words that mean the same for every task. */
const PRESENT = ['present', 'positive', 'sick', 'ill', 'diseased', 'yes', 'true', '1'];
const ABSENT = ['absent', 'negative', 'healthy', 'normal', 'well', 'no', 'false', '0'];

/** How a word is compared: without case and outer blanks. */
export function keyOf(word: string): string {
	return word.trim().normalize('NFC').toLowerCase();
}

/** What a word most likely means; the user sees it and can change it. */
export function likelyMeaning(word: string, task: Task): Meaning {
	const { classes, positiveClass } = TASKS.of(task);
	const key = keyOf(word);
	const named = classes.find(({ labels }) => labels.includes(key));
	if (named) return named.id === positiveClass ? 'present' : 'absent';
	// The review in the list that Fieldlens saves, in the language of the page.
	const { findings } = taskWords(task);
	for (const finding of ['present', 'absent'] as const) {
		if (keyOf(findings[finding]) === key) return finding;
	}
	if (PRESENT.includes(key)) return 'present';
	return ABSENT.includes(key) ? 'absent' : 'unused';
}

/** What people said in the list. "Unsure" is no truth. */
export function labelsOfReviews(images: readonly ListedImage[]): Labels {
	const said = images.flatMap(({ path, finding }) => (finding ? [[path, [finding]] as const] : []));
	return { words: new Map(said), patients: null };
}

/** The names of all folders that an image lies in. */
export function labelsOfFolders(images: readonly ListedImage[]): Labels {
	const words = images.map(({ path }) => [path, path.split('/').slice(0, -1)] as const);
	return { words: new Map(words.filter(([, folders]) => folders.length > 0)), patients: null };
}

/** What a table says of the images that it was matched to. */
export function labelsOfTable({ lines }: Matches): Labels {
	const words = new Map<string, string[]>();
	const patients = new Map<string, string>();
	let hasPatients = false;
	for (const [path, ofImage] of lines) {
		words.set(
			path,
			ofImage.map(({ word }) => word).filter((word) => word !== '')
		);
		for (const { patient } of ofImage) {
			if (patient === null) continue;
			hasPatients = true;
			if (patient !== '') patients.set(path, patient);
		}
	}
	return { words, patients: hasPatients ? patients : null };
}

/** The words of a source, the most frequent first. */
export function wordsOf({ words }: Labels): WordCount[] {
	const counts = new Map<string, WordCount>();
	for (const ofImage of words.values()) {
		for (const [key, word] of new Map(ofImage.map((one) => [keyOf(one), one]))) {
			const count = counts.get(key) ?? { key, word, images: 0 };
			count.images++;
			counts.set(key, count);
		}
	}
	return [...counts.values()].sort((a, b) => b.images - a.images);
}

/**
 * What a study can use.
 * @param meanings by the words' keys; a word without one says nothing.
 */
export function truthOf(
	images: readonly ListedImage[],
	labels: Labels,
	meanings: ReadonlyMap<string, Meaning>,
	task: Task
): Truth {
	const truth: Truth = {
		readings: [],
		unrecognised: 0,
		unread: 0,
		unlabelled: 0,
		contradictory: [],
		patientRule: 'none',
		unknownPatients: 0
	};
	const used: { path: string; score: number; positive: boolean }[] = [];
	for (const { path, probability, isRecognised } of images) {
		const said = new Set(
			(labels.words.get(path) ?? []).map((word) => meanings.get(keyOf(word)) ?? 'unused')
		);
		said.delete('unused');
		if (said.size === 0) truth.unlabelled++;
		else if (said.size > 1) truth.contradictory.push(path);
		else if (probability === null) truth.unread++;
		else {
			used.push({ path, score: probability, positive: said.has('present') });
			if (!isRecognised) truth.unrecognised++;
		}
	}
	const patients = used.map(({ path }) =>
		labels.patients ? (labels.patients.get(path) ?? null) : patientInName(path, task)
	);
	if (labels.patients) truth.patientRule = 'table';
	else if (patients.some((patient) => patient !== null)) truth.patientRule = 'file names';
	truth.unknownPatients = patients.filter((patient) => patient === null).length;
	truth.readings = used.map(({ path, score, positive }, i) => ({
		score,
		positive,
		patient: patients[i] === null ? `image ${path}` : `patient ${patients[i]}`
	}));
	return truth;
}

/** How many images have a truth, of those that a threshold flags and of those that it does not. */
export interface Coverage {
	flagged: { labelled: number; all: number };
	notFlagged: { labelled: number; all: number };
	/** Whether flagged ones were looked at more: the study then finds less of what was missed. */
	isLopsided: boolean;
}

/** Of those flagged and of those not flagged: how many are in the study. */
export function coverageOf(
	images: readonly ListedImage[],
	readings: readonly Reading[],
	threshold: number
): Coverage {
	const of = (scores: readonly number[]) => {
		const flagged = scores.filter((score) => isFlagged(score, threshold)).length;
		return { flagged, notFlagged: scores.length - flagged };
	};
	const all = of(images.flatMap(({ probability }) => (probability === null ? [] : [probability])));
	const labelled = of(readings.map(({ score }) => score));
	return {
		flagged: { labelled: labelled.flagged, all: all.flagged },
		notFlagged: { labelled: labelled.notFlagged, all: all.notFlagged },
		// A tenth more or less is no pattern.
		isLopsided: labelled.flagged * all.notFlagged * 0.9 > labelled.notFlagged * all.flagged
	};
}
