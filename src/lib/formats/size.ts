/** The limits of an image's size. */
import { MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from '../base/limits';
import { failed, succeeded, type Outcome } from '../problems/problems';
import type { Size } from './format';

/** Refuse images without a side, and those beyond the limits. */
export function checkSize<S extends Size>(size: S): Outcome<S> {
	const { width, height } = size;
	if (!(width > 0 && height > 0)) return failed('damaged-image');
	const isTooLarge = width * height > MAX_IMAGE_PIXELS || Math.max(width, height) > MAX_IMAGE_SIDE;
	return isTooLarge ? failed('image-too-large', { size: { width, height } }) : succeeded(size);
}
