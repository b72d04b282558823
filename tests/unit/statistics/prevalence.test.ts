import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atMost } from '../../../src/lib/statistics/beta-binomial';
import { trueShare } from '../../../src/lib/statistics/prevalence';
import { fixture } from '../helpers/images';

interface Rate {
	value: number;
	trials: number;
}

/** `fixtures/make_prevalence.py`: SciPy's beta-binomial distribution. */
const EXPECTED = fixture<{
	tails: { trials: number; mean: number; correlation: number; hits: number; atMost: number }[];
	shares: {
		name: string;
		found: { hits: number; trials: number; worth: number };
		sensitivity: Rate;
		specificity: Rate;
		value: number;
		low: number;
		high: number;
	}[];
}>('prevalence');

const independent = (hits: number, trials: number) => ({ hits, trials, worth: trials });
const known = { value: 1, trials: Infinity };

describe('counts whose chance differs from group to group', () => {
	it('have the probabilities of SciPy', () => {
		for (const { hits, atMost: wanted, ...counts } of EXPECTED.tails) {
			expect(atMost(hits, counts)).toBeCloseTo(wanted, 7);
		}
	});

	it('are binomial where groups are alike', () => {
		// scipy.stats.binom.cdf(3, 20, 0.2)
		expect(atMost(3, { trials: 20, mean: 0.2, correlation: 0 })).toBeCloseTo(0.41144886, 6);
		expect(atMost(0, { trials: 20, mean: 0, correlation: 0 })).toBe(1);
		expect(atMost(19, { trials: 20, mean: 1, correlation: 0.5 })).toBe(0);
		expect(atMost(20, { trials: 20, mean: 1, correlation: 0.5 })).toBe(1);
	});
});

describe('the true share behind an imperfect test', () => {
	it.each(EXPECTED.shares)('agrees with Python: $name', ({ found, value, low, high, ...test }) => {
		const share = trueShare(found, test);
		expect(share.value).toBeCloseTo(value, 12);
		expect(share.low).toBeCloseTo(low, 6);
		expect(share.high).toBeCloseTo(high, 6);
	});

	it('is the found share, with the exact interval, where the test is known to be perfect', () => {
		const { value, low, high } = trueShare(independent(20, 200), {
			sensitivity: known,
			specificity: known
		});
		expect(value).toBeCloseTo(0.1, 12);
		// Clopper and Pearson: scipy.stats.beta.ppf(0.025, 20, 181), beta.ppf(0.975, 21, 180).
		expect(low).toBeCloseTo(0.0621993, 4);
		expect(high).toBeCloseTo(0.150202, 4);
	});

	it('does not become surer than the rates of the next slide are, however many cells', () => {
		const test = {
			sensitivity: { value: 0.9, trials: 50 },
			specificity: { value: 0.98, trials: 50 }
		};
		const widthOf = (cells: number) => {
			const { low, high } = trueShare(independent(cells / 10, cells), test);
			return (high ?? NaN) - (low ?? NaN);
		};
		expect(widthOf(20_000)).toBeGreaterThan(0.9 * widthOf(2000));
		const sure = { ...test, specificity: { value: 0.98, trials: 50_000 } };
		const { low, high } = trueShare(independent(2000, 20_000), sure);
		expect((high ?? NaN) - (low ?? NaN)).toBeLessThan(0.7 * widthOf(20_000));
	});

	it('says nothing where the test tells nothing, or nothing was tested', () => {
		const half = { value: 0.5, trials: 100 };
		const nothing = { value: null, low: null, high: null };
		const useless = { sensitivity: half, specificity: half };
		expect(trueShare(independent(5, 10), useless)).toEqual(nothing);
		const sure = { sensitivity: known, specificity: known };
		expect(trueShare(independent(0, 0), sure)).toEqual(nothing);
	});

	it('stays between 0 and 1, with the ends in order', () => {
		const rate = fc.record({
			value: fc.double({ min: 0.55, max: 1, noNaN: true }),
			trials: fc.double({ min: 0.5, max: 100_000, noNaN: true })
		});
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 3000 }),
				fc.double({ min: 0, max: 1, noNaN: true }),
				fc.double({ min: 0.05, max: 1, noNaN: true }),
				rate,
				rate,
				(trials, share, left, sensitivity, specificity) => {
					const hits = Math.round(share * trials);
					const worth = Math.max(1, left * trials);
					const { low, high } = trueShare({ hits, trials, worth }, { sensitivity, specificity });
					expect(low).toBeGreaterThanOrEqual(0);
					expect(high).toBeLessThanOrEqual(1);
					expect(low).toBeLessThanOrEqual(high ?? NaN);
				}
			),
			{ numRuns: 60 }
		);
	});
});
