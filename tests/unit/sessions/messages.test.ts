import { afterEach, describe, expect, it } from 'vitest';
import { overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';
import { sizeInWords, whenInWords } from '../../../src/lib/sessions/messages';

describe('a moment in words', () => {
	const now = new Date(2026, 10, 21, 15, 0);
	const at = (...parts: [number, number, number, number, number]) =>
		whenInWords(new Date(...parts).toISOString(), now);

	it.each([
		['today, 14:05', at(2026, 10, 21, 14, 5)],
		['yesterday, 09:12', at(2026, 10, 20, 9, 12)],
		['19 November 2026, 23:59', at(2026, 10, 19, 23, 59)],
		['1 January 2025, 00:00', at(2025, 0, 1, 0, 0)],
		['at an unknown time', whenInWords('never', now)]
	])('is %s', (wanted, words) => expect(words).toBe(wanted));

	afterEach(() => overwriteGetLocale(() => 'en'));

	it('is in the language of the pages', () => {
		overwriteGetLocale(() => 'es');
		expect(at(2026, 10, 20, 9, 12)).toMatch(/^ayer\b.*09:12$/);
		expect(at(2026, 10, 19, 23, 59)).toContain('19 de noviembre de 2026');
	});
});

it.each([
	[0, 'under 0.1 MB'],
	[99_999, 'under 0.1 MB'],
	[3_240_000, '3.2 MB'],
	[1_400_000_000, '1.4 GB']
])('%d bytes are %s', (bytes, words) => expect(sizeInWords(bytes)).toBe(words));
