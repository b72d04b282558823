/** Whether scores mean what they say. */
import { exactEstimate, NORMAL_975, type Estimate } from './binomial';
import type { Reading } from './classifier';

/** The images whose scores fall into one part of 0..1. */
export interface ReliabilityBin {
	/** Mean score. */
	predicted: number;
	/** Share of positives, with its exact interval. */
	observed: Estimate & { value: number };
	count: number;
}

/** The straight line from the logit of the score to that of the truth; 0 and 1 are ideal. */
export interface LogisticLine {
	intercept: Estimate;
	slope: Estimate;
}

/** How many parts the diagram has. */
const BINS = 10;

/** Parts of equal width with an image in them; the last one takes the score 1. */
export function reliabilityBins(readings: readonly Reading[], bins = BINS): ReliabilityBin[] {
	const parts = Array.from({ length: bins }, () => ({ sum: 0, positives: 0, count: 0 }));
	for (const { score, positive } of readings) {
		const part = parts[Math.min(bins - 1, Math.floor(score * bins))];
		part.sum += score;
		part.count++;
		if (positive) part.positives++;
	}
	return parts
		.filter(({ count }) => count > 0)
		.map(({ sum, positives, count }) => ({
			predicted: sum / count,
			observed: { ...exactEstimate(positives, count), value: positives / count },
			count
		}));
}

/**
 * Mean over images of |predicted - observed| of their bin (Guo et al. 2017).
 * @returns 0..1, NaN without images.
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
	const all = bins.reduce((sum, { count }) => sum + count, 0);
	const total = bins.reduce(
		(sum, { predicted, observed, count }) => sum + count * Math.abs(predicted - observed.value),
		0
	);
	return total / all;
}

/**
 * Mean squared distance of score and truth (Brier 1950).
 * @returns 0..1, NaN without images.
 */
export function brierScore(readings: readonly Reading[]): number {
	const total = readings.reduce(
		(sum, { score, positive }) => sum + (score - (positive ? 1 : 0)) ** 2,
		0
	);
	return total / readings.length;
}

/** Scores nearer to 0 or 1 have no logit worth the name. */
const NEAREST = 1e-9;

/**
 * Calibration slope and intercept (Cox 1958): logistic regression of the truth on the logit
 * of the score, by Newton's method, with Wald's 95 % intervals.
 * @returns null where there is no finite answer: a class is missing, all scores are the same,
 *   or a threshold separates the classes.
 */
export function logisticLine(readings: readonly Reading[]): LogisticLine | null {
	const logits = readings.map(({ score }) => {
		const kept = Math.min(1 - NEAREST, Math.max(NEAREST, score));
		return Math.log(kept / (1 - kept));
	});
	if (!haveFiniteFit(readings, logits)) return null;
	let [intercept, slope] = [0, 1];
	for (let round = 0; round < 100; round++) {
		const { gradient, hessian } = derivatives(readings, logits, intercept, slope);
		const [[a, b], [, d]] = hessian;
		const determinant = a * d - b * b;
		if (!(determinant > 0)) return null;
		const stepIntercept = (d * gradient[0] - b * gradient[1]) / determinant;
		const stepSlope = (a * gradient[1] - b * gradient[0]) / determinant;
		// A step that lowers the likelihood is halved: far from the top Newton's overshoot.
		let part = 1;
		const before = logLikelihood(readings, logits, intercept, slope);
		while (
			part > 1e-6 &&
			logLikelihood(readings, logits, intercept + part * stepIntercept, slope + part * stepSlope) <
				before - 1e-12
		) {
			part /= 2;
		}
		intercept += part * stepIntercept;
		slope += part * stepSlope;
		if (Math.abs(stepIntercept) + Math.abs(stepSlope) < 1e-10) {
			return {
				intercept: wald(intercept, d / determinant),
				slope: wald(slope, a / determinant)
			};
		}
	}
	return null;
}

/** Whether the classes' logits overlap, in either direction, by more than a point. */
function haveFiniteFit(readings: readonly Reading[], logits: readonly number[]): boolean {
	const range = { positive: [Infinity, -Infinity], negative: [Infinity, -Infinity] };
	readings.forEach(({ positive }, i) => {
		const one = range[positive ? 'positive' : 'negative'];
		one[0] = Math.min(one[0], logits[i]);
		one[1] = Math.max(one[1], logits[i]);
	});
	const { positive, negative } = range;
	return positive[0] < negative[1] && negative[0] < positive[1];
}

function derivatives(
	readings: readonly Reading[],
	logits: readonly number[],
	intercept: number,
	slope: number
) {
	let [first, second, a, b, d] = [0, 0, 0, 0, 0];
	readings.forEach(({ positive }, i) => {
		const x = logits[i];
		const chance = 1 / (1 + Math.exp(-(intercept + slope * x)));
		const rest = (positive ? 1 : 0) - chance;
		const weight = chance * (1 - chance);
		first += rest;
		second += rest * x;
		a += weight;
		b += weight * x;
		d += weight * x * x;
	});
	return {
		gradient: [first, second] as const,
		hessian: [
			[a, b],
			[b, d]
		] as const
	};
}

function logLikelihood(
	readings: readonly Reading[],
	logits: readonly number[],
	intercept: number,
	slope: number
): number {
	let sum = 0;
	readings.forEach(({ positive }, i) => {
		const line = (intercept + slope * logits[i]) * (positive ? 1 : -1);
		// log(1 / (1 + exp(-line))) without overflow.
		sum += line > 0 ? -Math.log1p(Math.exp(-line)) : line - Math.log1p(Math.exp(line));
	});
	return sum;
}

function wald(value: number, variance: number): Estimate {
	const reach = NORMAL_975 * Math.sqrt(variance);
	return { value, low: value - reach, high: value + reach };
}
