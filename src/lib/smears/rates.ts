/** How often a model is right about cells, as a slide's count has to allow for. */
import { measuredAt, type Figure } from '../models/figures';
import type { Manifest, OperatingPoint } from '../models/manifest';
import { NORMAL_975 } from '../statistics/binomial';
import type { ExpectedRate, ImperfectTest } from '../statistics/prevalence';

/**
 * What a model does with the cells of the next slide at an operating point: what the manifest
 * expects of the next patient; where it does not say, its pooled figures, as sure as their
 * intervals. Null where they were not measured.
 */
export function ratesAt(manifest: Manifest, point: OperatingPoint): ImperfectTest | null {
	const { role, ...figures } = measuredAt(manifest, point);
	const set = manifest.metrics.find((one) => one.role === role);
	const next = set?.operatingPoints[point.id]?.nextPatient;
	if (next)
		return { sensitivity: expected(next.sensitivity), specificity: expected(next.specificity) };
	const positives = set?.positives ?? 0;
	const sensitivity = pooledRate(figures.sensitivity, positives);
	const specificity = pooledRate(figures.specificity, (set?.n ?? 0) - positives);
	return sensitivity && specificity && { sensitivity, specificity };
}

const expected = ({ mean, trials }: { mean: number; trials: number }): ExpectedRate => ({
	value: mean,
	trials
});

/**
 * A figure as a share of as many trials as its interval says.
 * @param most images of its class; what it is worth where the interval has no width.
 */
function pooledRate({ value, low, high }: Figure, most: number): ExpectedRate | null {
	if (value === null || most === 0) return null;
	const error = low === null || high === null ? 0 : (high - low) / (2 * NORMAL_975);
	const variance = value * (1 - value);
	const worth = error > 0 && variance > 0 ? variance / error ** 2 : most;
	return { value, trials: Math.min(most, worth) };
}
