/** Gives a file to the user: the browser's own download. */
import { csvFileName, csvOf, type ReportRow } from './csv';

/** Save rows as a CSV file. */
export function saveCsv(rows: readonly ReportRow[]): void {
	saveFile(new Blob([csvOf(rows)], { type: 'text/csv;charset=utf-8' }), csvFileName(new Date()));
}

/** Save any file under a name. */
export function saveFile(content: Blob, name: string): void {
	const address = URL.createObjectURL(content);
	const link = document.createElement('a');
	link.href = address;
	link.download = name;
	link.click();
	// The browser needs the address until it has begun to read.
	setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
