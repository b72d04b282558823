/** The list as a CSV file that spreadsheets open as it is. */
import Papa from 'papaparse';
import type { Category } from '../reading/score';
import type { Agreement } from '../review/agreement';
import type { Review } from '../review/review';

/** One file of the list. */
export interface ReportRow {
	/** Path within the folder that was added. */
	path: string;
	/** Calibrated probability 0..1, null where the file was not read. */
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
	/**
	 * How unlike the training images it is, as a share of what the model accepts: above 1 it is
	 * not recognised. Null where it was not read, or the model does not say.
	 */
	unlikeness: number | null;
	/** Whether the score is of a film that a person marked in the picture. */
	cropped: boolean;
	/** What a person said of it, and how that compares with `category`; null where nobody did. */
	review: (Review & { agreement: Agreement }) | null;
	/** By what its file says that it is outside the model's intended use; empty where it is not. */
	outside: readonly string[];
	/** Whether a person gave it a category all the same. */
	overruled: boolean;
}

const COLUMNS = [
	'path',
	'score',
	'category',
	'operating_point',
	'model',
	'model_version',
	'backend',
	'time',
	'reason',
	'unlikeness',
	'finding',
	'agreement',
	'review_reason',
	'note',
	'reviewer',
	'reviewed_at',
	'outside_use',
	'overruled',
	'picture'
] as const;

/** Categories that are written otherwise than they are called here. */
const CATEGORY_WORDS: Partial<Record<Category, string>> = {
	unrecognised: 'not recognised',
	outside: 'outside intended use'
};

/** Text that a spreadsheet would run; Papa Parse's own pattern lets names with a newline pass. */
const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * Write rows as CSV: RFC 4180, UTF-8 with a byte order mark (without it Excel misreads
 * accents). Text that a spreadsheet would run as a formula gets a leading apostrophe.
 */
export function csvOf(rows: readonly ReportRow[]): string {
	const data = rows.map((row) => [
		row.path,
		row.score === null ? '' : row.score.toFixed(6),
		row.category ? (CATEGORY_WORDS[row.category] ?? row.category) : '',
		row.operatingPoint,
		row.model,
		row.modelVersion,
		row.backend,
		row.time,
		row.reason,
		row.unlikeness === null ? '' : row.unlikeness.toFixed(6),
		row.review?.finding ?? '',
		row.review?.agreement ?? '',
		row.review?.reason ?? '',
		row.review?.note ?? '',
		row.review?.by ?? '',
		row.review?.time ?? '',
		row.outside.join('; '),
		row.overruled ? 'yes' : '',
		row.cropped ? 'cropped by hand' : ''
	]);
	const csv = Papa.unparse([[...COLUMNS], ...data], { newline: '\r\n', escapeFormulae: FORMULA });
	return '\ufeff' + csv + '\r\n';
}
