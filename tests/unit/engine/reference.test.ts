import { describe, expect, it } from 'vitest';
import {
	distanceDifference,
	largestDifference,
	referenceImages
} from '../../../src/lib/engine/reference';
import type { Manifest } from '../../../src/lib/models/manifest';
import { exampleManifest, packed } from '../helpers/manifest';
import { smallPackage } from '../helpers/small-model';

/** The example's manifest with other pixels in its second vector. */
function withPixels(pixels: string): Manifest {
	const manifest = exampleManifest();
	manifest.referenceVectors[1].pixels = pixels;
	return manifest;
}

describe('reference images', () => {
	it('are unpacked with their logits', async () => {
		expect(await referenceImages(exampleManifest())).toEqual([
			{ name: 'dark', pixels: Uint8Array.of(0, 1, 2, 3), logits: [1, -1], distance: null },
			{
				name: 'bright',
				pixels: Uint8Array.of(255, 254, 253, 252),
				logits: [-2, 2.5],
				distance: null
			},
			{ name: 'mixed', pixels: Uint8Array.of(0, 255, 0, 255), logits: [0.25, 0], distance: null }
		]);
	});

	it('are unpacked with their distances where the model has them', async () => {
		const images = await referenceImages(smallPackage('chest-xray-pneumonia', 1).manifest);
		expect(images.every(({ distance }) => distance !== null && distance > 0)).toBe(true);
	});

	it('are unpacked at the size of a real model, in three channels', async () => {
		const manifest = exampleManifest();
		manifest.classifier.input = {
			...manifest.classifier.input,
			width: 112,
			height: 112,
			channels: 3
		};
		const pixels = new Uint8Array(112 * 112 * 3).map((_, i) => (i * 7919) % 256);
		for (const vector of manifest.referenceVectors) vector.pixels = packed(pixels);
		const images = await referenceImages(manifest);
		expect(images.map((image) => Buffer.from(image.pixels).equals(pixels))).toEqual([
			true,
			true,
			true
		]);
	});

	it('of a wrong size are refused by name', async () => {
		await expect(referenceImages(withPixels(packed(Uint8Array.of(1, 2, 3))))).rejects.toThrow(
			'reference vector bright has a wrong size'
		);
		await expect(referenceImages(withPixels(packed(new Uint8Array(5))))).rejects.toThrow(
			'too large'
		);
	});

	it('that would fill the memory are refused', async () => {
		const bomb = packed(new Uint8Array(50_000_000));
		expect(bomb.length).toBeLessThan(100_000);
		await expect(referenceImages(withPixels(bomb))).rejects.toThrow('too large');
	});

	it('that are no deflate or no base64 are refused', async () => {
		await expect(referenceImages(withPixels('/////w=='))).rejects.toThrow();
		await expect(referenceImages(withPixels('no base64 !'))).rejects.toThrow();
		await expect(referenceImages(withPixels(''))).rejects.toThrow();
	});
});

describe('the difference from the reference', () => {
	it('is the largest of all logits, whatever its sign', () => {
		expect(largestDifference([1, 2, 3], [1, 2, 3])).toBe(0);
		expect(largestDifference([1, 2.25, 3], [1.125, 2, 3])).toBe(0.25);
		expect(largestDifference(Float32Array.of(-4, 0), [4, 0])).toBe(8);
	});

	it('is infinite where an answer is no number, so that it never passes', () => {
		for (const odd of [NaN, Infinity, -Infinity]) {
			expect(largestDifference([odd, 0], [0, 0])).toBe(Infinity);
			expect(largestDifference([0, odd], [0, odd])).toBe(Infinity);
		}
	});

	it('is infinite where there are too few or too many answers', () => {
		expect(largestDifference([1], [1, 2])).toBe(Infinity);
		expect(largestDifference([1, 2, 3], [1, 2])).toBe(Infinity);
	});
});

describe('the difference of a distance', () => {
	it('is relative to the reference, and absolute below one', () => {
		expect(distanceDifference(11, 10)).toBeCloseTo(0.1, 12);
		expect(distanceDifference(9, 10)).toBeCloseTo(0.1, 12);
		expect(distanceDifference(0.5, 0.25)).toBe(0.25);
		expect(distanceDifference(7, 7)).toBe(0);
	});

	it('is none where the model has no distance, and infinite where one side has none', () => {
		expect(distanceDifference(null, null)).toBe(0);
		expect(distanceDifference(null, 3)).toBe(Infinity);
		expect(distanceDifference(3, null)).toBe(Infinity);
	});

	it('is infinite where an answer is no number', () => {
		for (const odd of [NaN, Infinity]) expect(distanceDifference(odd, 3)).toBe(Infinity);
	});
});
