/** What Python says of figures: `fixtures/statistics.json`, by `make_statistics.py`. */
import type { Reading } from '../../../src/lib/statistics/classifier';
import { fixture } from './images';

interface Study {
	labels: number[];
	scores: number[];
	auc: number;
	variance: number;
	interval: [number, number];
	brier: number;
	curve: [number, number][];
	bins: { predicted: number; observed: number; count: number }[];
	expectedCalibrationError: number;
	intercept: [number, number, number];
	slope: [number, number, number];
	thresholds: Record<string, number>;
}

export const EXPECTED = fixture<{
	intervals: { hits: number; trials: number; level: number; low: number; high: number }[];
	beta: { a: number; b: number; x: number; share: number; wanted: number; quantile: number }[];
	studies: Study[];
	needed: { wanted: number; margin: number; needed: number }[];
}>('statistics');

/** Readings of a case, each of its own patient. */
export function readingsOf({ labels, scores }: Pick<Study, 'labels' | 'scores'>): Reading[] {
	return scores.map((score, i) => ({ score, positive: labels[i] === 1, patient: String(i) }));
}

/** Readings of scores by class. */
export function byClass(positives: number[], negatives: number[]): Reading[] {
	const labels = [...positives.map(() => 1), ...negatives.map(() => 0)];
	return readingsOf({ labels, scores: [...positives, ...negatives] });
}
