/** Regions and heat maps beside outlines that people drew. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import type { Region } from '../../../src/lib/regions/region';
import { agreementOf, compareWithMasks, isHottestInside, readMask } from '../../../tools/lib/masks';

/** 8 x 8, the left half inside. */
const LEFT = {
	width: 8,
	height: 8,
	inside: Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 1 : 0))
};
const regionOf = (left: number, right: number): Region => ({
	outlines: [
		[
			[left, 0],
			[right, 0],
			[right, 1],
			[left, 1]
		]
	],
	notes: [],
	box: [0, 0, 1, 1],
	turnedBack: 0
});
const heat = (hottest: number) =>
	Uint8Array.from({ length: 4 }, (_, i) => (i === hottest ? 200 : 10));

async function folderWith(name: string, mask: Uint8Array, side = 8) {
	const folder = await mkdtemp(join(tmpdir(), 'fieldlens-masks-'));
	await writeFile(
		join(folder, name),
		encode({ width: side, height: side, data: mask, depth: 8, channels: 1 })
	);
	return folder;
}

describe('the hottest point of a map', () => {
	it('is inside or outside, wherever the map lies in the picture', () => {
		const whole = { box: [0, 0, 1, 1] as const, n: 2 };
		expect(isHottestInside({ ...whole, values: heat(0) }, LEFT)).toBe(true);
		expect(isHottestInside({ ...whole, values: heat(3) }, LEFT)).toBe(false);
		// All of the map in the left half.
		const half = { box: [0, 0, 0.5, 1] as const, n: 2 };
		expect(isHottestInside({ ...half, values: heat(3) }, LEFT)).toBe(true);
		const beyond = { box: [-0.5, 0, 0.4, 1] as const, n: 2 };
		expect(isHottestInside({ ...beyond, values: heat(0) }, LEFT)).toBe(false);
	});

	it('is none where there is no heat', () => {
		const map = { box: [0, 0, 1, 1] as const, n: 2, values: new Uint8Array(4) };
		expect(isHottestInside(map, LEFT)).toBeNull();
	});
});

describe('a drawn outline', () => {
	it('is read from grey PNGs, and from those of one bit', async () => {
		const grey = LEFT.inside.map((inside) => inside * 255);
		expect(await readMask(await folderWith('film.png', grey), 'film.webp')).toEqual(LEFT);
		const folder = await mkdtemp(join(tmpdir(), 'fieldlens-masks-'));
		// Image.fromarray(mask).convert('1').save(...) of an 8 x 8 mask whose left half is set
		const bits =
			'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAADUlEQVR4nGP4wMSADAEOkAD/tSl7KAAAAABJRU5ErkJggg==';
		await writeFile(join(folder, 'film.png'), Buffer.from(bits, 'base64'));
		expect(await readMask(folder, 'film.webp')).toEqual(LEFT);
	});

	it('is none where there is no file, and a problem where it is no picture', async () => {
		const folder = await folderWith('film.png', new Uint8Array(64));
		expect(await readMask(folder, 'other.webp')).toBeNull();
		await writeFile(join(folder, 'bad.png'), 'no picture');
		await expect(readMask(folder, 'bad.jpg')).rejects.toThrow(/bad\.png/);
	});
});

describe('the agreement with drawn outlines', () => {
	it('is the Dice coefficient', () => {
		expect(agreementOf(regionOf(0, 0.5), LEFT)).toBe(1);
		// 16 of 32 pixels each.
		expect(agreementOf(regionOf(0.25, 0.75), LEFT)).toBe(0.5);
		expect(agreementOf(regionOf(0.5, 1), LEFT)).toBe(0);
	});

	it('is told of a folder, with the share of hottest points inside', async () => {
		const folder = await folderWith(
			'a.png',
			LEFT.inside.map((inside) => inside * 255)
		);
		const map = { box: [0, 0, 1, 1] as const, n: 2, values: heat(1) };
		const regions = new Map([['a.jpg', regionOf(0, 0.5)]]);
		expect(
			await compareWithMasks(folder, ['a.jpg', 'b.jpg'], regions, new Map([['a.jpg', map]]))
		).toEqual({ n: 1, dice: 1, maps: 1, hottestInside: 0 });
		expect(await compareWithMasks(folder, ['a.jpg'], new Map(), new Map())).toEqual({
			n: 1,
			dice: null,
			maps: 0,
			hottestInside: null
		});
		await expect(compareWithMasks(folder, ['b.jpg'], regions, new Map())).rejects.toThrow(
			/no image/
		);
	});
});
