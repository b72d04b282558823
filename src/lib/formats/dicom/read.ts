/** A DICOM file to a grey picture and what its header says. */
import { failed, succeeded, type Outcome } from '../../problems/problems';
import type { ImageFacts } from '../facts';
import { greysOfColour, greysOfPalette } from './colours';
import { openDataSet, type DataSet } from './data-set';
import { factsOf } from './facts';
import { firstFrame, type Frame } from './frame';
import { imageOf, type DicomImage } from './image';
import { greysOf, shadesOf } from './shades';

export interface GreyPicture {
	width: number;
	height: number;
	/** uint8, height x width, 0 black. */
	data: Uint8Array;
	facts: ImageFacts | null;
}

/**
 * Read the first frame as a person would see it: with the file's own window or, where it has
 * none, between its percentiles 0.5 and 99.5. Never throws for a bad file.
 * @param bytes the whole file.
 */
export async function readDicom(bytes: Uint8Array): Promise<Outcome<GreyPicture>> {
	const set = await openDataSet(bytes);
	if (!set.ok) return set;
	try {
		const image = imageOf(set.value);
		if (!image.ok) return image;
		const { width, height, frames } = image.value;
		const frame = await firstFrame(set.value, image.value);
		const data = greys(set.value, frame, image.value);
		if (!data) return failed('coding-not-read', { coding: { kind: 'palette-segments' } });
		return succeeded({ width, height, data, facts: factsOf(set.value, frames) });
	} catch {
		return failed('damaged-image');
	}
}

function greys(set: DataSet, frame: Frame, image: DicomImage): Uint8Array | null {
	if (image.channels === 3) return greysOfColour(frame, image);
	if (image.photometric === 'palette') return greysOfPalette(set, frame, image);
	return greysOf(frame.data, image, shadesOf(set, image));
}
