/** The list as a CSV file that spreadsheets open as it is. */
import Papa from 'papaparse';
import type { Category } from '../reading/score';
import type { ReportRow } from './report';

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
