// @ts-check
// Figures of a two-class classifier, as fieldlens_training/metrics.py has them in Python.

/**
 * One image that was read.
 * @typedef {{ positive: boolean, score: number, patient: string }} Reading
 *
 * Counts of decisions, by the names of the manifest.
 * @typedef {object} Confusion
 * @property {number} truePositive
 * @property {number} falsePositive
 * @property {number} trueNegative
 * @property {number} falseNegative
 *
 * Rates 0..1, NaN where nothing defines them.
 * @typedef {object} Rates
 * @property {number} accuracy
 * @property {number} sensitivity
 * @property {number} specificity
 * @property {number} precision
 * @property {number} f1
 */

export const RATE_NAMES = /** @type {const} */ ([
	'accuracy',
	'sensitivity',
	'specificity',
	'precision',
	'f1'
]);

/** The manifest's rule: positive from the threshold on. */
const isFlagged = (/** @type {number} */ score, /** @type {number} */ threshold) =>
	score >= threshold;

/**
 * Area under the ROC curve, P(s+ > s-) + P(s+ = s-) / 2, each image counted `weight` times.
 * @param {readonly Reading[]} sorted by rising score
 * @param {(reading: Reading) => number} [weightOf]
 * @returns {number} NaN where a class is missing
 */
export function areaOfSorted(sorted, weightOf = () => 1) {
	let negativeBelow = 0;
	let positives = 0;
	let pairs = 0;
	for (let start = 0; start < sorted.length;) {
		const score = sorted[start]?.score;
		let tiedPositive = 0;
		let tiedNegative = 0;
		let end = start;
		for (; end < sorted.length; end++) {
			const reading = sorted[end];
			if (!reading || reading.score !== score) break;
			if (reading.positive) tiedPositive += weightOf(reading);
			else tiedNegative += weightOf(reading);
		}
		pairs += tiedPositive * (negativeBelow + tiedNegative / 2);
		negativeBelow += tiedNegative;
		positives += tiedPositive;
		start = end;
	}
	return pairs / (positives * negativeBelow);
}

/**
 * @param {readonly Reading[]} readings in any order
 * @returns {number} 0..1, NaN where a class is missing
 */
export function areaUnderCurve(readings) {
	return areaOfSorted(sortByScore(readings));
}

/** @param {readonly Reading[]} readings */
export function sortByScore(readings) {
	return [...readings].sort((a, b) => a.score - b.score);
}

/**
 * @param {readonly Reading[]} readings
 * @param {number} threshold
 * @param {(reading: Reading) => number} [weightOf]
 * @returns {Confusion}
 */
export function confusionAt(readings, threshold, weightOf = () => 1) {
	const counts = { truePositive: 0, falsePositive: 0, trueNegative: 0, falseNegative: 0 };
	for (const reading of readings) {
		const flagged = isFlagged(reading.score, threshold);
		const weight = weightOf(reading);
		if (reading.positive) counts[flagged ? 'truePositive' : 'falseNegative'] += weight;
		else counts[flagged ? 'falsePositive' : 'trueNegative'] += weight;
	}
	return counts;
}

/**
 * @param {Confusion} counts
 * @returns {Rates}
 */
export function ratesOf({ truePositive, falsePositive, trueNegative, falseNegative }) {
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
 * 95 % percentile intervals by bootstrap over patients: all images of a drawn patient come
 * along (Efron and Tibshirani 1993, chapter 13). A sample without one of the classes leaves
 * the figure that needs it out.
 * @param {readonly Reading[]} readings
 * @param {(sorted: readonly Reading[], weightOf: (reading: Reading) => number) => Record<string, number>} measure
 *   the figures of one sample
 * @param {{ folds?: number, seed?: number }} [options]
 * @returns {Record<string, [number, number]>}
 */
export function bootstrapByPatient(readings, measure, { folds = 2000, seed = 1 } = {}) {
	const sorted = sortByScore(readings);
	const patients = [...new Set(sorted.map((reading) => reading.patient))];
	const random = createRandom(seed);
	/** @type {Map<string, number[]>} */
	const samples = new Map();
	for (let fold = 0; fold < folds; fold++) {
		/** @type {Map<string, number>} */
		const drawn = new Map();
		for (let draw = 0; draw < patients.length; draw++) {
			const patient = patients[Math.floor(random() * patients.length)] ?? '';
			drawn.set(patient, (drawn.get(patient) ?? 0) + 1);
		}
		const figures = measure(sorted, (reading) => drawn.get(reading.patient) ?? 0);
		for (const [name, value] of Object.entries(figures)) {
			if (!Number.isFinite(value)) continue;
			const values = samples.get(name) ?? [];
			values.push(value);
			samples.set(name, values);
		}
	}
	return Object.fromEntries(
		[...samples].map(([name, values]) => [name, [quantile(values, 0.025), quantile(values, 0.975)]])
	);
}

/**
 * Linear interpolation between order statistics (type 7, NumPy's default).
 * @param {readonly number[]} values
 * @param {number} share 0..1
 * @returns {number} NaN for no values
 */
export function quantile(values, share) {
	const sorted = [...values].sort((a, b) => a - b);
	const place = (sorted.length - 1) * share;
	const low = sorted[Math.floor(place)] ?? NaN;
	const high = sorted[Math.ceil(place)] ?? NaN;
	return low + (high - low) * (place - Math.floor(place));
}

/** @param {readonly number[]} values */
export function median(values) {
	return quantile(values, 0.5);
}

/**
 * Pseudo-random numbers of [0, 1), the same for the same seed (mulberry32, T. Ettinger).
 * @param {number} seed
 * @returns {() => number}
 */
export function createRandom(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}

/**
 * A copy in random order (Fisher and Yates).
 * @template T
 * @param {readonly T[]} items
 * @param {() => number} random
 * @returns {T[]}
 */
export function shuffle(items, random) {
	const mixed = [...items];
	for (let last = mixed.length - 1; last > 0; last--) {
		const other = Math.floor(random() * (last + 1));
		const kept = /** @type {T} */ (mixed[last]);
		mixed[last] = /** @type {T} */ (mixed[other]);
		mixed[other] = kept;
	}
	return mixed;
}
