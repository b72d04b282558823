import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	canPropose,
	canStudy,
	figuresOfProposal,
	missingFor,
	studyOf,
	thresholdFor
} from '../../../src/lib/calibration/study';
import { exactEstimate } from '../../../src/lib/statistics/binomial';
import { confusionAt, ratesOf } from '../../../src/lib/statistics/classifier';
import { areaWithInterval } from '../../../src/lib/statistics/delong';
import { byClass, EXPECTED, readingsOf } from '../helpers/statistics';

const [small, , large] = EXPECTED.studies.map((study) => readingsOf(study));

describe('the proposed threshold', () => {
	it.each(EXPECTED.studies)('is that of scikit-learn, rounded down ($labels.length)', (study) => {
		for (const [wanted, threshold] of Object.entries(study.thresholds)) {
			const found = thresholdFor(readingsOf(study), Number(wanted));
			expect(found).toBe(Math.floor(threshold * 10_000) / 10_000);
		}
	});

	const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
		minLength: 1,
		maxLength: 40
	});
	it('flags the wanted share, and no other threshold that does is better', () => {
		fc.assert(
			fc.property(scores, scores, fc.integer({ min: 80, max: 99 }), (sick, well, percent) => {
				const readings = byClass(sick, well);
				const ratesAt = (limit: number) => ratesOf(confusionAt(readings, limit));
				const found = ratesAt(thresholdFor(readings, percent / 100) ?? NaN);
				expect(found.sensitivity).toBeGreaterThanOrEqual(percent / 100 - 1e-12);
				for (const other of [...sick, ...well].map(ratesAt)) {
					if (other.sensitivity < percent / 100 - 1e-12) continue;
					expect(other.specificity).toBeLessThanOrEqual(found.specificity);
					if (other.specificity === found.specificity) {
						expect(other.sensitivity).toBeLessThanOrEqual(found.sensitivity);
					}
				}
			}),
			{ numRuns: 200 }
		);
	});

	it('has the lower bound of the fewest images that meet the wish', () => {
		const readings = byClass(
			Array.from({ length: 30 }, (_, i) => 0.6 + i / 100),
			Array.from({ length: 30 }, (_, i) => i / 100)
		);
		const threshold = thresholdFor(readings, 0.95) ?? NaN;
		const [found] = studyOf(readings, [threshold]).points;
		expect(found.confusion.truePositive).toBe(30);
		// SciPy: beta.ppf(0.025, 30, 1) and, of 29 of 30, beta.ppf(0.025, 29, 2).
		expect(found.sensitivity.low).toBeCloseTo(0.88429669, 6);
		expect(figuresOfProposal(found, 0.95).sensitivity).toMatchObject({ value: 1, high: 1 });
		expect(figuresOfProposal(found, 0.95).sensitivity.low).toBeCloseTo(0.82783054, 6);
	});

	it('is rounded down, but not onto an image without the finding', () => {
		expect(thresholdFor(byClass([0.51239], [0.4]), 0.9)).toBe(0.5123);
		expect(thresholdFor(byClass([0.51239], [0.51235]), 0.9)).toBe(0.51239);
	});

	it('is lower the more is wanted, and none without a sick image', () => {
		const found = [0.8, 0.9, 0.99].map((wanted) => thresholdFor(large, wanted) ?? NaN);
		expect(found).toEqual([...found].sort((a, b) => b - a));
		expect(thresholdFor(byClass([], [0.4]), 0.9)).toBeNull();
		expect(thresholdFor(byClass([0], [0.4]), 0.9)).toBe(0);
	});
});

describe('too few images', () => {
	const many = (count: number) => Array.from({ length: count }, (_, i) => i / count);

	it('are counted: how many are missing of all and of each kind', () => {
		const readings = byClass(many(4), many(20));
		expect(missingFor(readings)).toEqual({ images: 6, positives: 6, negatives: 0 });
		expect(canStudy(readings)).toBe(false);
		expect(missingFor([])).toEqual({ images: 30, positives: 10, negatives: 10 });
	});

	it('of one kind give figures, but no proposal', () => {
		expect(canStudy(byClass(many(9), many(21)))).toBe(true);
		expect(canPropose(byClass(many(9), many(21)))).toBe(false);
		expect(canPropose(byClass(many(10), many(20)))).toBe(true);
		expect(canStudy(byClass(many(40), []))).toBe(false);
	});
});

describe('a study of independent images', () => {
	const study = studyOf(small, [0.5, 0.9]);

	it('has exact intervals and DeLong’s', () => {
		expect(study.auc).toEqual(areaWithInterval(small));
		const { truePositive, falseNegative } = confusionAt(small, 0.5);
		expect(study.points[0].sensitivity).toEqual(
			exactEstimate(truePositive, truePositive + falseNegative)
		);
		expect(study.points).toHaveLength(2);
		expect([study.images, study.positives, study.patients]).toEqual([30, 16, null]);
	});

	it('has a band around its curve, from end to end', () => {
		expect(study.band[0].at).toBe(0);
		expect(study.band.at(-1)).toMatchObject({ at: 1, high: 1 });
		for (const [i, { low, high }] of study.band.entries()) {
			expect(low).toBeLessThan(high);
			expect(low >= 0 && high <= 1).toBe(true);
			if (i > 0) expect(high).toBeGreaterThanOrEqual(study.band[i - 1].high - 1e-12);
		}
	});

	it('is the same each time', () => {
		expect(studyOf(small, [0.5, 0.9])).toEqual(study);
	});
});

describe('a study of patients with several images', () => {
	const clustered = large.map((reading, i) => ({ ...reading, patient: String(i % 25) }));
	const study = studyOf(clustered, [0.2]);
	const plain = studyOf(large, [0.2]);

	it('says of how many, and no interval is narrower than the plain one', () => {
		expect(study.patients).toBe(25);
		const pairs = [
			[study.auc, plain.auc],
			[study.points[0].sensitivity, plain.points[0].sensitivity],
			[study.points[0].specificity, plain.points[0].specificity]
		];
		for (const [wide, narrow] of pairs) {
			expect(wide.value).toBe(narrow.value);
			expect(wide.low).toBeLessThanOrEqual(narrow.low ?? NaN);
			expect(wide.high).toBeGreaterThanOrEqual(narrow.high ?? NaN);
		}
	});

	it('is not sure of all: three patients whose images are all found are three, not thirty', () => {
		const sick = Array.from({ length: 30 }, (_, i) => 0.6 + i / 100);
		const well = Array.from({ length: 30 }, (_, i) => i / 100);
		const readings = byClass(sick, well).map((reading, i) => ({
			...reading,
			patient: String(i % 3)
		}));
		const { points, auc } = studyOf(readings, [0.5]);
		expect(points[0].sensitivity).toEqual(exactEstimate(3, 3));
		expect(points[0].specificity).toEqual(exactEstimate(3, 3));
		// Of three patients one pair at most is of others than the next.
		expect(auc.low).toBeCloseTo(0.025, 12);
	});
});
