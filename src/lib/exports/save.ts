/** Gives a file to the user: the browser's own download. */
import type { Report, ResultExport } from './export';
import { reportFileName } from './file-name';

/** Save a report in one of the formats. */
export function saveReport(format: ResultExport, report: Report): void {
	const content = new Blob([format.write(report)], { type: format.type });
	saveFile(content, reportFileName(report.made, format.ending ?? format.id));
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
