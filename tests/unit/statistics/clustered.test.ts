import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactEstimate } from '../../../src/lib/statistics/binomial';
import { clusteredEstimate } from '../../../src/lib/statistics/clustered';

/**
 * By SciPy, for clusters c of (hits x, trials m): h, n, k = sum of x, sum of m, len(c); p = h / n;
 * v = k / (k - 1) * sum((x - p * m)**2) / n**2;
 * e = min(n, p * (1 - p) / v * (t.ppf(a / 2, n - 1) / t.ppf(a / 2, k - 1))**2);
 * beta.ppf(a / 2, e * p, e * (1 - p) + 1), beta.ppf(1 - a / 2, e * p + 1, e * (1 - p)).
 */
const EXPECTED = [
	{
		name: 'fields that differ little',
		clusters: [
			{ hits: 18, trials: 119 },
			{ hits: 12, trials: 108 },
			{ hits: 22, trials: 116 },
			{ hits: 14, trials: 101 },
			{ hits: 16, trials: 137 }
		],
		low: 0.10371598084400163,
		high: 0.18585478233107147
	},
	{
		name: 'one field with nearly all parasites',
		clusters: [
			{ hits: 0, trials: 100 },
			{ hits: 5, trials: 100 },
			{ hits: 0, trials: 100 },
			{ hits: 1, trials: 90 }
		],
		low: 4.593650969287243e-5,
		high: 0.11777390303126789
	}
];

const clusters = fc.array(
	fc
		.integer({ min: 0, max: 60 })
		.chain((trials) => fc.integer({ min: 0, max: trials }).map((hits) => ({ hits, trials }))),
	{ minLength: 1, maxLength: 8 }
);

describe('the interval of a share over fields', () => {
	it.each(EXPECTED)("is Korn and Graubard's: $name", ({ clusters: given, low, high }) => {
		const found = clusteredEstimate(given);
		expect(found.low).toBeCloseTo(low, 9);
		expect(found.high).toBeCloseTo(high, 9);
	});

	it('is the exact one where fields do not differ, and where there is one field or no hit', () => {
		const same = Array.from({ length: 4 }, () => ({ hits: 10, trials: 100 }));
		expect(clusteredEstimate(same)).toEqual(exactEstimate(40, 400));
		expect(clusteredEstimate([{ hits: 3, trials: 50 }])).toEqual(exactEstimate(3, 50));
		const none = [
			{ hits: 0, trials: 50 },
			{ hits: 0, trials: 70 }
		];
		expect(clusteredEstimate(none)).toEqual(exactEstimate(0, 120));
		expect(clusteredEstimate([])).toEqual({ value: null, low: null, high: null });
	});

	it('holds the exact one, and does not ask in what order fields come', () => {
		fc.assert(
			fc.property(clusters, (given) => {
				const found = clusteredEstimate(given);
				const [hits, trials] = [
					given.reduce((sum, each) => sum + each.hits, 0),
					given.reduce((sum, each) => sum + each.trials, 0)
				];
				const exact = exactEstimate(hits, trials);
				expect(found.value).toBe(exact.value);
				if (trials === 0) return;
				expect(found.low ?? NaN).toBeLessThanOrEqual((exact.low ?? NaN) + 1e-9);
				expect(found.high ?? NaN).toBeGreaterThanOrEqual((exact.high ?? NaN) - 1e-9);
				const turned = clusteredEstimate([...given].reverse());
				expect(turned.low ?? NaN).toBeCloseTo(found.low ?? NaN, 9);
				expect(turned.high ?? NaN).toBeCloseTo(found.high ?? NaN, 9);
			})
		);
	});
});
