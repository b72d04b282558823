/** Reads DICOM files. */
import type { Raster } from '../../pixels/resizer';
import { failed, succeeded, type Outcome } from '../../problems/problems';
import type { Picture, Reader, Size } from '../format';
import { coloursOf, coloursOfPalette } from './colours';
import { openDataSet, type OpenFile } from './data-set';
import { deepGreys, deepValues, isDeep } from './deep';
import { factsOf } from './facts';
import { firstFrame, plainBytes } from './frame';
import { imageOf, type DicomImage } from './image';
import { greysOf, shadesOf } from './shades';

interface DicomHeader extends Size {
	file: OpenFile;
	image: DicomImage;
}

/**
 * Reads the first frame as a person would see it: with the file's own window or, where it has
 * none or one beside all its values, between its percentiles 0.5 and 99.5. Colours stay colours.
 */
export const reader: Reader<DicomHeader> = {
	async checkHeader(bytes): Promise<Outcome<DicomHeader>> {
		const file = await openDataSet(bytes);
		if (!file.ok) return file;
		const image = imageOf(file.value);
		if (!image.ok) return image;
		const { width, height } = image.value;
		return succeeded({ width, height, file: file.value, image: image.value });
	},

	async decode(_, { width, height, file: { set }, image }): Promise<Outcome<Picture>> {
		const picture = (raster: Omit<Raster, 'width' | 'height'>, ownRange = false) =>
			succeeded({
				raster: { width, height, ...raster },
				facts: { ...factsOf(set, image.frames), ownRange }
			});
		if (isDeep(image)) {
			const values = deepValues(plainBytes(set, image), image);
			const { data, ownRange } = deepGreys(values, image, shadesOf(set, image));
			return picture({ stride: 1, data }, ownRange);
		}
		const frame = await firstFrame(set, image);
		if (image.channels === 3) return picture({ stride: 3, data: coloursOf(frame, image) });
		if (image.photometric === 'palette') {
			const data = coloursOfPalette(set, frame, image);
			return data
				? picture({ stride: 3, data })
				: failed('coding-not-read', { coding: { kind: 'palette-segments' } });
		}
		const { data, ownRange } = greysOf(frame.data, image, shadesOf(set, image));
		return picture({ stride: 1, data }, ownRange);
	}
};
