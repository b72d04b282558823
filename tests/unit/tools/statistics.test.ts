/**
 * The figures that are published, against scikit-learn 1.9.1 and NumPy 2.4.6:
 *
 *   n = np.arange(60)
 *   scores = (n * 37 % 20) / 20
 *   labels = ((n * 53 % 60) / 60 + scores > 0.9).astype(int)
 *   roc_auc_score(labels, scores), roc_auc_score(labels, scores, sample_weight=1 + n % 3)
 *   confusion_matrix(labels, scores >= 0.6), precision_score(...), f1_score(...)
 *
 * and the intervals against fieldlens_training.evaluation.metrics.intervals(labels, scores, n // 3,
 * {'p': 0.6}, folds=100000).
 */
import { describe, expect, it } from 'vitest';
import { bootstrapByPatient, createRandom, quantile } from '../../../src/lib/statistics/bootstrap';
import {
	areaOfSorted,
	areaUnderCurve,
	confusionAt,
	ratesOf,
	sortByScore,
	type Reading
} from '../../../src/lib/statistics/classifier';
import { median, shuffle } from '../../../tools/lib/statistics';

const numbers = Array.from({ length: 60 }, (_, n) => n);
const readings: Reading[] = numbers.map((n) => {
	const score = ((n * 37) % 20) / 20;
	return {
		score,
		positive: ((n * 53) % 60) / 60 + score > 0.9,
		patient: String(Math.floor(n / 3))
	};
});

describe('the area under the ROC curve', () => {
	it('is that of scikit-learn, ties among the scores included', () => {
		expect(areaUnderCurve(readings)).toBeCloseTo(0.8427601809954751, 12);
	});

	it('is that of scikit-learn with weights', () => {
		const places = new Map(readings.map((reading, n) => [reading, n]));
		const weightOf = (reading: Reading) => 1 + ((places.get(reading) ?? 0) % 3);
		expect(areaOfSorted(sortByScore(readings), weightOf)).toBeCloseTo(0.8286398197690791, 12);
	});

	it('is half where every score is the same, and nothing where a class is missing', () => {
		const same = readings.map((reading) => ({ ...reading, score: 0.5 }));
		expect(areaUnderCurve(same)).toBe(0.5);
		expect(areaUnderCurve(readings.filter((reading) => reading.positive))).toBeNaN();
		expect(areaUnderCurve([])).toBeNaN();
	});
});

describe('decisions at a threshold', () => {
	it('are those of scikit-learn; a score equal to the threshold is positive', () => {
		const counts = confusionAt(readings, 0.6);
		expect(counts).toEqual({
			trueNegative: 23,
			falsePositive: 3,
			falseNegative: 13,
			truePositive: 21
		});
		const rates = ratesOf(counts);
		expect(rates.accuracy).toBeCloseTo(44 / 60, 12);
		expect(rates.sensitivity).toBeCloseTo(21 / 34, 12);
		expect(rates.specificity).toBeCloseTo(23 / 26, 12);
		expect(rates.precision).toBeCloseTo(0.875, 12);
		expect(rates.f1).toBeCloseTo(0.7241379310344828, 12);
	});

	it('have no sensitivity without positives', () => {
		const negatives = readings.filter((reading) => !reading.positive);
		expect(ratesOf(confusionAt(negatives, 0.6)).sensitivity).toBeNaN();
	});
});

describe('the bootstrap by patient', () => {
	const measure = (sorted: readonly Reading[], weightOf: (reading: Reading) => number) => ({
		auc: areaOfSorted(sorted, weightOf),
		...ratesOf(confusionAt(sorted, 0.6, weightOf))
	});

	it('gives the intervals of the Python side', () => {
		const found = bootstrapByPatient(readings, measure, { folds: 20_000 });
		const expected: Record<string, [number, number]> = {
			auc: [0.74194, 0.92986],
			sensitivity: [0.40741, 0.81081],
			f1: [0.53846, 0.86207]
		};
		for (const [name, [low, high]] of Object.entries(expected)) {
			expect(found[name]?.[0]).toBeCloseTo(low, 2);
			expect(found[name]?.[1]).toBeCloseTo(high, 2);
		}
	});

	it('gives the same interval each time', () => {
		const once = bootstrapByPatient(readings, measure, { folds: 50 });
		expect(bootstrapByPatient(readings, measure, { folds: 50 })).toEqual(once);
	});

	it('has no spread where there is one patient', () => {
		const one = readings.map((reading) => ({ ...reading, patient: 'one' }));
		const { auc } = bootstrapByPatient(one, measure, { folds: 10 });
		expect(auc).toEqual([areaUnderCurve(readings), areaUnderCurve(readings)]);
	});
});

describe('small helpers', () => {
	it('quantiles are those of numpy.percentile', () => {
		const values = [3, 1, 4, 1, 5, 9, 2, 6];
		expect(quantile(values, 0.025)).toBeCloseTo(1, 12);
		expect(median(values)).toBe(3.5);
		expect(quantile(values, 0.975)).toBeCloseTo(8.475, 12);
		expect(median([])).toBeNaN();
	});

	it('random numbers lie in [0, 1), are spread, and repeat with their seed', () => {
		const random = createRandom(7);
		const values = Array.from({ length: 10_000 }, random);
		expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
		expect(Math.max(...values)).toBeLessThan(1);
		expect(values.reduce((sum, value) => sum + value) / values.length).toBeCloseTo(0.5, 1);
		expect(createRandom(7)()).toBe(values[0]);
	});

	it('a shuffled list has the same members', () => {
		const mixed = shuffle(numbers, createRandom(1));
		expect(mixed).not.toEqual(numbers);
		expect([...mixed].sort((a, b) => a - b)).toEqual(numbers);
	});
});
