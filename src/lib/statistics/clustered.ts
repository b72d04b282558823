/** Intervals of shares whose trials come in groups that differ: cells of fields of one slide. */
import { betaQuantile, exactEstimate, type Estimate } from './binomial';

export interface Cluster {
	/** 0..trials, whole. */
	hits: number;
	trials: number;
}

/** A share over clusters, and as how many independent trials it is worth. */
export interface ClusteredShare {
	hits: number;
	trials: number;
	/** Of trials that would be as sure if they were independent; all of them at most. */
	worth: number;
}

/**
 * What the spread between clusters leaves of the trials, after Korn and Graubard (1998,
 * "Confidence intervals for proportions with small expected number of positive counts estimated
 * from survey data"). With no hit, with hits alone or with one cluster nothing is known of the
 * spread: there all trials count.
 */
export function clusteredShare(clusters: readonly Cluster[], level = 0.95): ClusteredShare {
	const groups = clusters.filter(({ trials }) => trials > 0);
	const hits = groups.reduce((sum, group) => sum + group.hits, 0);
	const trials = groups.reduce((sum, group) => sum + group.trials, 0);
	const freedom = groups.length - 1;
	if (hits === 0 || hits === trials || freedom < 1) return { hits, trials, worth: trials };
	const share = hits / trials;
	const spread = groups.reduce((sum, group) => sum + (group.hits - share * group.trials) ** 2, 0);
	const variance = ((freedom + 1) / freedom) * (spread / trials ** 2);
	const independent = (share * (1 - share)) / variance;
	const shrink = squaredT(level, trials - 1) / squaredT(level, freedom);
	return { hits, trials, worth: Math.min(trials, independent * shrink) };
}

/**
 * A share over clusters with Korn and Graubard's interval: Clopper and Pearson's for as many
 * trials as `clusteredShare` leaves. It is never narrower than that of all trials taken as
 * independent.
 */
export function clusteredEstimate(clusters: readonly Cluster[], level = 0.95): Estimate {
	const { hits, trials, worth } = clusteredShare(clusters, level);
	if (worth === trials) return exactEstimate(hits, trials, level);
	const share = hits / trials;
	const [positives, negatives] = [share * worth, (1 - share) * worth];
	const tail = (1 - level) / 2;
	return {
		value: share,
		low: betaQuantile(tail, positives, negatives + 1),
		high: betaQuantile(1 - tail, positives + 1, negatives)
	};
}

/** The square of Student's t that holds `level` on both sides (DLMF 8.17 (v)). */
function squaredT(level: number, freedom: number): number {
	return freedom * (1 / betaQuantile(1 - level, freedom / 2, 0.5) - 1);
}
