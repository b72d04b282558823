/** Whether an image is of the kind that the model was made for. Pure. */
import type { Manifest } from '../models/manifest';

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
