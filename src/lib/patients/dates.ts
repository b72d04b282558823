/** Days written in names of files and folders. Pure. */

/** Whether 03-04-2026 is the third of April (`dmy`) or the fourth of March (`mdy`). */
export type DateOrder = 'dmy' | 'mdy';

/** A day in a text, and where it stands there. */
export interface FoundDate {
	readonly from: number;
	readonly to: number;
	/** `YYYY-MM-DD`. */
	readonly date: string;
}

/** 2026-11-21, 2026_11_21, 20261121, and 21.11.2026, 1-6-2026, 21112026. */
const WRITTEN = /(?<!\d)(?:\d{4}([-_. ]?)\d{2}\1\d{2}|\d{1,2}([-_. ])\d{1,2}\2\d{4})(?!\d)/g;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2099;

/**
 * The days that a text names, from its start on. Where only one order gives a day that exists, it
 * is that one.
 */
export function findDates(text: string, order: DateOrder): FoundDate[] {
	return [...text.matchAll(WRITTEN)].flatMap(({ 0: written, index }) => {
		const date = dateOf(written, order);
		return date ? [{ from: index, to: index + written.length, date }] : [];
	});
}

function dateOf(written: string, order: DateOrder): string | null {
	const parts = written.split(/\D/);
	if (parts.length === 1) {
		const cut = (...ends: number[]) => ends.map((end, i) => written.slice(ends[i - 1] ?? 0, end));
		const [year, month, day] = cut(4, 6, 8);
		const [a, b, lastYear] = cut(2, 4, 8);
		return dayOf(year, month, day) ?? yearLast(a, b, lastYear, order);
	}
	const [a, b, c] = parts;
	return a.length === 4 ? dayOf(a, b, c) : yearLast(a, b, c, order);
}

function yearLast(a: string, b: string, year: string, order: DateOrder): string | null {
	const [day, month] = order === 'dmy' ? [a, b] : [b, a];
	return dayOf(year, month, day) ?? dayOf(year, day, month);
}

/** A day as `YYYY-MM-DD`; null where there is none such. */
function dayOf(year: string, month: string, day: string): string | null {
	const y = Number(year);
	if (!(y >= FIRST_YEAR && y <= LAST_YEAR)) return null;
	const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
	const time = Date.parse(`${written}T00:00Z`);
	// A 31st of June would be the 1st of July.
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(written) ? written : null;
}
