/** Numbers, dates and sizes in the language of the pages (`Intl`). */
import { getLocale } from '../paraglide/runtime.js';

/** Making a formatter costs more than using it: they are kept by language and options. */
const kept = new Map<string, unknown>();

function keep<T>(kind: string, options: object, make: (tag: string) => T): T {
	const id = getLocale();
	// Days before months in English, too, and digits that every keyboard and every file has.
	const tag = `${id === 'en' ? 'en-GB' : id}-u-nu-latn`;
	const key = `${kind} ${tag} ${JSON.stringify(options)}`;
	const found = kept.get(key) as T | undefined;
	if (found !== undefined) return found;
	const made = make(tag);
	kept.set(key, made);
	return made;
}

function formatNumber(value: number, options: Intl.NumberFormatOptions): string {
	return keep('number', options, (tag) => new Intl.NumberFormat(tag, options)).format(value);
}

function formatDate(date: Date, options: Intl.DateTimeFormatOptions): string {
	return keep('date', options, (tag) => new Intl.DateTimeFormat(tag, options)).format(date);
}

/**
 * A number with grouped digits: `2,000`, `0.981`.
 * @param digits after the point; always that many.
 */
export function numberText(value: number, digits = 0): string {
	return formatNumber(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A small number to two digits that count: `0.10`, `0.0031`. */
export function roughText(value: number): string {
	return formatNumber(value, { minimumSignificantDigits: 2, maximumSignificantDigits: 2 });
}

/**
 * A share of 1 in percent: `94.6%`.
 * @param digits after the point of the percentage; always that many.
 */
export function shareText(share: number, digits = 1): string {
	return formatNumber(share, {
		style: 'percent',
		minimumFractionDigits: digits,
		maximumFractionDigits: digits
	});
}

/**
 * Bytes as megabytes (10^6) or, from a thousand of them, gigabytes: `21.4 MB`, `1.4 GB`.
 * @param digits after the point.
 */
export function bytesText(bytes: number, digits = 1): string {
	const large = bytes >= 1e9;
	return formatNumber(large ? bytes / 1e9 : bytes / 1e6, {
		style: 'unit',
		unit: large ? 'gigabyte' : 'megabyte',
		minimumFractionDigits: digits,
		maximumFractionDigits: digits
	});
}

/** A day: `3 November 2026`. */
export function dayText(date: Date): string {
	return formatDate(date, { dateStyle: 'long' });
}

/** A time of day: `14:05`. */
export function timeText(date: Date): string {
	return formatDate(date, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** A day and a time of day. */
export function momentText(date: Date): string {
	return formatDate(date, { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' });
}

/** A day near this one: `yesterday` for -1, `today` for 0. */
export function nearDayText(days: number): string {
	const options = { numeric: 'auto' } as const;
	return keep('near', options, (tag) => new Intl.RelativeTimeFormat(tag, options)).format(
		days,
		'day'
	);
}

/**
 * Things one after the other.
 * @param type `a, b and c` as a conjunction, `a, b, c` as a unit.
 */
export function listText(
	parts: readonly string[],
	type: 'conjunction' | 'unit' = 'conjunction'
): string {
	return keep('list', { type }, (tag) => new Intl.ListFormat(tag, { type })).format(parts);
}

/** A text with a capital at its start, where its script has capitals. */
export function capitalText(text: string): string {
	return text.slice(0, 1).toLocaleUpperCase(getLocale()) + text.slice(1);
}

/** A word that stands inside a sentence, in small letters. */
export function smallText(text: string): string {
	return text.toLocaleLowerCase(getLocale());
}

/** A name from outside, for a place in a sentence: its direction turns nothing around it. */
export function nameText(name: string): string {
	return `\u2068${name}\u2069`;
}
