/** What the exports say of each file of a list. */
import { TASKS } from '../tasks';
import { outsideReason } from '../tasks/problem-messages';
import type { DicomOrigin } from '../formats/facts';
import type { Manifest, OperatingPoint } from '../models/manifest';
import { unlikenessOf } from '../reading/recognition';
import type { Category } from '../reading/score';
import { agreementOf, type Agreement } from '../review/agreement';
import { reasonInWords } from '../review/reasons';
import { regionSentences } from '../regions/region-messages';
import type { Review } from '../review/review';
import {
	isOverruled,
	outsideReasons,
	reasonOf,
	remarksOf,
	rowCategory,
	shownScore,
	type Row
} from '../worklist/row';
import { identified, type Identity, type WrittenPatient } from './identity';
import { arrange, INITIAL_VIEW } from '../worklist/worklist';

/** One file of the list. */
export interface ReportRow {
	/** Its place in the list that the report is of. */
	id: number;
	/** Path within the folder that was added. */
	path: string;
	/** Who is on it; left out where the file does not say. */
	patient?: WrittenPatient;
	/** Where it stands in its archive; left out where it stands in none, or the file is not to say. */
	origin?: DicomOrigin;
	/** Whether the file is no image that is read; tables list it with its reason. */
	leftOut?: boolean;
	/** Calibrated probability 0..1; null where the file was not read, or where it would mean nothing. */
	score: number | null;
	category: Category | null;
	operatingPoint: string;
	model: string;
	modelVersion: string;
	/** How it was read; empty where it was not. */
	backend: string;
	/** When it was read or given up, ISO 8601. */
	time: string;
	/** Why there is no score; empty otherwise. */
	reason: string;
	/** What else is said of it, in sentences. */
	remarks: readonly string[];
	/**
	 * How unlike the training images it is, as a share of what the model accepts: above 1 it is
	 * not recognised. Null where it was not read, or the model does not say.
	 */
	unlikeness: number | null;
	/** Whether the score is of a film that is only part of the picture. */
	cropped: boolean;
	/** Whether the program found that film, and nobody confirmed it. */
	filmFound: boolean;
	/** What is said of the region that was read, in sentences; null where all was read. */
	region: {
		notes: readonly string[];
		outline: 'found' | 'drawn by hand' | 'marked as wrong';
	} | null;
	/** What a person said of it, and how that compares with `category`; null where nobody did. */
	review: (Review & { agreement: Agreement }) | null;
	/** By what its file says that it is outside the model's intended use; empty where it is not. */
	outside: readonly string[];
	/** Whether a person gave it a category all the same. */
	overruled: boolean;
}

/**
 * What a report says of a row, in the language that is spoken.
 * @param identity how it says whose image it is; left out, it says the path as it is.
 */
export function reportRow(
	row: Row,
	point: OperatingPoint,
	manifest: Manifest,
	identity: Identity | null = null
): ReportRow {
	const category = rowCategory(row, point, manifest);
	const outside = outsideReasons(row, manifest.task).map((reason) =>
		outsideReason(TASKS, manifest.task, reason)
	);
	return {
		id: row.id,
		...(identity ? identified(row, identity) : { path: row.path }),
		...(row.status === 'left-out' && { leftOut: true }),
		score: shownScore(row, category),
		category,
		operatingPoint: point.id,
		model: manifest.id,
		modelVersion: manifest.version,
		backend: row.backend,
		time: row.time,
		reason: reasonOf(row),
		remarks: remarksOf(row),
		cropped: row.corners !== null,
		filmFound: row.corners !== null && row.findsFilm,
		region: row.region && {
			notes: regionSentences(row.region),
			outline: row.outlineWrong ? 'marked as wrong' : row.drawn ? 'drawn by hand' : 'found'
		},
		unlikeness: unlikenessOf(row.distance, manifest),
		review: row.review && {
			...row.review,
			reason: reasonInWords(row.review.reason, manifest.task),
			agreement: agreementOf(category, row.review.finding)
		},
		outside,
		overruled: isOverruled(row, manifest.task)
	};
}

/** A whole list by urgency, whatever is filtered, and what was left out at its end. */
export function reportOf(
	rows: readonly Row[],
	point: OperatingPoint,
	manifest: Manifest,
	identity: Identity | null = null
): ReportRow[] {
	const categoryOfRow = (row: Row) => rowCategory(row, point, manifest);
	const shown = arrange(rows, INITIAL_VIEW, categoryOfRow);
	const leftOut = arrange(rows, { ...INITIAL_VIEW, filter: 'left-out' }, categoryOfRow);
	return [...shown, ...leftOut].map((row) => reportRow(row, point, manifest, identity));
}
