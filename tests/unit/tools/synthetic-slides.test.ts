import { describe, expect, it } from 'vitest';
import { measureCoverage, poolsOf, type ReadCell } from '../../../tools/lib/synthetic-slides';
import { exampleManifest } from '../helpers/manifest';

const cells = (patient: string, isInfected: boolean, logOdds: number[]): ReadCell[] =>
	logOdds.map((value) => ({ patient, isInfected, score: { logOdds: value, distance: null } }));

/** A model that is always right: at both points infected cells are suspected, healthy ones never. */
const sure = [
	...cells('a', true, [5, 5, 5]),
	...cells('a', false, [-5, -5, -5]),
	...cells('b', true, [5])
];
const plan = { slides: 20, fields: 4, cellsOfField: 50, leastCells: 1, seed: 3 };

describe('slides of known parasitaemia', () => {
	it('are of patients with enough cells of both kinds', () => {
		expect(poolsOf(sure, 1)).toHaveLength(1);
		expect(poolsOf(sure, 4)).toHaveLength(0);
	});

	it('are counted as they are where the model is right', () => {
		const coverage = measureCoverage(poolsOf(sure, 1), exampleManifest(), {
			...plan,
			shares: [0, 0.5, 1]
		});
		expect(coverage.map(({ share }) => share)).toEqual([0, 0, 0.5, 0.5, 1, 1]);
		const [none, , half, , all] = coverage;
		expect(none).toMatchObject({ mean: 0, covered: 1, told: 0 });
		expect(half.mean).toBeCloseTo(0.5, 1);
		expect(half.covered).toBeGreaterThan(0.8);
		expect(all).toMatchObject({ mean: 1, covered: 1, told: 1 });
	});

	it('lie outside the interval where the model is wrong and does not know it', () => {
		const blind = [...cells('a', true, [-5]), ...cells('a', false, [-5])];
		const [found] = measureCoverage(poolsOf(blind, 1), exampleManifest(), {
			...plan,
			shares: [0.5]
		});
		expect(found).toMatchObject({ mean: 0, covered: 0, told: 0 });
	});
});
