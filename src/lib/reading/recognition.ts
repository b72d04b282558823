/** Whether an image is of the kind that the model was made for. Pure. */
import type { Manifest } from '../models/manifest';

/**
 * The distance that the threshold is of: that of the classifier's maps, joined with that of the
 * region's shape where the model has one (`fieldlens_training/evaluation/shape.py`).
 * @param shape numbers of the region; null where nothing was found.
 */
export function distanceOf(
	distance: number | null,
	shape: readonly number[] | null,
	{ recognition }: Pick<Manifest, 'recognition'>
): number | null {
	if (distance === null || !shape || !recognition?.shape) return distance;
	const { mean, precision, weight } = recognition.shape;
	const apart = mean.map((value, i) => shape[i] - value);
	let squared = 0;
	precision.forEach((row, i) => {
		row.forEach((value, j) => (squared += apart[i] * value * apart[j]));
	});
	return Math.sqrt(distance ** 2 + weight * Math.max(0, squared));
}

/**
 * How unlike the training images an image is, as a share of what the model accepts: above 1
 * it is not recognised. Null where the model does not say.
 */
export function unlikenessOf(distance: number | null, manifest: Manifest): number | null {
	return distance === null || !manifest.recognition
		? null
		: distance / manifest.recognition.threshold;
}

/** Whether an image is recognised; without a rule for it every image is. */
export function isRecognised(distance: number | null, manifest: Manifest): boolean {
	return distance === null || !manifest.recognition || distance <= manifest.recognition.threshold;
}
