/** Outline, quality, turning and crop against Python's, bit by bit, and their own properties. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizePlain } from '../../../../src/lib/pixels/resizer';
import {
	cropLungs,
	dilated,
	greyRange,
	grown,
	reachOf,
	type CropRule
} from '../../../../src/lib/regions/lungs/crop';
import { heartScore } from '../../../../src/lib/regions/lungs/heart';
import { findLungs, type LungFinder } from '../../../../src/lib/regions/lungs/find';
import {
	boxOf,
	FILM_SIZE,
	maskOf,
	piecesOf,
	withoutHoles,
	type Mask
} from '../../../../src/lib/regions/lungs/mask';
import { levelsOf, MAP_SIZE, outlineOf } from '../../../../src/lib/regions/lungs/outline';
import { maskOfPolygons, polygonsOf } from '../../../../src/lib/regions/lungs/polygons';
import { qualityOf } from '../../../../src/lib/regions/lungs/quality';
import { smoothed } from '../../../../src/lib/regions/lungs/smooth';
import { shapeOf } from '../../../../src/lib/regions/lungs/shape';
import { placeBefore, turnedBack, type Place } from '../../../../src/lib/regions/lungs/turning';
import { isReadable } from '../../../../src/lib/regions/region';
import { lungCases, sizes } from '../../helpers/lungs';

const RULE: CropRule = { smoothing: 4, margin: 6, reach: 4, percentiles: [1, 99] };

/** A mask that is drawn: 1 where the place says so. */
const drawn = (inside: (x: number, y: number) => boolean): Mask =>
	Uint8Array.from({ length: FILM_SIZE ** 2 }, (_, i) =>
		inside(i % FILM_SIZE, Math.floor(i / FILM_SIZE)) ? 1 : 0
	);

/** Dark lungs, and a bright heart around a column that reaches into the lower part of one. */
const filmWithHeart = (mask: Mask, column: number): Uint8Array =>
	mask.map((inside, i) => {
		const [x, y] = [i % FILM_SIZE, Math.floor(i / FILM_SIZE)];
		if (((x - column) / 26) ** 2 + ((y - 140) / 28) ** 2 < 1) return 200;
		return inside ? 40 + (x % 30) : 180;
	});

const pixelsOf = (mask: Mask) => mask.reduce((sum, inside) => sum + inside, 0);

/** With gaps that make many corners. */
const ragged = (mask: Mask, step: number): Mask =>
	mask.map((inside, i) => {
		const [x, y] = [i % FILM_SIZE, Math.floor(i / FILM_SIZE)];
		return inside && (Math.floor(x / step) + Math.floor(y / step)) % 5 > 0 ? 1 : 0;
	});

const circle = (x: number, y: number, radius: number) => (column: number, row: number) =>
	(column - x) ** 2 + (row - y) ** 2 < radius ** 2;

/** Whether a place lies within polygons: even-odd rule. */
function isWithin(polygons: Place[][], x: number, y: number): boolean {
	let within = false;
	for (const points of polygons) {
		points.forEach((one, i) => {
			const other = points[(i + 1) % points.length];
			const crosses = one.y > y !== other.y > y;
			if (crosses && x < one.x + ((y - one.y) / (other.y - one.y)) * (other.x - one.x)) {
				within = !within;
			}
		});
	}
	return within;
}

const overlapOf = (one: Mask, other: Mask) => {
	const both = one.reduce((sum, inside, i) => sum + inside * other[i], 0);
	return (2 * both) / (pixelsOf(one) + pixelsOf(other));
};

describe('smoothing', () => {
	it('spreads a point by the binomial coefficients', () => {
		const film = new Uint8Array(FILM_SIZE ** 2);
		film[50 * FILM_SIZE + 60] = 255;
		const smooth = smoothed(film, 2);
		const weights = [1, 4, 6, 4, 1];
		for (const [i, down] of weights.entries()) {
			const expected = weights.map((across) => Math.floor((255 * down * across + 128) / 256));
			const start = (48 + i) * FILM_SIZE + 58;
			expect([...smooth.subarray(start, start + 5)]).toEqual(expected);
		}
		expect(film[50 * FILM_SIZE + 60]).toBe(255);
	});

	it.each([0, 1, 5])('leaves a white film as it is (%i passes)', (passes) => {
		const white = new Uint8Array(FILM_SIZE ** 2).fill(255);
		expect(smoothed(white, passes)).toEqual(white);
	});
});

it('has the sizes of the script', () => {
	expect(sizes).toMatchObject({ film: FILM_SIZE, map: MAP_SIZE });
	expect(lungCases.length).toBeGreaterThan(5);
});

describe.each(lungCases)('a film as Python reads it: $name', (given) => {
	const { film, levels, mask, aspect, axis } = given;

	it('has the same outline', () => {
		expect(outlineOf(levels)).toEqual(mask);
	});

	it('has the same quality', () => {
		const found = qualityOf(piecesOf(mask), aspect);
		expect(found).toMatchObject({ notes: given.quality.notes, sides: given.quality.sides });
		expect(found.turn).toBeCloseTo(given.quality.turn, 9);
		expect(found.axis === null).toBe(axis === null);
		if (!axis) return;
		expect(found.axis?.across).toBeCloseTo(axis.across, 9);
		expect(found.axis?.down).toBeCloseTo(axis.down, 9);
	});

	it('has the same score of the heart’s side', () => {
		const box = boxOf(piecesOf(mask))!;
		expect(heartScore(film, mask, box, RULE.percentiles, resizePlain)).toBe(given.heart);
	});

	it('has the same numbers of its place and size', () => {
		expect(shapeOf(piecesOf(mask), boxOf(piecesOf(mask))!)).toEqual(given.shape);
	});

	it('has the same crop', () => {
		const box = boxOf(piecesOf(mask))!;
		expect(grown(box, RULE.margin)).toEqual(given.box);
		expect(reachOf(box, RULE.reach)).toBe(given.reach);
		expect(greyRange(film, mask, RULE.percentiles)).toEqual(given.greys);
		expect(cropLungs(film, mask, box, RULE, sizes.crop, resizePlain)).toEqual(given.crop);
	});

	it('is turned back the same', () => {
		if (given.turnedBack) expect(turnedBack(film, axis!, aspect)).toEqual(given.turnedBack);
		else expect(given.quality.notes).not.toContain('turned');
	});

	it('has polygons that enclose its pixels and no other', () => {
		const polygons = polygonsOf(mask, piecesOf(mask), 0);
		expect(drawn((x, y) => isWithin(polygons, x + 0.5, y + 0.5))).toEqual(mask);
	});

	it('is the mask of its polygons', () => {
		expect(maskOfPolygons(polygonsOf(mask, piecesOf(mask), 0))).toEqual(mask);
	});

	it('has simple polygons that are nearly the same', () => {
		const polygons = polygonsOf(mask, piecesOf(mask));
		const painted = drawn((x, y) => isWithin(polygons, x + 0.5, y + 0.5));
		expect(overlapOf(painted, mask)).toBeGreaterThan(0.98);
		for (const points of polygons) expect(points.length).toBeLessThan(90);
	});
});

describe('levels', () => {
	it('are logits in sixteenths, halves upwards, held to a byte', () => {
		const logits = Float32Array.of(0, 1, -1, 0.03125, -0.03125, 7.9375, 8, 100, -8, -100);
		expect([...levelsOf(logits)]).toEqual([0, 16, -16, 1, 0, 127, 127, 127, -128, -128]);
	});
});

describe('a mask', () => {
	const random = fc
		.array(fc.record({ x: fc.nat(223), y: fc.nat(223), r: fc.integer({ min: 1, max: 60 }) }), {
			minLength: 1,
			maxLength: 5
		})
		.map((circles) => drawn((x, y) => circles.some((c) => circle(c.x, c.y, c.r)(x, y))));

	it('is its pieces, none of which lies beside another', () => {
		fc.assert(
			fc.property(random, fc.integer({ min: 2, max: 9 }), (round, step) => {
				const mask = ragged(round, step);
				const pieces = piecesOf(mask);
				expect(maskOf(pieces)).toEqual(mask);
				expect(piecesOf(mask, 0).length).toBeGreaterThan(0);
				const owners = new Int32Array(mask.length);
				pieces.forEach(({ runs, area }, i) => {
					for (const { y, start, end } of runs) {
						owners.fill(i + 1, y * FILM_SIZE + start, y * FILM_SIZE + end);
					}
					expect(area).toBe(pixelsOf(maskOf([pieces[i]])));
				});
				const isApart = owners.every((owner, i) => {
					const right = i % FILM_SIZE < FILM_SIZE - 1 ? owners[i + 1] : 0;
					const below = i + FILM_SIZE < owners.length ? owners[i + FILM_SIZE] : 0;
					return owner === 0 || [right, below].every((other) => other === 0 || other === owner);
				});
				expect(isApart).toBe(true);
				// In reading order.
				const firsts = pieces.map(({ runs: [{ y, start }] }) => y * FILM_SIZE + start);
				expect(firsts).toEqual([...firsts].sort((one, other) => one - other));
				// Each one is whole: a piece by itself is one piece.
				for (const piece of pieces.slice(0, 20)) {
					expect(piecesOf(maskOf([piece]))).toEqual([piece]);
				}
			}),
			{ numRuns: 6 }
		);
	});

	it('grows by a square', () => {
		const mask = drawn((x, y) => (x === 3 && y === 5) || (x === 223 && y === 0));
		const expected = drawn((x, y) => (x <= 7 && y >= 1 && y <= 9) || (x >= 219 && y <= 4));
		expect(dilated(mask, 4)).toEqual(expected);
	});

	it('is filled where the edge cannot be reached over the edges of pixels', () => {
		const ring = drawn((x, y) => circle(60, 60, 20)(x, y) && !circle(60, 60, 10)(x, y));
		expect(withoutHoles(ring)).toEqual(drawn(circle(60, 60, 20)));
		// A bay at the edge of the film is no hole.
		const bay = drawn((x, y) => circle(0, 60, 20)(x, y) && !circle(0, 60, 10)(x, y));
		expect(withoutHoles(bay)).toEqual(bay);
	});

	it('has exact polygons, even where pieces touch at corners', () => {
		fc.assert(
			fc.property(random, fc.integer({ min: 2, max: 9 }), (mask, step) => {
				const whole = withoutHoles(ragged(mask, step));
				const polygons = polygonsOf(whole, piecesOf(whole), 0);
				expect(drawn((x, y) => isWithin(polygons, x + 0.5, y + 0.5))).toEqual(whole);
			}),
			{ numRuns: 4 }
		);
	});
});

describe('quality', () => {
	const lungs = (x: number, y: number) => circle(70, 110, 40)(x, y) || circle(155, 110, 40)(x, y);

	it('is without notes for two lungs', () => {
		expect(qualityOf(piecesOf(drawn(lungs)), 1).notes).toEqual([]);
	});

	it('says that there are no lungs, or that they are too small', () => {
		expect(qualityOf([], 1).notes).toEqual(['no-lungs']);
		expect(qualityOf(piecesOf(drawn(circle(100, 100, 24))), 1).notes).toEqual(['no-lungs']);
	});

	it('says that there is one lung only', () => {
		expect(qualityOf(piecesOf(drawn(circle(100, 100, 40))), 1).notes).toEqual(['one-lung']);
	});

	it('says that a picture holds more than one film', () => {
		const third = (x: number, y: number) => lungs(x, y + 40) || circle(110, 180, 28)(x, y);
		expect(qualityOf(piecesOf(drawn(third)), 1).notes).toEqual(['several-films']);
	});

	it.each([
		['top', (x: number, y: number) => lungs(x, y + 100)],
		['bottom', (x: number, y: number) => lungs(x, y - 100)],
		['left', (x: number, y: number) => lungs(x + 60, y)],
		['right', (x: number, y: number) => lungs(x - 60, y)]
	])('says that lungs are cut off at the %s', (side, inside) => {
		const { notes, sides } = qualityOf(piecesOf(drawn(inside)), 1);
		expect(notes).toContain('cut-off');
		expect(sides).toEqual([side]);
	});
});

describe('the region of a film', () => {
	const finderOf = (levels: Int8Array[]): LungFinder & { films: Uint8Array[] } => {
		const films: Uint8Array[] = [];
		return {
			size: 112,
			films,
			read: (pixels) => {
				films.push(pixels);
				return Float32Array.from(levels[films.length - 1], (level) => level / 16);
			}
		};
	};
	const byName = (name: string) => lungCases.find((each) => each.name === name)!;
	const rule = { crop: RULE, size: sizes.crop };

	it('is the crop, the outline in fractions of the film, and no note', async () => {
		const { film, levels, mask, aspect, crop } = byName('upright');
		const finder = finderOf([levels]);
		const found = await findLungs(film, aspect, finder, rule, resizePlain);
		expect(found.pixels).toEqual(crop);
		expect(found.shape).toEqual(byName('upright').shape);
		expect(found.region).toMatchObject({ notes: [], turnedBack: 0 });
		expect(isReadable(found.region)).toBe(true);
		const { left, top, right, bottom } = byName('upright').box;
		[left, top, right - left, bottom - top].forEach((pixels, i) => {
			expect(found.region.box![i]).toBeCloseTo(pixels / FILM_SIZE, 4);
		});
		expect(finder.films.map(({ length }) => length)).toEqual([112 ** 2]);
		const polygons = found.region.outlines.map((points) =>
			points.map(([x, y]) => ({ x: x * FILM_SIZE, y: y * FILM_SIZE }))
		);
		const painted = drawn((x, y) => isWithin(polygons, x + 0.5, y + 0.5));
		expect(overlapOf(painted, mask)).toBeGreaterThan(0.98);
	});

	it('is read after a turned film was turned back, and drawn on the film as it is', async () => {
		const turned = byName('turned');
		const upright = byName('upright');
		const finder = finderOf([turned.levels, upright.levels]);
		const { film, aspect, axis } = turned;
		const found = await findLungs(film, aspect, finder, rule, resizePlain);
		expect(found.region.notes).toEqual(['turned']);
		// Place and size are those of the film as it was taken.
		expect(found.shape).toEqual(turned.shape);
		expect(found.region.turnedBack).toBeCloseTo(turned.quality.turn, 9);
		expect(finder.films[1]).toEqual(
			resizePlain(
				{ width: FILM_SIZE, height: FILM_SIZE, stride: 1, data: turned.turnedBack! },
				'grey',
				112,
				112
			)
		);
		const box = boxOf(piecesOf(upright.mask))!;
		expect(found.pixels).toEqual(
			cropLungs(turned.turnedBack!, upright.mask, box, RULE, sizes.crop, resizePlain)
		);
		if (!axis) throw new Error('the turned film has two lungs');
		// A point of the outline, turned, is where the turned film has taken its grey from.
		const [first] = polygonsOf(upright.mask, piecesOf(upright.mask))[0];
		const from = placeBefore({ x: first.x - 0.5, y: first.y - 0.5 }, axis, aspect);
		const [x, y] = found.region.outlines[0][0];
		expect(x).toBeCloseTo((from.x + 0.5) / FILM_SIZE, 3);
		expect(y).toBeCloseTo((from.y + 0.5) / FILM_SIZE, 3);
	});

	it('is within outlines that a person drew, of a film that is turned back, too', async () => {
		for (const name of ['upright', 'turned']) {
			const { film, mask, aspect, crop, quality } = byName(name);
			const fractions = polygonsOf(mask, piecesOf(mask), 0).map((points) =>
				points.map(({ x, y }): [number, number] => [x / FILM_SIZE, y / FILM_SIZE])
			);
			const finder = finderOf([]);
			const found = await findLungs(film, aspect, finder, rule, resizePlain, fractions);
			expect(finder.films).toEqual([]);
			expect(found.region.notes).toEqual(quality.notes);
			if (name === 'upright') expect(found.pixels).toEqual(crop);
			// Drawn on the film as it is, whatever was turned.
			const drawnAgain = drawn((x, y) =>
				isWithin(
					found.region.outlines.map((points) =>
						points.map(([px, py]) => ({ x: px * FILM_SIZE, y: py * FILM_SIZE }))
					),
					x + 0.5,
					y + 0.5
				)
			);
			expect(overlapOf(drawnAgain, mask)).toBeGreaterThan(0.97);
		}
	});

	it('says that the heart lies on the other side, of an upright film', async () => {
		const { levels, mask } = byName('upright');
		const read = (film: Uint8Array) => findLungs(film, 1, finderOf([levels]), rule, resizePlain);
		expect((await read(filmWithHeart(mask, 126))).region.notes).toEqual([]);
		expect((await read(filmWithHeart(mask, 98))).region.notes).toEqual(['mirrored']);
	});

	it('is not read where there is more than one film', async () => {
		const { film, levels } = byName('two films side by side');
		const found = await findLungs(film, 1, finderOf([levels]), rule, resizePlain);
		expect(found.region.notes).toEqual(['several-films']);
		expect(found.region.outlines).toHaveLength(4);
		expect(isReadable(found.region)).toBe(false);
	});

	it('is nothing where there are no lungs', async () => {
		const nothing = new Int8Array(MAP_SIZE ** 2).fill(-50);
		const { film } = byName('upright');
		const found = await findLungs(film, 1, finderOf([nothing]), rule, resizePlain);
		expect(found).toEqual({
			region: { outlines: [], notes: ['no-lungs'], box: null, turnedBack: 0 },
			pixels: new Uint8Array(sizes.crop ** 2),
			shape: null
		});
	});

	it('is nothing where turning back has lost the lungs', async () => {
		const { film, levels, aspect } = byName('turned');
		const nothing = new Int8Array(MAP_SIZE ** 2).fill(-50);
		const found = await findLungs(film, aspect, finderOf([levels, nothing]), rule, resizePlain);
		expect(found.pixels).toEqual(new Uint8Array(sizes.crop ** 2));
		expect(isReadable(found.region)).toBe(false);
		expect(found.region.notes).toEqual(['no-lungs']);
	});
});
