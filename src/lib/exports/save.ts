/** Gives a file to the user: the browser's own download. */
import { inEnglish } from '../i18n/in-english';
import type { Report, ResultExport } from './export';
import { reportFileName } from './file-name';

/**
 * A report as a file in one of the formats.
 * @param reportOf makes it, in the language of the file.
 */
export function reportFile(format: ResultExport, reportOf: () => Report): File {
	const made = () => {
		const report = reportOf();
		return { text: format.write(report), at: report.made };
	};
	const { text, at } = format.language === 'english' ? inEnglish(made) : made();
	const name = reportFileName(at, format.ending ?? format.id);
	return new File([text], name, { type: format.type });
}

/** Save a report in one of the formats. */
export function saveReport(format: ResultExport, reportOf: () => Report): void {
	const file = reportFile(format, reportOf);
	saveFile(file, file.name);
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
