import { describe, expect, it } from 'vitest';
import { sharpnessOf } from '../../../src/lib/pixels/sharpness';

/** RGBA of a picture whose green is `green`. */
function picture(size: number, green: (x: number, y: number) => number): Uint8ClampedArray {
	const pixels = new Uint8ClampedArray(4 * size * size);
	for (let i = 0; i < size * size; i++) pixels[4 * i + 1] = green(i % size, Math.floor(i / size));
	return pixels;
}

/** Waves of so many pixels; their Laplacian is known. */
const waves = (length: number, contrast = 80, light = 120) =>
	picture(128, (x) => light + contrast * Math.sin((2 * Math.PI * x) / length));

const sharpness = (pixels: Uint8ClampedArray) => sharpnessOf(pixels, 128, 128);

describe('sharpness', () => {
	it('of waves is that of their Laplacian: (2 cos(2 pi / length) - 2) squared', () => {
		for (const length of [8, 16, 32]) {
			const expected = (2 * Math.cos((2 * Math.PI) / length) - 2) ** 2;
			expect(sharpness(waves(length)) / expected).toBeCloseTo(1, 0);
		}
	});

	it('is the same in half the light and with half the contrast', () => {
		const whole = sharpness(waves(8));
		expect(sharpness(waves(8, 80, 90)) / whole).toBeCloseTo(1, 2);
		expect(sharpness(waves(8, 40, 60)) / whole).toBeCloseTo(1, 1);
	});

	it('falls where the same edges are blurred', () => {
		const edge = (width: number) =>
			picture(128, (x) => 60 + 120 / (1 + Math.exp((8 - Math.abs((x % 32) - 16)) / width)));
		const found = [0.5, 1, 2].map((width) => sharpness(edge(width)));
		expect(found).toEqual([...found].sort((a, b) => b - a));
	});

	it('of a flat picture, or of none, is 0', () => {
		expect(sharpness(picture(128, () => 77))).toBe(0);
		expect(sharpnessOf(new Uint8ClampedArray(16), 2, 2)).toBe(0);
	});
});
