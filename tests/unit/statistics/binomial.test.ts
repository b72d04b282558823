import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	betaQuantile,
	betaShare,
	exactEstimate,
	hitsWanted,
	logGamma,
	positivesNeeded
} from '../../../src/lib/statistics/binomial';
import { EXPECTED } from '../helpers/statistics';

describe('the exact interval of a share', () => {
	it.each(EXPECTED.intervals)(
		'of $hits of $trials at $level is that of statsmodels',
		({ hits, trials, level, low, high }) => {
			const found = exactEstimate(hits, trials, level);
			expect(found.low).toBeCloseTo(low, 9);
			expect(found.high).toBeCloseTo(high, 9);
		}
	);

	it('is not there without trials', () => {
		expect(exactEstimate(0, 0)).toEqual({ value: null, low: null, high: null });
	});

	const counts = fc
		.integer({ min: 1, max: 3000 })
		.chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));
	const widthOf = (hits: number, trials: number) => {
		const { low, high } = exactEstimate(hits, trials);
		return (high ?? NaN) - (low ?? NaN);
	};

	it('contains the share, lies within 0..1 and mirrors', () => {
		fc.assert(
			fc.property(counts, ([hits, trials]) => {
				const { value, low, high } = exactEstimate(hits, trials);
				const mirrored = exactEstimate(trials - hits, trials);
				expect(low).toBeGreaterThanOrEqual(0);
				expect(high).toBeLessThanOrEqual(1);
				expect(low).toBeLessThanOrEqual(value ?? NaN);
				expect(high).toBeGreaterThanOrEqual(value ?? NaN);
				expect(1 - (mirrored.high ?? NaN)).toBeCloseTo(low ?? NaN, 10);
			}),
			{ numRuns: 100 }
		);
	});

	it('is narrower with more images of the same share, and wider at a higher level', () => {
		fc.assert(
			fc.property(counts, ([hits, trials]) => {
				expect(widthOf(2 * hits, 2 * trials)).toBeLessThan(widthOf(hits, trials));
				const wide = exactEstimate(hits, trials, 0.99);
				const narrow = exactEstimate(hits, trials, 0.9);
				expect(wide.low).toBeLessThanOrEqual(narrow.low ?? NaN);
				expect(wide.high).toBeGreaterThanOrEqual(narrow.high ?? NaN);
			}),
			{ numRuns: 100 }
		);
	});
});

describe('the incomplete beta function', () => {
	it.each(EXPECTED.beta)('of $a, $b is that of SciPy', ({ a, b, x, share, wanted, quantile }) => {
		expect(betaShare(x, a, b)).toBeCloseTo(share, 9);
		expect(betaQuantile(wanted, a, b)).toBeCloseTo(quantile, 9);
	});

	it('has its quantiles for an inverse', () => {
		const above = fc.double({ min: 0.3, max: 2000, noNaN: true });
		fc.assert(
			fc.property(above, above, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, share) => {
				expect(betaShare(betaQuantile(share, a, b), a, b)).toBeCloseTo(share, 8);
			}),
			{ numRuns: 50 }
		);
	});

	it('builds on a gamma function whose values are known', () => {
		expect(logGamma(1)).toBeCloseTo(0, 13);
		expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
		expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
		expect(logGamma(0.25)).toBeCloseTo(1.2880225246980774, 12);
	});
});

describe('how many sick images are needed', () => {
	it.each(EXPECTED.needed)('for $wanted, $margin below it, as SciPy counts', (one) => {
		expect(positivesNeeded(one.wanted, one.margin)).toBe(one.needed);
	});

	it('takes the fewest hits that are enough', () => {
		expect(hitsWanted(0.95, 20)).toBe(19);
		expect(hitsWanted(0.95, 21)).toBe(20);
		expect(hitsWanted(0.9, 10)).toBe(9);
		expect(hitsWanted(0.8, 1)).toBe(1);
		for (let n = 1; n < 300; n++) {
			for (let percent = 80; percent <= 99; percent++) {
				const hits = hitsWanted(percent / 100, n);
				// In whole numbers, where nothing is rounded.
				expect(100 * hits >= percent * n && 100 * (hits - 1) < percent * n).toBe(true);
			}
		}
	});
});
