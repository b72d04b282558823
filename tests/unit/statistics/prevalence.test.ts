import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trueShare } from '../../../src/lib/statistics/prevalence';

/**
 * In Python, for k of n found, ks of ns sure, kp of m clear and z = 1.959963984540054: the point is
 * (k/n + kp/m - 1) / (ks/ns + kp/m - 1); P = (k + z*z/2) / (n + z*z), S = (ks + 1) / (ns + 2),
 * C = (kp + 1) / (m + 2), p = (P + C - 1) / (S + C - 1);
 * se = (P*(1-P)/(n+z*z) + S*(1-S)/(ns+2)*p**2 + C*(1-C)/(m+2)*(1-p)**2)**.5 / abs(S + C - 1);
 * d = 2*z*z*(p*S*(1-S)/(ns+2) - (1-p)*C*(1-C)/(m+2)); p + d - z*se, p + d + z*se.
 */
const EXPECTED = [
	{
		name: 'many infected cells',
		found: [60, 2000],
		sure: [90, 100],
		clear: [995, 1000],
		estimate: [0.02793296089385465, 0.018064767884164442, 0.038480273164732834]
	},
	{
		name: 'fewer than the false alarms',
		found: [3, 2400],
		sure: [900, 1000],
		clear: [1990, 2000],
		estimate: [0, 0, 0.000280805736623182]
	},
	{
		name: 'none found',
		found: [0, 500],
		sure: [95, 100],
		clear: [199, 200],
		estimate: [0, 0, 0.00891055929207963]
	},
	{
		name: 'most are infected',
		found: [700, 1000],
		sure: [90, 100],
		clear: [99, 100],
		estimate: [0.7752808988764043, 0.7210484602799161, 0.8473969082840325]
	}
] as const;

const measured = ([hits, trials]: readonly [number, number]) => ({ value: hits / trials, trials });

describe('the true share behind an imperfect test', () => {
	it.each(EXPECTED)('agrees with Lang and Reiczigel in Python: $name', (one) => {
		const { value, low, high } = trueShare(
			measured(one.found),
			measured(one.sure),
			measured(one.clear)
		);
		expect(value).toBeCloseTo(one.estimate[0], 12);
		expect(low).toBeCloseTo(one.estimate[1], 12);
		expect(high).toBeCloseTo(one.estimate[2], 12);
	});

	it('is the found share where the test is known to be perfect', () => {
		const known = { value: 1, trials: Infinity };
		const { value, low, high } = trueShare({ value: 0.1, trials: 200 }, known, known);
		expect(value).toBeCloseTo(0.1, 12);
		expect(low).toBeLessThan(0.1);
		expect(high).toBeGreaterThan(0.1);
	});

	it('says nothing where the test tells nothing, or nothing was tested', () => {
		const half = { value: 0.5, trials: 100 };
		const nothing = { value: null, low: null, high: null };
		expect(trueShare({ value: 0.5, trials: 10 }, half, half)).toEqual(nothing);
		expect(trueShare({ value: NaN, trials: 0 }, measured([9, 10]), measured([9, 10]))).toEqual(
			nothing
		);
	});

	it('stays between 0 and 1, with the ends in order', () => {
		const share = fc.double({ min: 0.55, max: 1, noNaN: true });
		const trials = fc.integer({ min: 1, max: 100_000 });
		fc.assert(
			fc.property(
				fc.double({ min: 0, max: 1, noNaN: true }),
				share,
				share,
				trials,
				trials,
				(value, sure, clear, n, m) => {
					const { low, high } = trueShare(
						{ value, trials: n },
						{ value: sure, trials: m },
						{ value: clear, trials: m }
					);
					expect(low).toBeGreaterThanOrEqual(0);
					expect(high).toBeLessThanOrEqual(1);
					expect(low).toBeLessThanOrEqual(high ?? NaN);
				}
			)
		);
	});
});
