import { describe, expect, it } from 'vitest';
import {
	areUsable,
	FIRST_CORNERS,
	withinImage,
	type Corners
} from '../../../src/lib/intake/corners';
import { MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from '../../../src/lib/base/limits';
import { homographyOf, rectifiedSize, rectify } from '../../../src/lib/pixels/rectify';

const WHOLE = cornersOf([0, 0], [1, 0], [1, 1], [0, 1]);
const TILTED = cornersOf([0.12, 0.2], [0.9, 0.1], [0.8, 0.95], [0.2, 0.7]);

function cornersOf(...places: [number, number][]): Corners {
	const [a, b, c, d] = places.map(([x, y]) => ({ x, y }));
	return [a, b, c, d];
}

function imageOf(
	width: number,
	height: number,
	value: (x: number, y: number, c: number) => number,
	stride = 1
) {
	const data = new Uint8Array(width * height * stride);
	for (let i = 0; i < data.length; i++) {
		const pixel = Math.floor(i / stride);
		data[i] = Math.round(value(pixel % width, Math.floor(pixel / width), i % stride));
	}
	return { width, height, stride, data };
}

describe('the map from a rectangle to a film', () => {
	it('takes the corners to the corners', () => {
		const place = homographyOf(TILTED);
		const ends = [place(0, 0), place(1, 0), place(1, 1), place(0, 1)];
		for (const [i, { x, y }] of ends.entries()) {
			expect(x).toBeCloseTo(TILTED[i].x, 12);
			expect(y).toBeCloseTo(TILTED[i].y, 12);
		}
	});

	// numpy.linalg.solve on the eight equations of the four pairs of corners.
	it.each([
		[0.5, 0.5, 0.41007503, 0.51993569],
		[0.25, 0.75, 0.28753908, 0.6249665],
		[0.9, 0.1, 0.75594075, 0.22347936]
	])('is the projection that they fix: %d, %d', (u, v, x, y) => {
		const place = homographyOf(TILTED)(u, v);
		expect(place.x).toBeCloseTo(x, 7);
		expect(place.y).toBeCloseTo(y, 7);
	});
});

describe('a film made straight', () => {
	it('is the image itself where the corners are the image’s', () => {
		const image = imageOf(13, 9, (x, y, c) => (x * 37 + y * 91 + c * 50) % 256, 4);
		expect(rectify(image, WHOLE)).toEqual(image);
	});

	it('is the very pixels of an upright part', () => {
		const image = imageOf(20, 10, (x, y) => 10 * y + x);
		const part = rectify(image, cornersOf([0.25, 0.2], [0.75, 0.2], [0.75, 0.9], [0.25, 0.9]));
		expect(part).toEqual(imageOf(10, 7, (x, y) => 10 * (y + 2) + x + 5));
	});

	it('is turned where its corners say so', () => {
		const image = imageOf(6, 4, (x, y) => 40 * y + x);
		const turned = rectify(image, cornersOf([1, 0], [1, 1], [0, 1], [0, 0]));
		expect(turned).toEqual(imageOf(4, 6, (x, y) => 40 * x + (5 - y)));
	});

	it('comes back from a photograph of it', () => {
		// The film is a smooth pattern; the photograph shows it through the inverse projection,
		// found by Newton's method and not by the code under test's own formula.
		const film = (u: number, v: number) => 128 + 60 * Math.sin(7 * u) + 50 * Math.cos(5 * v);
		const place = homographyOf(TILTED);
		const [width, height] = [400, 300];
		const photograph = imageOf(width, height, (column, row) => {
			const [u, v] = inverse(place, (column + 0.5) / width, (row + 0.5) / height);
			return u < -0.1 || u > 1.1 || v < -0.1 || v > 1.1 ? 0 : film(u, v);
		});
		const straight = rectify(photograph, TILTED);
		expect(straight).toMatchObject(rectifiedSize(TILTED, width, height));
		let worst = 0;
		for (const [i, value] of straight.data.entries()) {
			const u = ((i % straight.width) + 0.5) / straight.width;
			const v = (Math.floor(i / straight.width) + 0.5) / straight.height;
			worst = Math.max(worst, Math.abs(value - film(u, v)));
		}
		expect(worst).toBeLessThan(2);
	});

	it('is as large as its longer sides, within the limits of any image', () => {
		expect(rectifiedSize(WHOLE, 640, 480)).toEqual({ width: 640, height: 480 });
		const tilted = rectifiedSize(TILTED, 1000, 1000);
		expect(tilted).toEqual({ width: 786, height: 856 });
		const huge = rectifiedSize(cornersOf([0.5, 0], [1, 0.5], [0.5, 1], [0, 0.5]), 8000, 8000);
		expect(huge.width * huge.height).toBeLessThanOrEqual(MAX_IMAGE_PIXELS);
		expect(rectifiedSize(WHOLE, MAX_IMAGE_SIDE, 100).width).toBe(MAX_IMAGE_SIDE);
	});
});

describe('corners', () => {
	it('begin as a film', () => {
		expect(areUsable(FIRST_CORNERS)).toBe(true);
		expect(areUsable(TILTED)).toBe(true);
		expect(areUsable(WHOLE)).toBe(true);
	});

	it.each([
		['crossed lines', cornersOf([0.1, 0.1], [0.9, 0.9], [0.9, 0.1], [0.1, 0.9])],
		['a film turned over', cornersOf([0.9, 0.1], [0.1, 0.1], [0.1, 0.9], [0.9, 0.9])],
		['a dent', cornersOf([0.1, 0.1], [0.9, 0.1], [0.3, 0.3], [0.1, 0.9])],
		['three in a line', cornersOf([0.1, 0.1], [0.5, 0.1], [0.9, 0.1], [0.1, 0.9])],
		['a point', cornersOf([0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5])],
		['a place outside', cornersOf([-0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9])],
		['no number', cornersOf([NaN, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9])]
	])('with %s are none', (_, corners) => {
		expect(areUsable(corners)).toBe(false);
	});

	it('stay within the image', () => {
		expect(withinImage({ x: -3, y: 1.2 })).toEqual({ x: 0, y: 1 });
	});
});

/** Where a projection takes to x, y: Newton's method with differences. */
function inverse(place: ReturnType<typeof homographyOf>, x: number, y: number) {
	let [u, v] = [0.5, 0.5];
	for (let step = 0; step < 12; step++) {
		const here = place(u, v);
		const [du, dv] = [place(u + 1e-6, v), place(u, v + 1e-6)];
		const [a, b] = [(du.x - here.x) / 1e-6, (dv.x - here.x) / 1e-6];
		const [c, d] = [(du.y - here.y) / 1e-6, (dv.y - here.y) / 1e-6];
		const det = a * d - b * c;
		u += (d * (x - here.x) - b * (y - here.y)) / det;
		v += (a * (y - here.y) - c * (x - here.x)) / det;
	}
	return [u, v];
}
