/** A true share from the share that an imperfect test finds. */
import { atMost } from './beta-binomial';
import type { Estimate } from './binomial';
import type { ClusteredShare } from './clustered';

/**
 * A rate of the test for a group that was never tested (a patient, a slide): the beta distribution
 * of as many trials as say how sure it is; Infinity where it is known.
 */
export interface ExpectedRate {
	/** Its mean, 0..1. */
	value: number;
	/** Above 0; its variance is value * (1 - value) / (trials + 1). */
	trials: number;
}

/** A test, as it will do on the next group. */
export interface ImperfectTest {
	sensitivity: ExpectedRate;
	specificity: ExpectedRate;
}

const TAIL = 0.025;

/**
 * The share that has what a test looks for, with its 95 % interval. The share is Rogan and
 * Gladen's (1978, "Estimating prevalence from the results of a screening test"), cut to 0..1. The
 * interval holds all shares for which as many hits are in neither outer 2.5 % (Clopper and
 * Pearson's inversion): for a true share p the hits are beta-binomial with the mean
 * p * sensitivity + (1 - p) * (1 - specificity) and the variance of both rates between groups, as
 * numbers of a new group are predicted from those of others (Menssen and Schaarschmidt 2019,
 * "Prediction intervals for overdispersed binomial data with application to historical controls").
 * What the spread between clusters leaves of the trials widens it further.
 * @returns nulls where the test tells nothing (sensitivity + specificity <= 1) or nothing was tested.
 */
export function trueShare({ hits, trials, worth }: ClusteredShare, test: ImperfectTest): Estimate {
	const { sensitivity, specificity } = test;
	const gain = sensitivity.value + specificity.value - 1;
	if (gain <= 0 || trials === 0) return { value: null, low: null, high: null };
	const within = trials > 1 ? (trials / worth - 1) / (trials - 1) : 0;
	const atMostOf = (count: number, share: number) => {
		const { mean, correlation } = found(share, test);
		return atMost(count, { trials, mean, correlation: correlation + within });
	};
	return {
		value: Math.min(1, Math.max(0, (hits / trials + specificity.value - 1) / gain)),
		low: hits === 0 ? 0 : turn((share) => 1 - atMostOf(hits - 1, share) >= TAIL),
		high: hits === trials ? 1 : turn((share) => atMostOf(hits, share) < TAIL)
	};
}

/** What the test finds in a group of which a share has what it looks for. */
function found(share: number, { sensitivity, specificity }: ImperfectTest) {
	const mean = share * sensitivity.value + (1 - share) * (1 - specificity.value);
	const variance = share ** 2 * spreadOf(sensitivity) + (1 - share) ** 2 * spreadOf(specificity);
	const most = mean * (1 - mean);
	return { mean, correlation: most === 0 ? 0 : variance / most };
}

const spreadOf = ({ value, trials }: ExpectedRate) => (value * (1 - value)) / (trials + 1);

/** The share from which on `holds` does, by halving: 0 where it does from the start, else 1 at most. */
function turn(holds: (share: number) => boolean): number {
	if (holds(0)) return 0;
	let [low, high] = [0, 1];
	for (let i = 0; i < 40; i++) {
		const middle = (low + high) / 2;
		if (holds(middle)) high = middle;
		else low = middle;
	}
	return (low + high) / 2;
}
