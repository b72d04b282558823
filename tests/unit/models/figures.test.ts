import { describe, expect, it } from 'vitest';
import {
	dataSetsOf,
	inHundred,
	measuredAt,
	promiseOf,
	timesAsLarge,
	type DataSet
} from '../../../src/lib/models/figures';
import { exampleManifest, type ManifestChanges } from '../helpers/manifest';

const figure = (value: number | null) => ({ value, low: value, high: value });

/** A data set whose operating point `sensitive` has these figures. */
function setOf(role: DataSet['role'], sensitivity: number | null, specificity: number): DataSet {
	const other = figure(0.5);
	return {
		id: role,
		role,
		n: 200,
		positives: 100,
		patients: null,
		auc: figure(0.9),
		operatingPoints: {
			sensitive: {
				accuracy: other,
				sensitivity: figure(sensitivity),
				specificity: figure(specificity),
				precision: other,
				f1: other,
				confusion: { truePositive: 99, falsePositive: 10, trueNegative: 90, falseNegative: 1 }
			}
		},
		roc: [],
		calibrationBins: [],
		expectedCalibrationError: null,
		command: 'none'
	};
}

const promise = (changes: ManifestChanges) => {
	const manifest = exampleManifest(changes);
	return promiseOf(manifest, manifest.operatingPoints[0]);
};

describe('what an operating point means', () => {
	it('is said in counts of the test images', () => {
		expect(promise({ metrics: [setOf('validation', 1, 1), setOf('test', 0.99, 0.9)] })).toBe(
			'Finds 99 of 100 sick children. Of 100 healthy ones, 10 are also flagged.'
		);
		expect(promise({ task: 'malaria-cell', metrics: [setOf('test', 0.951, 0.97)] })).toBe(
			'Finds 95 of 100 infected cells. Of 100 healthy cells, 3 are also flagged.'
		);
	});

	it('comes from validation where test was not measured, never from another hospital', () => {
		const manifest = exampleManifest({ metrics: [setOf('external', 0.2, 0.3)] });
		const [sensitive, balanced] = manifest.operatingPoints;
		expect(measuredAt(manifest, sensitive)).toMatchObject({
			role: 'validation',
			...sensitive.validation
		});
		const tested = exampleManifest({ metrics: [setOf('test', 0.99, 0.9)] });
		expect(measuredAt(tested, sensitive).role).toBe('test');
		expect(measuredAt(tested, balanced).role).toBe('validation');
	});

	it('promises all or none only where it was all or none', () => {
		expect([0, 0.001, 0.004, 0.5, 0.996, 0.9999, 1].map(inHundred)).toEqual([
			0, 1, 1, 50, 99, 99, 100
		]);
		expect(promise({ metrics: [setOf('test', 0.997, 0.998)] })).toBe(
			'Finds 99 of 100 sick children. Of 100 healthy ones, 1 is also flagged.'
		);
		expect(promise({ metrics: [setOf('test', 1, 1)] })).toBe(
			'Finds 100 of 100 sick children. Of 100 healthy ones, none is also flagged.'
		);
	});

	it('is not made up where it was not measured', () => {
		expect(promise({ metrics: [setOf('test', null, 0.9)] })).toContain('was not measured');
	});
});

describe('a card', () => {
	it('shows what says most about others’ images first', () => {
		const roles = ['validation', 'shift', 'external', 'test'] as const;
		const manifest = exampleManifest({ metrics: roles.map((role) => setOf(role, 1, 1)) });
		expect(dataSetsOf(manifest).map(({ role }) => role)).toEqual([
			'test',
			'external',
			'shift',
			'validation'
		]);
	});

	it('says how much larger a package is, not that one is about as large', () => {
		expect(timesAsLarge(47_000_000, 21_000_000)).toBeCloseTo(2.238, 3);
		expect(timesAsLarge(22_000_000, 21_000_000)).toBeNull();
	});
});
