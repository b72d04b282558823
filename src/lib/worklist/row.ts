/** One file of the list and what came of it. */
import type { Corners } from '../intake/corners';
import { naturalKey, type Entry } from '../intake/entries';
import { adviceOf, sentenceOf } from '../problems/messages';
import { problem, type Outside, type Problem, type ProblemCode } from '../problems/problems';
import type { ImageFacts } from '../formats/facts';
import { outsideUse } from '../reading/intended-use';
import { isRecognised } from '../reading/recognition';
import { isReadable, type Polygon, type Region } from '../regions/region';
import { regionSentences } from '../regions/region-messages';
import { categoryOf, isScoreMeant, type Category } from '../reading/score';
import type { Manifest, OperatingPoint } from '../models/manifest';
import type { Task } from '../tasks/task';
import { m } from '../paraglide/messages.js';
import type { Review } from '../review/review';
import type { FileFingerprint } from '../intake/fingerprint';
import { countFields, USUAL_RED_CELLS } from '../smears/count';
import { fieldNoteText } from '../smears/slide-messages';
import type { FieldReading } from '../smears/field';
import type { FieldReview } from '../smears/field-review';
import { statedFacts, type Said } from '../patients/patient';

/**
 * `waiting` for its turn, `reading` (opened or in a lane), `done` with a score, `failed`
 * with a problem, `left-out` because it is no image that is read, `stopped` by the user.
 */
export type RowStatus = 'waiting' | 'reading' | 'done' | 'failed' | 'left-out' | 'stopped';

/** Never changed in place: a change is a new row, so that the list knows what to draw anew. */
export interface Row {
	/** Its place in the session's rows. */
	readonly id: number;
	readonly path: string;
	/** What the list is sorted by when it is sorted by name. */
	readonly nameKey: string;
	readonly entry: Entry;
	/** By what the file is known again; null until it was opened. */
	readonly file: FileFingerprint | null;
	readonly status: RowStatus;
	/** Calibrated probability of the finding, 0..1; of a field that of its most suspicious cell. */
	readonly probability: number | null;
	/** How unlike the training images; null without a score, or where the model has no rule. */
	readonly distance: number | null;
	/** Which places counted, `MAP_CELLS` squared bytes; null until a person asked, or where none did. */
	readonly map: Uint8Array | null;
	/** The part of the image that was read; null where all of it was. */
	readonly region: Region | null;
	readonly thumbnail: Blob | null;
	/** Size of the image in pixels. */
	readonly width: number;
	readonly height: number;
	readonly backend: string;
	/** When it was finished, ISO 8601. */
	readonly time: string;
	readonly problem: Problem | null;
	/** What the file says of itself; null where its kind says nothing, or before it was opened. */
	readonly facts: ImageFacts | null;
	/** What a person typed of the patient and the day; null where nobody did. */
	readonly typed: Said | null;
	/** Whether a person wants a category though the file says that it is outside the intended use. */
	readonly overruled: boolean;
	/** Whether a person said that the outline of what was read is wrong: the score counts no more. */
	readonly outlineWrong: boolean;
	/** The outlines that a person drew, in fractions of the picture; `entry` has them, too. */
	readonly drawn: readonly Polygon[] | null;
	/** Where in the picture the film lies; null where all of it is read. `entry` has them, too. */
	readonly corners: Corners | null;
	/** Whether the program looks, or has looked, for the film: nobody confirmed what it found. */
	readonly findsFilm: boolean;
	/** What a person said of it. */
	readonly review: Review | null;
	/** Of a photograph of a microscope field its cells; null of everything else. */
	readonly field: FieldReading | null;
	/** What a person said of the field's cells. */
	readonly fieldReview: FieldReview | null;
	/** The slide that a person put the field to; null where its folder is its slide. */
	readonly slide: string | null;
}

const LEFT_OUT: ReadonlySet<ProblemCode> = new Set([
	'system-file',
	'not-an-image',
	'format-not-read',
	'heic-not-read',
	'dicom-directory',
	'dicom-no-image',
	'pdf-no-picture',
	'empty-file'
]);

/** Whether a problem means that the file is no image that is read, rather than a bad one. */
export function isLeftOut({ code }: Problem): boolean {
	return LEFT_OUT.has(code);
}

/** Whether the pixels of a row's file could be read, whatever the model said of them. */
export function hasPixels({ status, problem }: Row): boolean {
	return status === 'done' || problem?.code === 'no-colours';
}

export function newRow(id: number, entry: Entry): Row {
	return {
		id,
		path: entry.path,
		nameKey: naturalKey(entry.path),
		entry,
		file: null,
		status: 'waiting',
		probability: null,
		distance: null,
		map: null,
		region: null,
		thumbnail: null,
		width: 0,
		height: 0,
		backend: '',
		time: '',
		problem: null,
		facts: null,
		typed: null,
		overruled: false,
		outlineWrong: false,
		drawn: null,
		corners: null,
		findsFilm: false,
		review: null,
		field: null,
		fieldReview: null,
		slide: null
	};
}

export function isUnfinished(row: Row): boolean {
	return row.status === 'waiting' || row.status === 'reading';
}

/** The probability that counts; null where nothing was read, or not what should have been. */
export function scoreOf({ probability, outlineWrong }: Row): number | null {
	return outlineWrong ? null : probability;
}

/** The score that is shown, printed and saved: none where it would mean nothing. */
export function shownScore(row: Row, category: Category | null): number | null {
	return isScoreMeant(category) ? scoreOf(row) : null;
}

/** Whether what was read is of the kind that the model was made for. */
export function isRowRecognised(
	{ region, outlineWrong, distance }: Pick<Row, 'region' | 'outlineWrong' | 'distance'>,
	manifest: Manifest
): boolean {
	return !outlineWrong && isReadable(region) && isRecognised(distance, manifest);
}

/** By what an image is outside the intended use, as its file or a person says; none where it is not. */
export function outsideReasons({ facts, typed }: Row, task: Task): Outside[] {
	return outsideUse(statedFacts(facts, typed), task);
}

/** A row's category at an operating point; null without a score. */
export function rowCategory(row: Row, point: OperatingPoint, manifest: Manifest): Category | null {
	if (row.probability === null) return null;
	const { field, fieldReview: review } = row;
	// What is said of a field follows from its cells (`smears/count.ts`).
	if (field) return countFields([{ field, review }], USUAL_RED_CELLS, { manifest, point }).category;
	if (!row.overruled && outsideReasons(row, manifest.task).length > 0) return 'outside';
	return isRowRecognised(row, manifest)
		? categoryOf(row.probability, point, manifest.operatingPoints)
		: 'unrecognised';
}

/**
 * `rowCategory` for a whole list, each row once: rows are never changed in place, so what was
 * found for one holds for as long as it is there.
 */
export function categoriesAt(
	point: OperatingPoint,
	manifest: Manifest
): (row: Row) => Category | null {
	const known = new WeakMap<Row, Category | null>();
	return (row) => {
		let category = known.get(row);
		if (category === undefined) {
			category = rowCategory(row, point, manifest);
			known.set(row, category);
		}
		return category;
	};
}

/**
 * What is said of a row of the category `unrecognised`, and what to do; of a field why none of its
 * cells is counted.
 */
export function notRecognised(row: Row, task: Task): { sentence: string; advice: string } {
	if (row.field) {
		const [sentence, ...more] = row.field.notes.map(fieldNoteText);
		return sentence
			? { sentence, advice: more.join(' ') }
			: { sentence: m.smears_next_nothing(), advice: '' };
	}
	const said = problem('not-recognised', { task });
	return { sentence: sentenceOf(said), advice: adviceOf(said) };
}

/** What is said of an image of the category `outside`; null where nothing is, overruled or not. */
export function outsideIntendedUse(row: Row, task: Task): Problem | null {
	const reasons = outsideReasons(row, task);
	return reasons.length > 0 ? problem('outside-use', { task, reasons }) : null;
}

/** Whether an image is outside the intended use, and a person wished to have it read all the same. */
export function isOverruled(row: Row, task: Task): boolean {
	return row.overruled && outsideReasons(row, task).length > 0;
}

/** Why a row has no score, in a sentence; '' where it has one. */
export function reasonOf(row: Row): string {
	if (row.problem) return sentenceOf(row.problem);
	if (row.status === 'stopped') return m.problems_row_stopped();
	if (row.outlineWrong) return m.regions_marked_wrong();
	return isUnfinished(row) ? m.problems_row_waiting() : '';
}

/** The row before it is read again, with the film marked, or (null) as a whole. */
export function recropped(row: Row, corners: Corners | null): Row {
	// Outlines are of the picture that was read before.
	return again({ ...row, corners, findsFilm: false }, null);
}

/** The row before it is read again, with the film that the program finds in the photograph. */
export function withFilmFound(row: Row): Row {
	return again({ ...row, corners: null, findsFilm: true }, null);
}

/** The row before it is read again, with outlines that a person drew, or (null) as they are found. */
export function redrawn(row: Row, drawn: readonly Polygon[] | null): Row {
	return again(row, drawn);
}

function again(row: Row, drawn: Row['drawn']): Row {
	const { id, file, facts, typed, overruled, review, slide, corners, findsFilm } = row;
	const fresh = { ...newRow(id, row.entry), corners, findsFilm, drawn };
	return { ...fresh, entry: entryOf(fresh), file, facts, typed, overruled, review, slide };
}

/** The entry of a row that says what of its picture is read. */
export function entryOf(row: Row): Entry {
	const { path, corners, drawn } = row;
	const isWanted = row.findsFilm && corners === null && isUnfinished(row);
	return { ...row.entry, path, drawn, corners: isWanted ? 'find' : corners };
}

/** What is said of the film in the picture; null where all of the picture is read as usual. */
export function filmRemark({ corners, findsFilm }: Row): string | null {
	if (findsFilm) return corners ? m.crop_found() : m.crop_none_found();
	return corners && m.crop_marked();
}

/** How it was read, where that was not the usual way, and what is said of the region. */
export function remarksOf(row: Row): string[] {
	return [
		!isUnfinished(row) && filmRemark(row),
		row.drawn && m.regions_drawn(),
		...regionSentences(row.region)
	].filter((said): said is string => typeof said === 'string');
}
