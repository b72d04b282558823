/** What finds and cuts out the part of an image that is read, as a worker is given it. */
import { inflate } from '../engine/reference';
import type { MapModel } from '../engine/map-model';
import type { CropRule } from './lungs/crop';
import { boxOf, FILM_SIZE, piecesOf, type Box } from './lungs/mask';
import { levelsOf, outlineOf } from './lungs/outline';
import type { LungFinder } from './lungs/find';
import type { Resize } from '../pixels/resizer';

/** A film and the box that is found in it. */
export interface RegionReference {
	id: string;
	/** uint8 greys, `FILM_SIZE` x `FILM_SIZE`, raw deflate, base64. */
	film: string;
	/** The least one around the lungs, pixels of the film. */
	box: Box;
}

export interface RegionModel {
	finder: MapModel;
	crop: CropRule;
	/** Side of the classifier's input, pixels. */
	size: number;
	references: RegionReference[];
}

/** Pixels of the film by which a side of the box may be elsewhere: half a pixel of the map. */
const BOX_TOLERANCE = 2;

/**
 * Whether a finder finds the boxes of the references.
 * @throws what the finder throws, or where a reference is of another size.
 */
export async function findsReferences(
	finder: LungFinder,
	references: readonly RegionReference[],
	resize: Resize
): Promise<boolean> {
	for (const { id, film, box } of references) {
		const data = await inflate(film, FILM_SIZE * FILM_SIZE);
		if (data.length !== FILM_SIZE * FILM_SIZE) throw new Error(`the film ${id} has a wrong size`);
		const raster = { width: FILM_SIZE, height: FILM_SIZE, stride: 1, data };
		const logits = await finder.read(resize(raster, 'grey', finder.size, finder.size));
		const found = boxOf(piecesOf(outlineOf(levelsOf(logits))));
		const sides = ['left', 'top', 'right', 'bottom'] as const;
		const isThere = sides.every(
			(side) => found !== null && Math.abs(found[side] - box[side]) <= BOX_TOLERANCE
		);
		if (!isThere) return false;
	}
	return true;
}
