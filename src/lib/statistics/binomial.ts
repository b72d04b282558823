/**
 * Exact intervals of shares. The incomplete beta function is written here: of the libraries
 * that have it, @stdlib's brings 224 packages and 400 kB, jStat's stops at 1e-8.
 */

/** A figure with its 95 % interval; null where it cannot be computed. As in the manifest. */
export interface Estimate {
	value: number | null;
	low: number | null;
	high: number | null;
}

/**
 * Clopper and Pearson's interval of a share (1934, "The use of confidence or fiducial limits
 * illustrated in the case of the binomial"): it holds the true share at least `level` of the
 * times, for any number of trials.
 * @param hits 0..trials, whole.
 * @param trials from 0 on, whole; with none all three are null.
 */
export function exactEstimate(hits: number, trials: number, level = 0.95): Estimate {
	if (trials === 0) return { value: null, low: null, high: null };
	const tail = (1 - level) / 2;
	return {
		value: hits / trials,
		low: hits === 0 ? 0 : betaQuantile(tail, hits, trials - hits + 1),
		high: hits === trials ? 1 : betaQuantile(1 - tail, hits + 1, trials - hits)
	};
}

/** Standard normal quantile of 0.975. */
export const NORMAL_975 = 1.959963984540054;

/**
 * The x at which the regularised incomplete beta function I_x(a, b) is `share`: by halving,
 * which is slower than Newton's method and cannot miss.
 * @param share 0..1; a and b above 0.
 * @returns 0..1, to about 1e-15.
 */
export function betaQuantile(share: number, a: number, b: number): number {
	let [low, high] = [0, 1];
	for (let i = 0; i < 200; i++) {
		const middle = (low + high) / 2;
		if (middle === low || middle === high) break;
		if (betaShare(middle, a, b) < share) low = middle;
		else high = middle;
	}
	return (low + high) / 2;
}

/**
 * The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22,
 * https://dlmf.nist.gov/8.17), evaluated by Lentz's method as modified by Thompson and
 * Barnett (1986).
 * @param x 0..1; a and b above 0.
 * @returns 0..1.
 */
export function betaShare(x: number, a: number, b: number): number {
	if (x <= 0) return 0;
	if (x >= 1) return 1;
	// The fraction converges fast on this side; the other one follows by symmetry.
	if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a);
	const front = Math.exp(
		a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)
	);
	const TINY = 1e-300;
	let c = 1;
	let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1), TINY);
	let fraction = d;
	// About sqrt(max(a, b)) rounds are needed; the bound stands for a million images.
	for (let m = 1; m <= 5000; m++) {
		const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / awayFromZero(1 + even * d, TINY);
		c = awayFromZero(1 + even / c, TINY);
		fraction *= d * c;
		const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / awayFromZero(1 + odd * d, TINY);
		c = awayFromZero(1 + odd / c, TINY);
		const change = d * c;
		fraction *= change;
		if (Math.abs(change - 1) < 1e-15) break;
	}
	return (front * fraction) / a;
}

function awayFromZero(value: number, tiny: number): number {
	return Math.abs(value) < tiny ? tiny : value;
}

/** Lanczos's coefficients for g = 7, n = 9 (P. Godfrey 2001). */
const LANCZOS = [
	0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
	-176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
	1.5056327351493116e-7
];

/** The natural logarithm of the gamma function of x > 0, to about 1e-14. */
export function logGamma(x: number): number {
	if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
	const shifted = x - 1;
	const base = shifted + 7.5;
	const sum = LANCZOS.slice(1).reduce(
		(total, coefficient, i) => total + coefficient / (shifted + i + 1),
		LANCZOS[0]
	);
	return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/**
 * How many images of the finding a list needs, so that the lower 97.5 % bound of the
 * sensitivity lies no more than `margin` below the wanted one, for this number and any larger
 * one. The threshold is taken to be set anew at the k-th highest score of n such images,
 * k = ceil(wanted x n): the true sensitivity there follows Beta(k, n - k + 1) whatever the
 * scores' distribution (Wilks 1941), and that is Clopper and Pearson's lower bound. Assumes
 * independent images.
 * @param wanted 0.5..0.99.
 * @param margin above 0.
 */
export function positivesNeeded(wanted: number, margin: number): number {
	// Enough for 0.5 with a margin of 0.03; the loop is a few thousand short sums.
	const MOST = 1500;
	let lastShort = 0;
	for (let n = 1; n <= MOST; n++) {
		const k = hitsWanted(wanted, n);
		if (betaShare(wanted - margin, k, n - k + 1) > 0.025) lastShort = n;
	}
	return lastShort + 1;
}

/** The fewest hits of n whose share is at least the wanted one. */
export function hitsWanted(wanted: number, n: number): number {
	// 0.95 x 20 is 19, not the 19.000000000000004 of some products.
	return Math.max(1, Math.ceil(wanted * n - 1e-9));
}
