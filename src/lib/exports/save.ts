/** Gives a file to the user: the browser's own download. */
import type { Manifest, OperatingPoint } from '../models/manifest';
import { csvOf } from './csv';
import { reportFileName } from './file-name';
import { jsonOf } from './json';
import type { ReportRow } from './report';

/** Save rows as a CSV file. */
export function saveCsv(rows: readonly ReportRow[]): void {
	save(csvOf(rows), 'text/csv;charset=utf-8', reportFileName(new Date(), 'csv'));
}

/** Save rows as a JSON file, with the model and the setting that made them. */
export function saveJson(
	rows: readonly ReportRow[],
	manifest: Manifest,
	point: OperatingPoint
): void {
	const now = new Date();
	save(jsonOf(rows, manifest, point, now), 'application/json', reportFileName(now, 'json'));
}

function save(text: string, type: string, name: string): void {
	saveFile(new Blob([text], { type }), name);
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
