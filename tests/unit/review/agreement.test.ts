import { describe, expect, it } from 'vitest';
import type { Category } from '../../../src/lib/reading/score';
import { agreementOf, kappaOf, summaryOf, wilson } from '../../../src/lib/review/agreement';
import type { Finding } from '../../../src/lib/review/review';
import numbers from '../fixtures/agreement.json';

describe('a review', () => {
	it.each<[Category | null, Finding, string]>([
		['likely', 'present', 'agree'],
		['likely', 'absent', 'differs'],
		['likely', 'unsure', 'unsure'],
		['not-seen', 'absent', 'agree'],
		['not-seen', 'present', 'differs'],
		['not-seen', 'unsure', 'unsure'],
		['uncertain', 'present', 'unsure'],
		['uncertain', 'absent', 'unsure'],
		['unrecognised', 'present', 'unsure'],
		['unrecognised', 'absent', 'unsure'],
		[null, 'present', 'unsure']
	])('of an image that is %s, "%s": %s', (category, finding, agreement) => {
		expect(agreementOf(category, finding)).toBe(agreement);
	});
});

describe('the share that agrees', () => {
	it.each(numbers.shares)('has the interval of statsmodels: $hits of $n', (expected) => {
		const found = wilson(expected.hits, expected.n)!;
		expect(found.n).toBe(expected.n);
		for (const part of ['value', 'low', 'high'] as const) {
			expect(found[part], part).toBeCloseTo(expected[part], 10);
		}
	});

	it('of nothing is not known', () => {
		expect(wilson(0, 0)).toBeNull();
	});
});

describe("Cohen's kappa", () => {
	it.each(numbers.kappas)('has the value and interval of statsmodels: $table', (expected) => {
		const found = kappaOf(expected.table)!;
		for (const part of ['value', 'low', 'high'] as const) {
			expect(found[part], part).toBeCloseTo(expected[part], 10);
		}
	});

	it('is not known of nothing, and where one of them gave one answer to all', () => {
		const counts = [
			[0, 0, 0, 0],
			[12, 0, 0, 0],
			[7, 0, 3, 0]
		];
		for (const [a, b, c, d] of counts) {
			const table = [
				[a, b],
				[c, d]
			];
			expect(kappaOf(table)).toBeNull();
		}
	});
});

describe('the summary', () => {
	const images = (category: Category | null, finding: Finding | null, count: number) =>
		Array.from({ length: count }, () => ({ category, finding }));

	it('counts by category and by what was said', () => {
		const summary = summaryOf([
			...images('likely', 'present', 20),
			...images('likely', 'absent', 5),
			...images('likely', 'unsure', 2),
			...images('likely', null, 7),
			...images('not-seen', 'present', 10),
			...images('not-seen', 'absent', 15),
			...images('uncertain', 'present', 3),
			...images('unrecognised', null, 1),
			...images(null, null, 4)
		]);
		expect([...summary.byCategory]).toEqual([
			['likely', { present: 20, absent: 5, unsure: 2, unreviewed: 7 }],
			['not-seen', { present: 10, absent: 15, unsure: 0, unreviewed: 0 }],
			['uncertain', { present: 3, absent: 0, unsure: 0, unreviewed: 0 }],
			['unrecognised', { present: 0, absent: 0, unsure: 0, unreviewed: 1 }]
		]);
		expect(summary).toMatchObject({ reviewed: 55, agree: 35, differs: 15, unsure: 5 });
		// The uncertain and the unsure agree with nobody and are left out of both figures.
		expect(summary.agreement).toEqual(wilson(35, 50));
		expect(summary.kappa).toEqual(kappaOf(numbers.kappas[0].table));
	});

	it('of a list that nobody reviewed claims nothing', () => {
		const summary = summaryOf(images('likely', null, 3));
		expect(summary).toMatchObject({ reviewed: 0, agreement: null, kappa: null });
	});
});
