/** The list as a CSV file that spreadsheets open as it is. */
import Papa from 'papaparse';
import { columnsOf, textOf } from './columns';
import type { ResultExport } from './export';
import type { ReportRow } from './report';

/** Text that a spreadsheet would run; Papa Parse's own pattern lets names with a newline pass. */
export const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * Write rows as CSV: RFC 4180, UTF-8 with a byte order mark (without it Excel misreads
 * accents). Text that a spreadsheet would run as a formula gets a leading apostrophe.
 */
export function csvOf(rows: readonly ReportRow[]): string {
	const written = columnsOf(rows).filter(({ table }) => table !== null);
	const head = written.map(({ table }) => table);
	const lines = rows.map((row) => written.map((column) => textOf(column, row)));
	const text = Papa.unparse([head, ...lines], { newline: '\r\n', escapeFormulae: FORMULA });
	return '\ufeff' + text + '\r\n';
}

export const csv: ResultExport = {
	id: 'csv',
	type: 'text/csv;charset=utf-8',
	name: 'CSV',
	write: ({ rows }) => csvOf(rows)
};
