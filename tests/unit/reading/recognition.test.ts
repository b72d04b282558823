/** How unlike the training images an image is. */
import { describe, expect, it } from 'vitest';
import { distanceOf, isRecognised, unlikenessOf } from '../../../src/lib/reading/recognition';
import { exampleManifest } from '../helpers/manifest';

const diagonal = [10, 10, 10, 10, 2, 50];
const RECOGNITION = {
	method: 'mahalanobis-pca',
	threshold: 0.95,
	validation: { n: 100, flagged: 0.01 },
	rejected: [],
	outside: [],
	bytes: 100
};
const SHAPE = {
	mean: [0.1, 0.1, 0.9, 0.9, 1, 0.5],
	precision: diagonal.map((value, i) => diagonal.map((_, j) => (i === j ? value + 0.5 : 0.5))),
	weight: 0.3
};
const seen = [0.12, 0.05, 0.8, 0.95, 1.2, 0.45];
const manifest = { ...exampleManifest(), recognition: { ...RECOGNITION, shape: SHAPE } };

describe('the distance of an image', () => {
	it('joins that of its maps with that of its region, as Python does', () => {
		// Shape(mean, precision, 0.3).joined([0.9], [seen]) of fieldlens_training.evaluation.shape
		expect(distanceOf(0.9, seen, manifest)).toBeCloseTo(0.95835014, 7);
	});

	it('is that of its maps where the model has no more, or nothing was found', () => {
		expect(distanceOf(0.9, seen, { recognition: RECOGNITION })).toBe(0.9);
		expect(distanceOf(0.9, null, manifest)).toBe(0.9);
		expect(distanceOf(null, seen, manifest)).toBeNull();
	});

	it('is recognised up to the threshold', () => {
		expect(isRecognised(0.95, manifest)).toBe(true);
		expect(isRecognised(distanceOf(0.9, seen, manifest), manifest)).toBe(false);
		expect(unlikenessOf(1.9, manifest)).toBe(2);
	});
});
