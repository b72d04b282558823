/** ROC, DeLong and calibration against scikit-learn, statsmodels and the definition. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapByPatient, quantile } from '../../../src/lib/statistics/bootstrap';
import {
	areaUnderCurve,
	curveOfSorted,
	heightsOfSorted,
	sortByScore,
	type Reading,
	type WeightOf
} from '../../../src/lib/statistics/classifier';
import { areaWithInterval, delong } from '../../../src/lib/statistics/delong';
import { patientInName } from '../../../src/lib/tasks/data';
import {
	brierScore,
	expectedCalibrationError,
	logisticLine,
	reliabilityBins
} from '../../../src/lib/statistics/reliability';
import { byClass, EXPECTED, readingsOf } from '../helpers/statistics';

const CASES = EXPECTED.studies.map((study) => ({ ...study, readings: readingsOf(study) }));

describe.each(CASES)('a list of $labels.length images', (study) => {
	const { readings } = study;

	it('has the area, the variance and the interval', () => {
		const found = delong(readings);
		expect(areaUnderCurve(readings)).toBeCloseTo(study.auc, 12);
		expect(found.area).toBeCloseTo(study.auc, 12);
		expect(found.variance).toBeCloseTo(study.variance, 12);
		const { low, high } = areaWithInterval(readings);
		expect(low).toBeCloseTo(study.interval[0], 9);
		expect(high).toBeCloseTo(study.interval[1], 9);
	});

	it('has the curve of scikit-learn, its corners alone', () => {
		const curve = curveOfSorted(sortByScore(readings));
		const isPoint = ([across, up]: [number, number]) =>
			study.curve.some(([a, b]) => Math.abs(a - across) < 1e-12 && Math.abs(b - up) < 1e-12);
		expect(curve.every(isPoint)).toBe(true);
		const isOn = ([a, b]: [number, number]) =>
			curve.slice(1).some(([toA, toB], i) => {
				const [fromA, fromB] = curve[i];
				const isBetween = a >= fromA && a <= toA && b >= fromB && b <= toB;
				return (
					isBetween && Math.abs((a - fromA) * (toB - fromB) - (b - fromB) * (toA - fromA)) < 1e-12
				);
			});
		expect(study.curve.every(isOn)).toBe(true);
	});

	it('has the bins, the Brier score and the calibration error', () => {
		const bins = reliabilityBins(readings);
		expect(bins).toHaveLength(study.bins.length);
		bins.forEach((bin, i) => {
			expect(bin.count).toBe(study.bins[i].count);
			expect(bin.predicted).toBeCloseTo(study.bins[i].predicted, 12);
			expect(bin.observed.value).toBeCloseTo(study.bins[i].observed, 12);
		});
		expect(brierScore(readings)).toBeCloseTo(study.brier, 12);
		expect(expectedCalibrationError(bins)).toBeCloseTo(study.expectedCalibrationError, 12);
	});

	it('has the slope and the intercept of statsmodels', () => {
		const line = logisticLine(readings);
		const flat = ({ value, low, high }: { value: unknown; low: unknown; high: unknown }) =>
			[value, low, high] as number[];
		flat(line!.intercept).forEach((v, i) => expect(v).toBeCloseTo(study.intercept[i], 6));
		flat(line!.slope).forEach((v, i) => expect(v).toBeCloseTo(study.slope[i], 6));
	});
});

const scores = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 25 });

describe('a ROC curve', () => {
	it('does not change with what keeps the order of the scores, and mirrors with the classes', () => {
		fc.assert(
			fc.property(scores, scores, (sick, well) => {
				const plain = byClass(sick, well);
				const bent = byClass(
					sick.map((score) => Math.exp(score)),
					well.map((score) => Math.exp(score))
				);
				expect(curveOfSorted(sortByScore(bent))).toEqual(curveOfSorted(sortByScore(plain)));
				expect(delong(bent)).toEqual(delong(plain));
				expect(delong(byClass(well, sick)).area).toBeCloseTo(1 - delong(plain).area, 12);
				expect(delong(byClass(well, sick)).variance).toBeCloseTo(delong(plain).variance, 12);
			}),
			{ numRuns: 100 }
		);
	});

	it('rises from corner to corner, and its interval contains the area', () => {
		fc.assert(
			fc.property(scores, scores, (sick, well) => {
				const readings = byClass(sick, well);
				const curve = curveOfSorted(sortByScore(readings));
				expect(curve[0]).toEqual([0, 0]);
				expect(curve.at(-1)).toEqual([1, 1]);
				for (let i = 1; i < curve.length; i++) {
					expect(curve[i][0]).toBeGreaterThanOrEqual(curve[i - 1][0]);
					expect(curve[i][1]).toBeGreaterThanOrEqual(curve[i - 1][1]);
				}
				const { value, low, high } = areaWithInterval(readings);
				if (low === null || high === null || value === null) return;
				expect(low).toBeLessThanOrEqual(value);
				expect(high).toBeGreaterThanOrEqual(value);
				expect(low >= 0 && high <= 1).toBe(true);
			}),
			{ numRuns: 100 }
		);
	});

	it('drawn as stairs has the height of the best threshold that flags no more healthy ones', () => {
		fc.assert(
			fc.property(scores, scores, (sick, well) => {
				const heights = heightsOfSorted(sortByScore(byClass(sick, well)), 20);
				heights.forEach((height, step) => {
					const allowed = [Infinity, ...sick, ...well].filter(
						(threshold) =>
							well.filter((score) => score >= threshold).length <= (step / 20) * well.length + 1e-9
					);
					const best = Math.min(...allowed);
					expect(height).toBe(sick.filter((score) => score >= best).length / sick.length);
				});
			}),
			{ numRuns: 100 }
		);
	});
});

describe('perfect order', () => {
	const sick = [0.7, 0.8, 0.9, 0.95, 0.99];
	const well = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];

	it('is not said to be sure: five pairs in order leave room', () => {
		const { value, low, high } = areaWithInterval(byClass(sick, well));
		expect([value, high]).toEqual([1, 1]);
		expect(low).toBeCloseTo(0.025 ** (1 / 5), 12);
		expect(areaWithInterval(byClass(sick, well), 2).low).toBeCloseTo(0.025 ** (1 / 2), 12);
		const reversed = areaWithInterval(byClass(well, sick));
		expect([reversed.value, reversed.low]).toEqual([0, 0]);
		expect(reversed.high).toBeCloseTo(1 - 0.025 ** (1 / 5), 12);
	});

	it('has no calibration line: its slope would be endless', () => {
		expect(logisticLine(byClass(sick, well))).toBeNull();
		expect(logisticLine(byClass(well, sick))).toBeNull();
		expect(logisticLine(byClass([0.5, 0.5], [0.5, 0.5]))).toBeNull();
		expect(logisticLine(byClass([0.5, 0.7], []))).toBeNull();
	});

	it('or a class of one image has no variance', () => {
		expect(areaWithInterval(byClass([0.7], well))).toEqual({ value: null, low: null, high: null });
	});

	it('scores of 0 and 1 are taken', () => {
		const line = logisticLine(byClass([1, 1, 0.6, 0.2], [0, 0, 0.3, 0.9]));
		expect(Number.isFinite(line?.slope.value)).toBe(true);
		expect(reliabilityBins(byClass([1], [0])).map(({ count }) => count)).toEqual([1, 1]);
	});
});

describe('drawing again', () => {
	it('moves patients together: one patient with many images widens the interval', () => {
		const readings = Array.from({ length: 120 }, (_, i) => ({
			positive: true,
			score: Math.floor(i / 12) % 3 === 0 ? 0.2 : 0.8,
			patient: String(i)
		}));
		const measure = (sorted: readonly Reading[], weightOf: WeightOf) => {
			const weights = sorted.map((reading) => weightOf(reading));
			const all = weights.reduce((sum, weight) => sum + weight, 0);
			const hits = weights.filter((_, i) => sorted[i].score > 0.5).reduce((a, b) => a + b, 0);
			return { share: hits / all };
		};
		const width = (list: typeof readings) => {
			const [low, high] = bootstrapByPatient(list, measure, { folds: 500 }).share;
			return high - low;
		};
		const clustered = readings.map((one, i) => ({ ...one, patient: String(Math.floor(i / 12)) }));
		expect(width(clustered)).toBeGreaterThan(2 * width(readings));
	});

	it('has quantiles of any list', () => {
		expect(quantile([2, 1], 0.5)).toBe(1.5);
		expect(quantile([], 0.5)).toBeNaN();
	});
});

describe('the patient in a file name', () => {
	it.each([
		['folder/person1946_virus_12.jpeg', 'person1946', 'chest-xray-pneumonia'],
		['NORMAL2-IM-0389-0001.jpeg', 'NORMAL2-IM-0389', 'chest-xray-pneumonia'],
		['a/C104P65ThinF_cell_204.webp', 'C104', 'malaria-cell'],
		['a/C104P65ThinF_cell_204.webp', null, 'chest-xray-pneumonia'],
		['IM-0554-0001.jpeg', null, 'malaria-cell'],
		['my own film.png', null, 'chest-xray-pneumonia']
	] as const)('%s is %s where %s is looked for', (path, patient, task) => {
		expect(patientInName(path, task)).toBe(patient);
	});
});
