/** Counts of hits whose chance differs from group to group: the beta-binomial distribution. */
import { logGamma } from './binomial';

/** Skellam (1948): trials share a chance that was drawn from a beta distribution. */
export interface BetaBinomial {
	/** Whole, from 1 on. */
	trials: number;
	/** Of the chance, 0..1. */
	mean: number;
	/** How far trials of one group agree, 0..1: 0 is the binomial distribution. */
	correlation: number;
}

/** Below it the logarithms of the beta distribution lose their digits. */
const LEAST_CORRELATION = 1e-7;
const MOST_CORRELATION = 1 - 1e-9;
/** A term so small beside the sum changes nothing that can be told. */
const NEGLIGIBLE = 1e-17;

/**
 * The probability of at most so many hits.
 * @param hits 0..trials, whole.
 * @returns 0..1, to about 1e-7.
 */
export function atMost(hits: number, { trials, mean, correlation }: BetaBinomial): number {
	if (hits >= trials) return 1;
	if (mean <= 0 || mean >= 1) return mean <= 0 ? 1 : 0;
	const rho = Math.min(MOST_CORRELATION, Math.max(LEAST_CORRELATION, correlation));
	const size = 1 / rho - 1;
	const counts = { trials, a: mean * size, b: (1 - mean) * size };
	// The shorter tail is summed, from its largest term on.
	if (hits < mean * trials) return Math.min(1, fall(hits, counts));
	const mirrored = { trials, a: counts.b, b: counts.a };
	return Math.max(0, 1 - fall(trials - hits - 1, mirrored));
}

/** Parameters of the beta distribution behind a count. */
interface Shape {
	trials: number;
	a: number;
	b: number;
}

/** The sum of the probabilities of 0 to `hits` hits, from `hits` down. */
function fall(hits: number, { trials, a, b }: Shape): number {
	let term = Math.exp(logProbability(hits, { trials, a, b }));
	let sum = term;
	for (let k = hits; k > 0; k--) {
		term *= (k * (trials - k + b)) / ((trials - k + 1) * (k - 1 + a));
		sum += term;
		// With a below 1 the terms may rise again towards none.
		if (a >= 1 && term < sum * NEGLIGIBLE) break;
	}
	return sum;
}

function logProbability(hits: number, { trials, a, b }: Shape): number {
	return (
		logGamma(trials + 1) -
		logGamma(hits + 1) -
		logGamma(trials - hits + 1) +
		logBeta(hits + a, trials - hits + b) -
		logBeta(a, b)
	);
}

function logBeta(a: number, b: number): number {
	return logGamma(a) + logGamma(b) - logGamma(a + b);
}
