/** The region step of chest films: find the lungs, say what can be said, cut them out. */
import type { Resize } from '../../pixels/resizer';
import type { Polygon, Region } from '../region';
import { cropLungs, grown, type CropRule } from './crop';
import { heartScore, isMirrored } from './heart';
import { boxOf, FILM_SIZE, piecesOf, type Box } from './mask';
import { levelsOf, outlineOf } from './outline';
import { maskOfPolygons, polygonsOf } from './polygons';
import { qualityOf, type Axis } from './quality';
import { shapeOf } from './shape';
import { placeBefore, turnedBack, type Place } from './turning';

/** Reads a small grey film, uint8 `size` x `size`, into a map of logits. */
export interface LungFinder {
	/** Side of its input, pixels. */
	size: number;
	read(pixels: Uint8Array): Float32Array | Promise<Float32Array>;
}

export interface LungRule {
	crop: CropRule;
	/** Side of the classifier's input, pixels. */
	size: number;
}

export interface LungCrop {
	region: Region;
	/** uint8 `size` x `size`, what the classifier reads: black where there are no lungs. */
	pixels: Uint8Array;
	/** Place and size of the lungs (`shapeOf`); null where there are none. */
	shape: number[] | null;
}

/**
 * Find and cut out the lungs. A film that is turned by more than 15 degrees is turned back, and
 * its lungs are looked for again.
 * @param film the working film: uint8 greys, `FILM_SIZE` x `FILM_SIZE`.
 * @param aspect width of the film as it was taken over its height.
 * @param drawn outlines that a person drew, in fractions of the film: none are looked for then.
 * @throws what the finder throws.
 */
export async function findLungs(
	film: Uint8Array,
	aspect: number,
	finder: LungFinder,
	rule: LungRule,
	resize: Resize,
	drawn: readonly Polygon[] | null = null
): Promise<LungCrop> {
	/** @param turnedBy the axis that lies level in `pixels`; null on the film as it is. */
	const find = async (pixels: Uint8Array, turnedBy: Axis | null) => {
		const mask = drawn
			? maskOfPolygons(drawn.map((points) => placesOf(points, turnedBy, aspect)))
			: outlineOf(levelsOf(await finder.read(finderInput(pixels, finder.size, resize))));
		const lungs = piecesOf(mask);
		return { pixels, mask, lungs, quality: qualityOf(lungs, aspect) };
	};
	const first = await find(film, null);
	const { notes, axis, turn } = first.quality;
	const isTurned = notes.includes('turned') && axis !== null;
	const level = isTurned ? await find(turnedBack(film, axis, aspect), axis) : first;
	// What is said of a film that is turned back is said of it as it was taken, too.
	const said = isTurned
		? [
				...notes,
				...level.quality.notes.filter((note) => note !== 'turned' && !notes.includes(note))
			]
		: [...notes];
	const box = said.includes('no-lungs') ? null : boxOf(level.lungs);
	if (box && level.quality.axis && !level.quality.notes.includes('upside-down')) {
		const { percentiles } = rule.crop;
		const score = heartScore(level.pixels, level.mask, box, percentiles, resize);
		if (isMirrored(score)) said.push('mirrored');
	}
	const region: Region = {
		outlines: box
			? outlinesOf(polygonsOf(level.mask, level.lungs), isTurned ? axis : null, aspect)
			: [],
		notes: box ? said : ['no-lungs'],
		box: box && shareOf(grown(box, rule.crop.margin)),
		turnedBack: isTurned ? turn : 0
	};
	const pixels = box
		? cropLungs(level.pixels, level.mask, box, rule.crop, rule.size, resize)
		: new Uint8Array(rule.size * rule.size);
	// Of the film as it was taken, as those that recognition was fitted on were measured.
	const taken = box && boxOf(first.lungs);
	return { region, pixels, shape: taken && shapeOf(first.lungs, taken) };
}

/** The working film as the finder reads it. */
function finderInput(film: Uint8Array, size: number, resize: Resize): Uint8Array {
	const raster = { width: FILM_SIZE, height: FILM_SIZE, stride: 1, data: film };
	return resize(raster, 'grey', size, size);
}

/** A polygon in pixels of the film, turned back so that `axis` lies level where there is one. */
function placesOf(points: Polygon, axis: Axis | null, aspect: number): Place[] {
	return points.map(([x, y]) => {
		const centre = { x: x * FILM_SIZE - 0.5, y: y * FILM_SIZE - 0.5 };
		const back = axis && { across: axis.across, down: -axis.down };
		const place = back ? placeBefore(centre, back, aspect) : centre;
		return { x: place.x + 0.5, y: place.y + 0.5 };
	});
}

/** Polygons in fractions of the film as it was taken. @param axis where it was turned back. */
function outlinesOf(polygons: Place[][], axis: Axis | null, aspect: number): Polygon[] {
	return polygons.map((places) =>
		places.map(({ x, y }) => {
			// Corners of pixels lie half a pixel before their centres.
			const centre = { x: x - 0.5, y: y - 0.5 };
			const place = axis ? placeBefore(centre, axis, aspect) : centre;
			return [fraction(place.x + 0.5), fraction(place.y + 0.5)];
		})
	);
}

function shareOf({ left, top, right, bottom }: Box): Region['box'] {
	return [fraction(left), fraction(top), fraction(right - left), fraction(bottom - top)];
}

/** Of the film's side, to a ten-thousandth. */
function fraction(pixels: number): number {
	return Math.round((pixels / FILM_SIZE) * 1e4) / 1e4;
}
