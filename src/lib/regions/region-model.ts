/** What finds and cuts out the part of an image that is read, as a worker is given it. */
import { inflate } from '../engine/reference';
import type { MapModel } from '../engine/map-model';
import { grown, type CropRule } from './lungs/crop';
import { boxOf, FILM_SIZE, piecesOf, type Box } from './lungs/mask';
import { LEAST_PIECE, levelsOf, MAP_SIZE, outlineOf } from './lungs/outline';
import type { LungFinder } from './lungs/find';
import type { Resize } from '../pixels/resizer';
import { failed, succeeded, type Outcome } from '../problems/problems';

/** A film and the box that is found in it. */
interface RegionReference {
	id: string;
	/** uint8 greys, `FILM_SIZE` x `FILM_SIZE`, raw deflate, base64. */
	film: string;
	/** That of the crop, pixels of the film. */
	box: Box;
}

export interface RegionModel {
	finder: MapModel;
	crop: CropRule;
	/** Side of the classifier's input, pixels. */
	size: number;
	references: RegionReference[];
}

/** The parts of a package that its region step is made of; a package without one reads all. */
export interface RegionPackage {
	manifest: {
		region?: RegionEntry | null;
		referenceVectors: {
			id?: string;
			pixels: string;
			film?: string;
			crop?: { x: number; y: number; width: number; height: number };
		}[];
	};
	region?: { topology: string; weights: ArrayBuffer } | null;
}

/** What a manifest says of its region. */
export interface RegionEntry {
	input: MapModel['input'];
	output: { mask: string; width: number; height: number; finds: string; leastPiece: number };
	crop: {
		workingSize: number;
		smoothing: number;
		margin: number;
		dilation: number;
		percentiles: readonly [low: number, high: number];
		size: number;
	};
	activations?: MapModel['activations'];
}

/**
 * What a package's region step needs; null where the classifier reads the whole image, a
 * problem where the package wants a region that this program does not know.
 */
export function regionModelOf({
	manifest: { region, referenceVectors },
	region: files
}: RegionPackage): Outcome<RegionModel | null> {
	if (!region || !files) return succeeded(null);
	const { input, output, crop, activations } = region;
	const isKnown =
		output.finds === 'lungs' &&
		crop.workingSize === FILM_SIZE &&
		output.width === MAP_SIZE &&
		output.height === MAP_SIZE &&
		output.leastPiece === LEAST_PIECE &&
		input.width === input.height &&
		input.channels === 1;
	if (!isKnown) return failed('model-foreign', { detail: `region ${output.finds}` });
	return succeeded({
		finder: { ...files, input, output: output.mask, activations },
		crop: {
			smoothing: crop.smoothing,
			margin: crop.margin,
			reach: crop.dilation,
			percentiles: crop.percentiles
		},
		size: crop.size,
		references: referenceVectors.flatMap(({ id = '', film, crop: box }) =>
			film === undefined || box === undefined ? [] : [{ id, film, box: cornersOf(box) }]
		)
	});
}

function cornersOf({
	x,
	y,
	width,
	height
}: {
	x: number;
	y: number;
	width: number;
	height: number;
}) {
	return { left: x, top: y, right: x + width, bottom: y + height };
}

/** Pixels of the film by which a side of the box may be elsewhere: half a pixel of the map. */
const BOX_TOLERANCE = 2;

/**
 * Whether a finder finds the boxes of the references.
 * @throws what the finder throws, or where a reference is of another size.
 */
export async function findsReferences(
	finder: LungFinder,
	{ references, crop: { margin } }: Pick<RegionModel, 'references' | 'crop'>,
	resize: Resize
): Promise<boolean> {
	for (const { id, film, box } of references) {
		const data = await inflate(film, FILM_SIZE * FILM_SIZE);
		if (data.length !== FILM_SIZE * FILM_SIZE) throw new Error(`the film ${id} has a wrong size`);
		const raster = { width: FILM_SIZE, height: FILM_SIZE, stride: 1, data };
		const logits = await finder.read(resize(raster, 'grey', finder.size, finder.size));
		const tight = boxOf(piecesOf(outlineOf(levelsOf(logits))));
		const found = tight && grown(tight, margin);
		const sides = ['left', 'top', 'right', 'bottom'] as const;
		const isThere = sides.every(
			(side) => found !== null && Math.abs(found[side] - box[side]) <= BOX_TOLERANCE
		);
		if (!isThere) return false;
	}
	return true;
}
