/**
 * The figures of a local study: a model's scores beside the truth of images from here. Pure;
 * runs in `study.worker.ts`.
 *
 * Intervals: of shares Clopper and Pearson's exact ones, of the AUC DeLong's on the logit
 * scale. Where a patient has several images both are too narrow. There patients are drawn
 * again (2,000 times, seeded), and the wider end of the two stands on either side. A share of
 * none or all has no spread to draw: there the exact interval for the number of patients
 * stands.
 */
import { MIN_STUDY_CLASS, MIN_STUDY_IMAGES } from '../base/limits';
import { bootstrapByPatient, FOLDS } from '../statistics/bootstrap';
import { exactEstimate, hitsWanted, type Estimate } from '../statistics/binomial';
import {
	areaOfSorted,
	confusionAt,
	curveOfSorted,
	heightsOfSorted,
	ratesOf,
	sortByScore,
	type Confusion,
	type Reading
} from '../statistics/classifier';
import { areaWithInterval } from '../statistics/delong';
import {
	brierScore,
	expectedCalibrationError,
	logisticLine,
	reliabilityBins,
	type LogisticLine,
	type ReliabilityBin
} from '../statistics/reliability';

/** What a threshold does on the images of the study. */
export interface PointFigures {
	sensitivity: Estimate;
	specificity: Estimate;
	confusion: Confusion;
}

/** A place of the ROC curve's band: at this false positive rate, the height's 95 % interval. */
interface BandPlace {
	at: number;
	low: number;
	high: number;
}

export interface Study {
	images: number;
	positives: number;
	/** How many patients; null where every image is taken as independent. */
	patients: number | null;
	auc: Estimate;
	/** Corners of the ROC curve. */
	curve: [number, number][];
	band: BandPlace[];
	bins: ReliabilityBin[];
	brier: number;
	expectedCalibrationError: number;
	/** Null where there is no finite answer. */
	line: LogisticLine | null;
	/** In the order of the thresholds. */
	points: PointFigures[];
}

/** What is missing before there are figures, or before a threshold is proposed. */
export interface Missing {
	images: number;
	positives: number;
	negatives: number;
}

/** Places of the band between two ends. */
const BAND_STEPS = 50;
const HEIGHTS = Array.from({ length: BAND_STEPS + 1 }, (_, step) => `height ${step}`);

/** How many images with a final word are missing, of all and of each class. */
export function missingFor(readings: readonly Reading[]): Missing {
	const positives = readings.filter(({ positive }) => positive).length;
	const short = (wanted: number, there: number) => Math.max(0, wanted - there);
	return {
		images: short(MIN_STUDY_IMAGES, readings.length),
		positives: short(MIN_STUDY_CLASS, positives),
		negatives: short(MIN_STUDY_CLASS, readings.length - positives)
	};
}

/** Whether there is enough for figures: 30 images, and some of each class. */
export function canStudy(readings: readonly Reading[]): boolean {
	const positives = readings.filter(({ positive }) => positive).length;
	return readings.length >= MIN_STUDY_IMAGES && positives > 0 && positives < readings.length;
}

/** Whether there is enough to propose a threshold. */
export function canPropose(readings: readonly Reading[]): boolean {
	const { images, positives, negatives } = missingFor(readings);
	return images + positives + negatives === 0;
}

/**
 * Of the thresholds that flag the wanted share of the positives, one that flags the fewest
 * negatives; of those the one that flags the most positives. No other threshold has a higher
 * sensitivity and a specificity as high, or the other way round.
 *
 * Rounded down to four decimals where no image lies between: the next device may read the same
 * image a hair lower.
 * @param wanted 0..1.
 * @returns 0..1; null without positives.
 */
export function thresholdFor(readings: readonly Reading[], wanted: number): number | null {
	const scoresOf = (wantedClass: boolean) =>
		readings.filter(({ positive }) => positive === wantedClass).map(({ score }) => score);
	const positives = scoresOf(true).sort((a, b) => b - a);
	if (positives.length === 0) return null;
	const enough = positives[hitsWanted(wanted, positives.length) - 1];
	const below = scoresOf(false)
		.filter((score) => score < enough)
		.reduce((highest, score) => Math.max(highest, score), -Infinity);
	const lowest = positives.filter((score) => score > below).at(-1) ?? enough;
	const rounded = Math.floor(lowest * 10_000) / 10_000;
	return rounded > below ? rounded : lowest;
}

/** Whether one threshold flags as many positives as another and no more negatives, or better. */
export function isAsGood(one: PointFigures, other: PointFigures): boolean {
	const [rates, others] = [ratesOf(one.confusion), ratesOf(other.confusion)];
	return rates.sensitivity >= others.sensitivity && rates.specificity >= others.specificity;
}

/**
 * The figures of a proposed threshold, with the lower bound of its sensitivity as it holds for a
 * threshold that the same images chose: that of the fewest positives that meet the wish.
 */
export function figuresOfProposal(figures: PointFigures, wanted: number): PointFigures {
	const { truePositive, falseNegative } = figures.confusion;
	const positives = truePositive + falseNegative;
	const { low } = exactEstimate(hitsWanted(wanted, positives), positives);
	const { sensitivity } = figures;
	if (low === null || sensitivity.low === null) return figures;
	return { ...figures, sensitivity: { ...sensitivity, low: Math.min(low, sensitivity.low) } };
}

/** All figures of a study, at these thresholds. Both classes must be there. */
export function studyOf(readings: readonly Reading[], thresholds: readonly number[]): Study {
	const sorted = sortByScore(readings);
	const patients = countPatients(readings);
	const clustered = patients < readings.length;
	const drawn = bootstrapByPatient(
		readings,
		(sample, weightOf) => {
			const heights = heightsOfSorted(sample, BAND_STEPS, weightOf);
			const figures: Record<string, number> = {};
			HEIGHTS.forEach((name, step) => (figures[name] = heights[step]));
			if (!clustered) return figures;
			figures['auc'] = areaOfSorted(sample, weightOf);
			thresholds.forEach((threshold, i) => {
				const { sensitivity, specificity } = ratesOf(confusionAt(sample, threshold, weightOf));
				figures[`sensitivity ${i}`] = sensitivity;
				figures[`specificity ${i}`] = specificity;
			});
			return figures;
		},
		{ folds: FOLDS }
	);
	const bins = reliabilityBins(readings);
	const auc = areaWithInterval(readings, clustered ? independentPairs(readings) : undefined);
	const positives = readings.filter(({ positive }) => positive).length;
	return {
		images: readings.length,
		positives,
		patients: clustered ? patients : null,
		auc: clustered ? widened(auc, drawn['auc']) : auc,
		curve: curveOfSorted(sorted),
		band: bandOf(sorted, positives, drawn),
		bins,
		brier: brierScore(readings),
		expectedCalibrationError: expectedCalibrationError(bins),
		line: logisticLine(readings),
		points: thresholds.map((threshold, i) =>
			pointFigures(readings, threshold, {
				sensitivity: drawn[`sensitivity ${i}`],
				specificity: drawn[`specificity ${i}`]
			})
		)
	};
}

/** How many patients the images are of. */
function countPatients(readings: readonly Reading[]): number {
	return new Set(readings.map(({ patient }) => patient)).size;
}

type Range = [number, number] | undefined;

function pointFigures(
	readings: readonly Reading[],
	threshold: number,
	drawn: { sensitivity: Range; specificity: Range }
): PointFigures {
	const confusion = confusionAt(readings, threshold);
	const { truePositive, falseNegative, trueNegative, falsePositive } = confusion;
	const share = (hits: number, misses: number, positive: boolean, range: Range) => {
		const all = hits + misses;
		const patients = countPatients(readings.filter((one) => one.positive === positive));
		if (patients < all && (hits === 0 || misses === 0)) {
			return { ...exactEstimate(hits === 0 ? 0 : patients, patients) };
		}
		return widened(exactEstimate(hits, all), range);
	};
	return {
		sensitivity: share(truePositive, falseNegative, true, drawn.sensitivity),
		specificity: share(trueNegative, falsePositive, false, drawn.specificity),
		confusion
	};
}

/** The wider end of the two on either side. */
function widened(estimate: Estimate, range: Range): Estimate {
	const { value, low, high } = estimate;
	if (!range || low === null || high === null) return estimate;
	return { value, low: Math.min(low, range[0]), high: Math.max(high, range[1]) };
}

/** Where drawing again shows no spread (near the corners) the exact interval stands. */
function bandOf(
	sorted: readonly Reading[],
	positives: number,
	drawn: Record<string, Range>
): BandPlace[] {
	return Array.from(heightsOfSorted(sorted, BAND_STEPS), (height, step) => {
		const exact = exactEstimate(Math.round(height * positives), positives);
		const { low, high } = widened(exact, drawn[HEIGHTS[step]]);
		return { at: step / BAND_STEPS, low: low ?? 0, high: high ?? 1 };
	});
}

/** Pairs of a positive and a negative image, all of other patients. */
function independentPairs(readings: readonly Reading[]): number {
	const of = (wanted: boolean) =>
		countPatients(readings.filter(({ positive }) => positive === wanted));
	return Math.min(of(true), of(false), Math.floor(countPatients(readings) / 2));
}
