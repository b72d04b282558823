/** Tables for people: CSV files that the spreadsheet of the device opens as they are. */
import Papa from 'papaparse';

/** How a device's spreadsheet parts the cells of a CSV file, and writes decimals. */
export interface SpreadsheetForm {
	readonly separator: ',' | ';';
	readonly decimal: string;
}

/**
 * Text that a spreadsheet would run: blanks in front hide nothing, and Excel takes the wide forms of
 * East Asian keyboards, too (OWASP, "CSV Injection").
 */
const FORMULA = /^[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/** Languages whose Windows regions part lists with the semicolon, although decimals have a point. */
const SEMICOLON = new Set(['ar', 'fa']);

/**
 * The form of a language: where decimals have a comma, lists have the semicolon.
 * @param language a tag (BCP 47) of the device, not of the page: the spreadsheet follows the device.
 */
export function spreadsheetForm(language = deviceLanguage()): SpreadsheetForm {
	const decimal =
		new Intl.NumberFormat(language, { numberingSystem: 'latn' })
			.formatToParts(0.5)
			.find(({ type }) => type === 'decimal')?.value ?? '.';
	const isListed = SEMICOLON.has(language.toLowerCase().split('-')[0]);
	return { separator: decimal === ',' || isListed ? ';' : ',', decimal };
}

/** Where the device has no language, WebKit gives the name of the locale: "C" is no tag. */
function deviceLanguage(): string {
	const language = globalThis.navigator?.language;
	try {
		return Intl.getCanonicalLocales(language)[0] ?? 'en';
	} catch {
		return 'en';
	}
}

/**
 * A number as the spreadsheet of the device reads it.
 * @param digits after the point.
 */
export function decimalText(value: number, digits: number, { decimal }: SpreadsheetForm): string {
	return value.toFixed(digits).replace('.', decimal);
}

/**
 * Lines of cells as CSV (RFC 4180), UTF-8. Every cell is quoted, so that a name with a separator in
 * it stays one cell whatever separator the reader takes; text that a spreadsheet would run gets a
 * leading apostrophe.
 *
 * Excel takes UTF-8 for what it is by the byte order mark, but not in a file with a `sep=` line
 * (which other spreadsheets of the same device need as little). So that line stands in files of
 * ASCII alone, which read the same either way, and the mark in all others.
 */
export function spreadsheetText(
	lines: readonly (readonly string[])[],
	{ separator }: SpreadsheetForm
): string {
	const text = Papa.unparse(
		lines.map((line) => [...line]),
		{ newline: '\r\n', delimiter: separator, quotes: true, escapeFormulae: FORMULA }
	);
	const isPlain = /^\p{ASCII}*$/u.test(text);
	return `${isPlain ? `sep=${separator}\r\n` : '\ufeff'}${text}\r\n`;
}
