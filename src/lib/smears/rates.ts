/** How often a model is right about cells, as a slide's count has to allow for. */
import { measuredAt, type Figure } from '../models/figures';
import type { Manifest, OperatingPoint } from '../models/manifest';
import { NORMAL_975 } from '../statistics/binomial';
import type { Measured } from '../statistics/prevalence';

export interface ModelRates {
	/** Of infected cells, those that are suspected. */
	sensitivity: Measured;
	/** Of healthy cells, those that are not. */
	specificity: Measured;
}

/** Rates of a model at an operating point; null where they were not measured. */
export function ratesAt(manifest: Manifest, point: OperatingPoint): ModelRates | null {
	const { role, ...figures } = measuredAt(manifest, point);
	const set = manifest.metrics.find((one) => one.role === role);
	const positives = set?.positives ?? 0;
	const sensitivity = measuredOf(figures.sensitivity, positives);
	const specificity = measuredOf(figures.specificity, (set?.n ?? 0) - positives);
	return sensitivity && specificity && { sensitivity, specificity };
}

/**
 * A figure as a share of as many trials as its interval says: patients differ, so that it is worth
 * less than its images.
 * @param most images of its class; what it is worth where the interval has no width.
 */
function measuredOf({ value, low, high }: Figure, most: number): Measured | null {
	if (value === null || most === 0) return null;
	const error = low === null || high === null ? 0 : (high - low) / (2 * NORMAL_975);
	const variance = value * (1 - value);
	const worth = error > 0 && variance > 0 ? variance / error ** 2 : most;
	return { value, trials: Math.min(most, worth) };
}
