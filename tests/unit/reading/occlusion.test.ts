import { describe, expect, it } from 'vitest';
import {
	blurred,
	cellValues,
	explain,
	isSupported,
	MAP_CELLS,
	occlusionsOf,
	packCells,
	partsOf,
	readArea
} from '../../../src/lib/reading/occlusion';
import { bytesOf, fixture } from '../helpers/images';

/** Made by `fieldlens_training.explanation.occlusion`. */
interface Case {
	size: number;
	channels: number;
	pixels: string;
	area: string;
	blurred: string;
	patches: [row: number, column: number][];
	scores: number[];
	values: number[];
	parts: string;
	map: number[] | null;
}
const cases = fixture<{ cases: Case[] }>('occlusion').cases.map((made) => ({
	...made,
	picture: { pixels: bytesOf(made.pixels), size: made.size, channels: made.channels }
}));

/** The stand-in for a network of `make_occlusion.py`. */
const logOdds = (pixels: Uint8Array) =>
	pixels.reduce((sum, value, i) => sum + value * (((i * 7919) % 101) - 50), 0) / 1000;
const read = (pictures: readonly Uint8Array[]) => Promise.resolve(pictures.map(logOdds));

describe.each(cases)('a picture of $size pixels and $channels channels', (made) => {
	const { picture } = made;
	const blur = blurred(picture);

	it('is read where Python reads it, and blurred to the same bits', () => {
		expect(readArea(picture)).toEqual(bytesOf(made.area));
		expect(blur.pixels).toEqual(bytesOf(made.blurred));
	});

	it('is covered by the same patches, which count as much', () => {
		const { pictures, patches } = occlusionsOf(picture, blur);
		expect(patches.map(({ row, column }) => [row, column])).toEqual(made.patches);
		expect(pictures.map(logOdds)).toEqual(made.scores);
		const falls = made.scores.map((score) => logOdds(picture.pixels) - score);
		expect([...cellValues(patches, falls)]).toEqual(made.values);
	});

	it('is parted by the rank of its places as there', () => {
		const parts = partsOf(picture, blur, Float64Array.from(made.values));
		expect(Buffer.concat(parts)).toEqual(Buffer.from(bytesOf(made.parts)));
	});

	it('has the same map, or none as there', async () => {
		const map = await explain(picture, read);
		expect(map && [...map]).toEqual(made.map);
	});
});

it('a map is shown only if its hottest fifth counts, and most', () => {
	expect(isSupported([0.4, 0.1, 0, -1, 0.39])).toBe(true);
	expect(isSupported([0.4, 0.1, 0.4, -1, 0])).toBe(false);
	expect(isSupported([-0.1, -0.2, -0.3, -0.4, -0.5])).toBe(false);
});

it('a map is kept as bytes: what speaks against the finding is 0, the hottest cell 255', () => {
	expect([...packCells(Float64Array.of(-1, 0, 1, 4))]).toEqual([0, 0, 64, 255]);
	expect([...packCells(Float64Array.of(-1, -2))]).toEqual([0, 0]);
});

it('a picture that is black all over has no map, and is not read', async () => {
	const black = { pixels: new Uint8Array(64 * 64), size: 64, channels: 1 };
	const asked: number[] = [];
	const map = await explain(black, (pictures) => {
		asked.push(pictures.length);
		return read(pictures);
	});
	expect(map).toBeNull();
	expect(asked).toEqual([]);
});

it('what the one seen spot is made of is the hottest place', async () => {
	const size = 64;
	// A chessboard in the third row and sixth column of cells, even grey around it.
	const [top, left] = [2, 5].map((cell) => (cell * size) / MAP_CELLS);
	const pixels = new Uint8Array(size * size).fill(120);
	const isSpot = (x: number, y: number) => x >= left && x < left + 8 && y >= top && y < top + 8;
	for (let y = 0; y < size; y++) {
		for (let x = 0; x < size; x++) if (isSpot(x, y)) pixels[y * size + x] = (x + y) % 2 ? 255 : 0;
	}
	pixels.forEach((value, i) => (pixels[i] = Math.max(1, value)));
	const contrast = (picture: Uint8Array) =>
		picture.reduce((sum, value) => sum + Math.abs(value - 120), 0) / 1000;
	const map = await explain({ pixels, size, channels: 1 }, (pictures) =>
		Promise.resolve(pictures.map(contrast))
	);
	expect(map?.indexOf(255)).toBe(2 * MAP_CELLS + 5);
});
