import { describe, expect, it } from 'vitest';
import { paintMap } from '../../../src/lib/reading/heat-map';
import { fixture } from '../helpers/images';

interface Case {
	map: number[];
	gridWidth: number;
	gridHeight: number;
	width: number;
	height: number;
	/** Heat 0..255 of each pixel. */
	expected: number[];
}
const { heatMaps } = fixture<{ heatMaps: Case[] }>('numbers');

/** Red, green, blue and alpha of one pixel. */
function pixelAt(pixels: Uint8ClampedArray, width: number, x: number, y: number): number[] {
	return [...pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

describe('a painted map', () => {
	it.each(heatMaps)(
		'is as strong as Pillow enlarges it: $gridWidth x $gridHeight to $width x $height',
		({ map, gridWidth, gridHeight, width, height, expected }) => {
			const pixels = paintMap(Uint8Array.from(map), gridWidth, gridHeight, width, height);
			expect(pixels).toHaveLength(width * height * 4);
			const alphas = expected.map((_, i) => pixels[i * 4 + 3]);
			const wanted = expected.map((heat) => Math.min(255, heat * 1.6));
			for (const [i, alpha] of alphas.entries()) {
				expect(Math.abs(alpha - wanted[i]), `pixel ${i}`).toBeLessThanOrEqual(0.51);
			}
		}
	);

	it('without heat is transparent everywhere', () => {
		const pixels = paintMap(new Uint8Array(4), 2, 2, 5, 7);
		expect(pixels.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 0)).toBe(true);
	});

	it('of one strength is of one colour', () => {
		const pixels = paintMap(new Uint8Array(49).fill(200), 7, 7, 33, 21);
		const colours = new Set(
			Array.from({ length: 33 * 21 }, (_, i) => String(pixels.subarray(i * 4, i * 4 + 4)))
		);
		expect(colours.size).toBe(1);
	});

	it('is hottest where the finding is', () => {
		const map = new Uint8Array(49);
		map[2 * 7 + 5] = 255;
		const [width, height] = [140, 70];
		const pixels = paintMap(map, 7, 7, width, height);
		const alphaAt = (x: number, y: number) => pixelAt(pixels, width, x, y)[3];
		// The middle of column 5, row 2; the image is wider than high.
		expect(alphaAt(110, 25)).toBe(255);
		expect(alphaAt(25, 110 / 2)).toBe(0);
		for (const [x, y] of [
			[0, 0],
			[139, 0],
			[0, 69],
			[139, 69]
		]) {
			expect(alphaAt(x, y)).toBe(0);
		}
	});

	it('keeps the heat of its corners in the corners', () => {
		const pixels = paintMap(Uint8Array.of(255, 0, 0, 255), 2, 2, 10, 10);
		expect(pixelAt(pixels, 10, 0, 0)).toEqual(pixelAt(pixels, 10, 9, 9));
		expect(pixelAt(pixels, 10, 0, 0)[3]).toBe(255);
		expect(pixelAt(pixels, 10, 9, 0)[3]).toBe(0);
	});

	it('goes from dark violet to bright yellow, ever brighter', () => {
		const colourOf = (heat: number) =>
			pixelAt(paintMap(Uint8Array.of(heat), 1, 1, 1, 1), 1, 0, 0).slice(0, 3);
		expect(colourOf(0)).toEqual([40, 11, 84]);
		expect(colourOf(255)).toEqual([252, 255, 164]);
		// Two fifths of the way between two samples: 255 * 1.4 / 6 = 59.5.
		expect(colourOf(59.5)[0]).toBeGreaterThanOrEqual(120);
		const brightness = Array.from({ length: 256 }, (_, heat) => {
			const [red, green, blue] = colourOf(heat);
			return 0.299 * red + 0.587 * green + 0.114 * blue;
		});
		for (let heat = 1; heat < 256; heat++) {
			expect(brightness[heat]).toBeGreaterThanOrEqual(brightness[heat - 1] - 0.5);
		}
	});

	it('of a single cell, or for a single pixel, is painted too', () => {
		expect(pixelAt(paintMap(Uint8Array.of(255), 1, 1, 3, 2), 3, 2, 1)[3]).toBe(255);
		expect(paintMap(Uint8Array.of(9, 9, 9, 9), 2, 2, 1, 1)).toHaveLength(4);
	});
});
