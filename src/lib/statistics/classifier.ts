/**
 * Figures of a two-class classifier, as fieldlens_training/evaluation/metrics.py has them in Python. The
 * calibration page and `npm run evaluate` share them.
 */

/** One image with a score and the truth. */
export interface Reading {
	positive: boolean;
	/** Calibrated probability of the positive class, 0..1. */
	score: number;
	/** Whose image it is: images of one patient are not independent. */
	patient: string;
}

/** Counts of decisions, by the names of the manifest. */
export interface Confusion {
	truePositive: number;
	falsePositive: number;
	trueNegative: number;
	falseNegative: number;
}

/** Rates 0..1, NaN where nothing defines them. */
export interface Rates {
	accuracy: number;
	sensitivity: number;
	specificity: number;
	precision: number;
	f1: number;
}

/** How often a reading counts; `place`, its index in the list that is measured, saves a search. */
export type WeightOf = (reading: Reading, place?: number) => number;

export const RATE_NAMES = ['accuracy', 'sensitivity', 'specificity', 'precision', 'f1'] as const;

const once: WeightOf = () => 1;

/** The manifest's rule: positive from the threshold on. */
export function isFlagged(score: number, threshold: number): boolean {
	return score >= threshold;
}

/** A copy by rising score. */
export function sortByScore(readings: readonly Reading[]): Reading[] {
	return [...readings].sort((a, b) => a.score - b.score);
}

/**
 * Area under the ROC curve, P(s+ > s-) + P(s+ = s-) / 2, each image counted `weight` times.
 * @param sorted by rising score.
 * @returns 0..1, NaN where a class is missing.
 */
export function areaOfSorted(sorted: readonly Reading[], weightOf: WeightOf = once): number {
	let negativeBelow = 0;
	let positives = 0;
	let pairs = 0;
	for (let start = 0; start < sorted.length;) {
		const { score } = sorted[start];
		let tiedPositive = 0;
		let tiedNegative = 0;
		let end = start;
		for (; end < sorted.length && sorted[end].score === score; end++) {
			const reading = sorted[end];
			if (reading.positive) tiedPositive += weightOf(reading, end);
			else tiedNegative += weightOf(reading, end);
		}
		pairs += tiedPositive * (negativeBelow + tiedNegative / 2);
		negativeBelow += tiedNegative;
		positives += tiedPositive;
		start = end;
	}
	return pairs / (positives * negativeBelow);
}

/** `areaOfSorted` of readings in any order. */
export function areaUnderCurve(readings: readonly Reading[]): number {
	return areaOfSorted(sortByScore(readings));
}

/** Counts of decisions at a threshold. */
export function confusionAt(
	readings: readonly Reading[],
	threshold: number,
	weightOf: WeightOf = once
): Confusion {
	const counts = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
	// A plain loop: it runs for every threshold of every drawn sample.
	for (let place = 0; place < readings.length; place++) {
		const reading = readings[place];
		const weight = weightOf(reading, place);
		const flagged = isFlagged(reading.score, threshold);
		if (reading.positive) {
			if (flagged) counts.truePositive += weight;
			else counts.falseNegative += weight;
		} else if (flagged) counts.falsePositive += weight;
		else counts.trueNegative += weight;
	}
	return counts;
}

export function ratesOf({
	truePositive,
	falsePositive,
	trueNegative,
	falseNegative
}: Confusion): Rates {
	const all = truePositive + falsePositive + trueNegative + falseNegative;
	return {
		accuracy: (truePositive + trueNegative) / all,
		sensitivity: truePositive / (truePositive + falseNegative),
		specificity: trueNegative / (trueNegative + falsePositive),
		precision: truePositive / (truePositive + falsePositive),
		f1: (2 * truePositive) / (2 * truePositive + falsePositive + falseNegative)
	};
}

/**
 * The corners of the ROC curve: [false positive rate, true positive rate] at every threshold
 * that is a score, from (0, 0) to (1, 1). Points on a straight line are left out.
 * @param sorted by rising score, both classes there.
 */
export function curveOfSorted(sorted: readonly Reading[]): [number, number][] {
	const positives = sorted.filter(({ positive }) => positive).length;
	const negatives = sorted.length - positives;
	const counts: [number, number][] = [[0, 0]];
	let [falsePositive, truePositive] = [0, 0];
	for (let i = sorted.length - 1; i >= 0; i--) {
		if (sorted[i].positive) truePositive++;
		else falsePositive++;
		if (i === 0 || sorted[i - 1].score !== sorted[i].score) {
			counts.push([falsePositive, truePositive]);
		}
	}
	const corners = counts.filter(([a, b], i) => {
		const [before, after] = [counts[i - 1], counts[i + 1]];
		if (!before || !after) return true;
		return (a - before[0]) * (after[1] - b) !== (b - before[1]) * (after[0] - a);
	});
	return corners.map(([a, b]) => [a / negatives, b / positives]);
}

/**
 * The largest true positive rate at no more than each of the false positive rates
 * 0, 1 / steps, ..., 1: the height of the ROC curve drawn as stairs.
 * @param sorted by rising score.
 * @returns steps + 1 values 0..1, NaN where a class is missing.
 */
export function heightsOfSorted(
	sorted: readonly Reading[],
	steps: number,
	weightOf: WeightOf = once
): Float64Array {
	let positives = 0;
	let negatives = 0;
	const weights = new Float64Array(sorted.length);
	for (let place = 0; place < sorted.length; place++) {
		const weight = (weights[place] = weightOf(sorted[place], place));
		if (sorted[place].positive) positives += weight;
		else negatives += weight;
	}
	const heights = new Float64Array(steps + 1).fill(NaN);
	if (positives === 0 || negatives === 0) return heights;
	let [falsePositive, truePositive] = [0, 0];
	let step = 0;
	for (let i = sorted.length - 1; i >= 0;) {
		const { score } = sorted[i];
		const reached = truePositive;
		for (; i >= 0 && sorted[i].score === score; i--) {
			if (sorted[i].positive) truePositive += weights[i];
			else falsePositive += weights[i];
		}
		// Every step that these ties go beyond keeps the height of before.
		while (step <= steps && (step / steps) * negatives < falsePositive - 1e-9) {
			heights[step++] = reached / positives;
		}
	}
	heights.fill(1, step);
	return heights;
}
