/** The area under the ROC curve with its interval. */
import { NORMAL_975, type Estimate } from './binomial';
import type { Reading } from './classifier';

/**
 * AUC and its variance by DeLong, DeLong and Clarke-Pearson (1988), computed from midranks
 * (Sun and Xu 2014, "Fast implementation of DeLong's algorithm").
 * @returns AUC 0..1; both NaN where a class has fewer than two images.
 */
export function delong(readings: readonly Reading[]): { area: number; variance: number } {
	const scoresOf = (wanted: boolean) =>
		readings.filter(({ positive }) => positive === wanted).map(({ score }) => score);
	const positives = scoresOf(true);
	const negatives = scoresOf(false);
	const [m, n] = [positives.length, negatives.length];
	if (m < 2 || n < 2) return { area: NaN, variance: NaN };
	const together = midranks([...positives, ...negatives]);
	// Of each image: the share of the other class that it stands on the right side of.
	const alone = { positive: midranks(positives), negative: midranks(negatives) };
	const ofPositives = positives.map((_, i) => (together[i] - alone.positive[i]) / n);
	const ofNegatives = negatives.map((_, j) => 1 - (together[m + j] - alone.negative[j]) / m);
	return {
		area: meanOf(ofPositives),
		variance: varianceOf(ofPositives) / m + varianceOf(ofNegatives) / n
	};
}

/**
 * AUC with DeLong's 95 % interval on the logit scale (Pepe 2003, section 5.2.4): it stays
 * within 0..1 and is nearer to its promise for AUCs near 1 than the plain one.
 *
 * Where every pair is in order (or none) DeLong's variance is 0 and says nothing. There the
 * interval is an exact one: of the smaller class's number of pairs, each of other images, all
 * came out right, so the AUC is at least 0.025 ^ (1 / pairs) 97.5 times of 100.
 * @param independentPairs where images are not independent: how many disjoint pairs are.
 */
export function areaWithInterval(
	readings: readonly Reading[],
	independentPairs = fewerOf(readings)
): Estimate {
	const { area, variance } = delong(readings);
	if (!Number.isFinite(area)) return { value: null, low: null, high: null };
	if (area === 0 || area === 1 || variance === 0) {
		const bound = 0.025 ** (1 / Math.max(1, independentPairs));
		if (area === 1) return { value: 1, low: bound, high: 1 };
		if (area === 0) return { value: 0, low: 0, high: 1 - bound };
		return { value: area, low: null, high: null };
	}
	const centre = Math.log(area / (1 - area));
	const reach = (NORMAL_975 * Math.sqrt(variance)) / (area * (1 - area));
	const back = (logit: number) => 1 / (1 + Math.exp(-logit));
	return { value: area, low: back(centre - reach), high: back(centre + reach) };
}

function fewerOf(readings: readonly Reading[]): number {
	const positives = readings.filter(({ positive }) => positive).length;
	return Math.min(positives, readings.length - positives);
}

/** Ranks from 1 on; ties share the mean of their ranks. */
function midranks(values: readonly number[]): Float64Array {
	const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
	const ranks = new Float64Array(values.length);
	for (let start = 0; start < order.length;) {
		let end = start;
		while (end < order.length && values[order[end]] === values[order[start]]) end++;
		for (let i = start; i < end; i++) ranks[order[i]] = (start + end + 1) / 2;
		start = end;
	}
	return ranks;
}

function meanOf(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** With n - 1 below the line. */
function varianceOf(values: readonly number[]): number {
	const mean = meanOf(values);
	return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
