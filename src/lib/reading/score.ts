/** From logits to a probability and a category. Pure; runs in Node as it is. */
import type { Manifest, OperatingPoint } from '../models/manifest';

/**
 * `likely` and `uncertain` are flagged at the chosen operating point, `not-seen` is not. An
 * `unrecognised` image is too unlike the training images for its score to mean anything; an
 * `outside` one is, by what its file says, not what the model was made for (another body part,
 * an adult).
 */
export type Category = 'likely' | 'unrecognised' | 'outside' | 'uncertain' | 'not-seen';

/** Whether the score of an image says anything: not of one that is none of those the model is for. */
export function isScoreMeant(category: Category | null): boolean {
	return category !== 'unrecognised' && category !== 'outside';
}

/** Scores are shown as figures from 0 to this. */
export const SCORE_OF = 100;

/** Digits behind the point of a shown score: near the ends a whole number would be 0 or 100. */
export function shownDigits(probability: number): number {
	return probability > 0.995 || probability < 0.005 ? 1 : 0;
}

/**
 * Calibrated log-odds of the positive class: the difference of the logits divided by the
 * temperature (Guo et al. 2017, "On Calibration of Modern Neural Networks").
 */
export function logOddsOf(logits: ArrayLike<number>, manifest: Manifest): number {
	const positive = manifest.classifier.outputs.positiveClass;
	return (logits[positive] - logits[1 - positive]) / manifest.calibration.temperature;
}

/** Calibrated probability of the positive class, 0..1: the softmax of the divided logits. */
export function probabilityOf(logits: ArrayLike<number>, manifest: Manifest): number {
	return 1 / (1 + Math.exp(-logOddsOf(logits, manifest)));
}

/** The operating point of that id, or the manifest's default. */
export function operatingPointOf(manifest: Manifest, id: string | null): OperatingPoint {
	const find = (wanted: string | null) =>
		manifest.operatingPoints.find((point) => point.id === wanted);
	return find(id) ?? find(manifest.defaultOperatingPoint) ?? manifest.operatingPoints[0];
}

/**
 * The operating points that a person can choose between: of those with one threshold, which flag the
 * same images, the chosen one, else the default, else the first.
 */
export function distinctPoints(manifest: Manifest, chosen: string): OperatingPoint[] {
	const { operatingPoints, defaultOperatingPoint } = manifest;
	return operatingPoints.filter((point) => {
		const same = operatingPoints.filter(({ threshold }) => threshold === point.threshold);
		const kept =
			same.find(({ id }) => id === chosen) ??
			same.find(({ id }) => id === defaultOperatingPoint) ??
			same[0];
		return kept === point;
	});
}

/**
 * The category of a probability; whether the image is recognised is not asked here.
 * Below the chosen point's threshold it is `not-seen`; from the next stricter point's
 * threshold on it is `likely`; between the two `uncertain`. At the strictest point all that
 * is flagged is `likely`.
 *
 * A local point takes the place of the model's point at or below its threshold, of the most
 * careful one where it lies below all. So `likely` goes on meaning: flagged by a setting
 * that the model's makers call stricter, too. Without the second half a threshold a hair
 * below the most careful point's would make nearly all that it flags `likely`.
 * @param points the model's own.
 */
export function categoryOf(
	probability: number,
	chosen: OperatingPoint,
	points: readonly OperatingPoint[]
): Exclude<Category, 'unrecognised' | 'outside'> {
	if (probability < chosen.threshold) return 'not-seen';
	// Loops, not filter and map: a list of 10,000 asks this at each change.
	let mostCareful = Infinity;
	let isOwn = false;
	for (const { id, threshold } of points) {
		mostCareful = Math.min(mostCareful, threshold);
		isOwn ||= id === chosen.id;
	}
	const place = isOwn ? chosen.threshold : Math.max(chosen.threshold, mostCareful);
	let sure = Infinity;
	for (const { threshold } of points) {
		if (threshold > place) sure = Math.min(sure, threshold);
	}
	if (sure === Infinity) sure = place;
	return probability >= sure ? 'likely' : 'uncertain';
}
