// @ts-check
// Figures of a two-class classifier: the app's own code (src/lib/statistics), which the
// calibration page uses too.
import { loadSources } from './load-source.mjs';

/**
 * @typedef {import('../../src/lib/statistics/classifier').Reading} Reading
 * @typedef {import('../../src/lib/statistics/classifier').Confusion} Confusion
 * @typedef {import('../../src/lib/statistics/classifier').Rates} Rates
 * @typedef {typeof import('../../src/lib/statistics/classifier')} Classifier
 * @typedef {typeof import('../../src/lib/statistics/bootstrap')} Bootstrap
 * @typedef {typeof import('../../src/lib/tasks/data')} Patients
 */

const [classifier, bootstrap, patients] = /** @type {[Classifier, Bootstrap, Patients]} */ (
	await loadSources([
		'/src/lib/statistics/classifier.ts',
		'/src/lib/statistics/bootstrap.ts',
		'/src/lib/tasks/data.ts'
	])
);

export const { areaOfSorted, areaUnderCurve, confusionAt, RATE_NAMES, ratesOf, sortByScore } =
	classifier;
export const { bootstrapByPatient, createRandom, quantile } = bootstrap;
export const { patientInName } = patients;

/** @param {readonly number[]} values */
export function median(values) {
	return quantile(values, 0.5);
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
