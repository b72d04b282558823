import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoryOf, operatingPointOf, probabilityOf } from '../../../src/lib/reading/score';
import { fixture } from '../helpers/images';
import { exampleManifest } from '../helpers/manifest';

interface Case {
	logits: [number, number];
	temperature: number;
	expected: number;
}
const { probabilities } = fixture<{ probabilities: Case[] }>('numbers');

function withTemperature(temperature: number) {
	const manifest = exampleManifest();
	manifest.calibration.temperature = temperature;
	return manifest;
}

describe('the score', () => {
	it.each(probabilities)(
		'is scikit-learn’s softmax: $logits at temperature $temperature',
		({ logits, temperature, expected }) => {
			expect(probabilityOf(logits, withTemperature(temperature))).toBeCloseTo(expected, 12);
		}
	);

	it('is that of the positive class, whichever it is', () => {
		const manifest = withTemperature(1);
		const second = probabilityOf([1, 3], manifest);
		manifest.classifier.outputs.positiveClass = 0;
		expect(probabilityOf([1, 3], manifest)).toBeCloseTo(1 - second, 12);
		expect(second).toBeGreaterThan(0.5);
	});

	it('stays between 0 and 1, and rises with the margin', () => {
		const manifest = withTemperature(1.3);
		const logit = fc.float({ noNaN: true, min: -1e6, max: 1e6 });
		fc.assert(
			fc.property(logit, logit, logit, (a, b, c) => {
				const [low, high] = b < c ? [b, c] : [c, b];
				const score = probabilityOf([a, low], manifest);
				expect(score).toBeGreaterThanOrEqual(0);
				expect(score).toBeLessThanOrEqual(1);
				expect(probabilityOf([a, high], manifest)).toBeGreaterThanOrEqual(score);
			})
		);
	});
});

describe('the operating point', () => {
	const manifest = exampleManifest();

	it('is the chosen one, else the default', () => {
		expect(operatingPointOf(manifest, 'balanced').id).toBe('balanced');
		expect(operatingPointOf(manifest, null).id).toBe('sensitive');
		expect(operatingPointOf(manifest, 'of another model').id).toBe('sensitive');
	});
});

describe('the category', () => {
	const [sensitive, balanced] = exampleManifest().operatingPoints;
	const specific = { ...balanced, id: 'specific', threshold: 0.9 };
	const points = [sensitive, balanced, specific];
	const below = (threshold: number) => threshold - Number.EPSILON;

	it('at the sensitive point: not seen, uncertain up to the next point, then likely', () => {
		const at = (score: number) => categoryOf(score, sensitive, points);
		expect([0, below(0.2), 0.2, below(0.6), 0.6, 1].map(at)).toEqual([
			'not-seen',
			'not-seen',
			'uncertain',
			'uncertain',
			'likely',
			'likely'
		]);
	});

	it('at a middle point has the next stricter one above it', () => {
		const at = (score: number) => categoryOf(score, balanced, points);
		expect([0.3, below(0.6), 0.6, below(0.9), 0.9].map(at)).toEqual([
			'not-seen',
			'not-seen',
			'uncertain',
			'uncertain',
			'likely'
		]);
	});

	it('at the strictest point is likely or not seen', () => {
		const at = (score: number) => categoryOf(score, specific, points);
		expect([below(0.9), 0.9, 1].map(at)).toEqual(['not-seen', 'likely', 'likely']);
	});

	it('does not depend on the order of the points', () => {
		const turned = [...points].reverse();
		for (const point of points) {
			for (let score = 0; score <= 1; score += 0.01) {
				expect(categoryOf(score, point, turned)).toBe(categoryOf(score, point, points));
			}
		}
	});

	it('of two points with one threshold is the same', () => {
		const twin = { ...sensitive, id: 'twin' };
		expect(categoryOf(0.3, sensitive, [sensitive, twin])).toBe('likely');
		expect(categoryOf(0.3, twin, [sensitive, twin])).toBe('likely');
	});

	it('at a local point has the next stricter one of the model above it', () => {
		const local = { ...sensitive, id: 'local:here', threshold: 0.4 };
		const at = (score: number) => categoryOf(score, local, points);
		expect([below(0.4), 0.4, below(0.6), 0.6, 1].map(at)).toEqual([
			'not-seen',
			'uncertain',
			'uncertain',
			'likely',
			'likely'
		]);
		const strict = { ...local, threshold: 0.95 };
		expect([0.94, 0.95].map((score) => categoryOf(score, strict, points))).toEqual([
			'not-seen',
			'likely'
		]);
	});

	it('at a local point below all takes the place of the most careful one', () => {
		for (const threshold of [0.01, below(0.2)]) {
			const local = { ...sensitive, id: 'local:here', threshold };
			for (let score = 0.2; score <= 1; score += 0.01) {
				expect(categoryOf(score, local, points)).toBe(categoryOf(score, sensitive, points));
			}
			expect(categoryOf(threshold, local, points)).toBe('uncertain');
		}
	});

	it('never falls while the score rises, at any local point', () => {
		const order = ['not-seen', 'uncertain', 'likely'];
		for (let threshold = 0; threshold <= 1; threshold += 0.05) {
			const local = { ...sensitive, id: 'local:here', threshold };
			let last = 0;
			for (let score = 0; score <= 1; score += 0.01) {
				const place = order.indexOf(categoryOf(score, local, points));
				expect(place).toBeGreaterThanOrEqual(last);
				expect(place > 0).toBe(score >= threshold);
				last = place;
			}
		}
	});
});
