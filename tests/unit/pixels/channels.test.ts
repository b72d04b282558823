import { describe, expect, it } from 'vitest';
import {
	channelOf,
	eightBits,
	greyOf,
	interleave,
	hasColours
} from '../../../src/lib/pixels/channels';
import { fixture } from '../helpers/images';
import { sha256Hex } from '../helpers/manifest';

const numbers = fixture<{ luma: { step: number; sha256: string }; eightBits: { sha256: string } }>(
	'numbers'
);

/** Every colour whose channels are multiples of the fixture's step, `stride` values each. */
function colours(stride: number): Uint8Array {
	const steps = Array.from({ length: 52 }, (_, i) => i * numbers.luma.step);
	const pixels: number[] = [];
	for (const red of steps) {
		for (const green of steps) {
			for (const blue of steps) {
				pixels.push(red, green, blue);
				for (let extra = 3; extra < stride; extra++) pixels.push((red + green) % 256);
			}
		}
	}
	return Uint8Array.from(pixels);
}

describe('grey', () => {
	it('is that of Pillow for 140,608 colours', () => {
		expect(sha256Hex(greyOf(colours(3), 3))).toBe(numbers.luma.sha256);
	});

	it('does not change with alpha', () => {
		expect(sha256Hex(greyOf(colours(4), 4))).toBe(numbers.luma.sha256);
	});

	it('of a grey film is the film', () => {
		const film = Uint8Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3));
		expect([...greyOf(film, 3)]).toEqual(Array.from({ length: 256 }, (_, i) => i));
	});
});

describe('16-bit samples', () => {
	it('become 8 bits as NumPy rounds them, all 65,536', () => {
		const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
		expect(sha256Hex(eightBits(all))).toBe(numbers.eightBits.sha256);
	});
});

describe('planes', () => {
	it('are taken out of pixels and put back', () => {
		const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6);
		const planes = [0, 1, 2].map((channel) => channelOf(pixels, 3, channel));
		expect(planes.map((plane) => [...plane])).toEqual([
			[1, 4],
			[2, 5],
			[3, 6]
		]);
		expect([...interleave(planes)]).toEqual([...pixels]);
	});

	it('leave out what an unfinished pixel would need', () => {
		expect([...channelOf(Uint8Array.of(1, 2, 3, 4, 5), 2, 1)]).toEqual([2, 4]);
		expect([...greyOf(Uint8Array.of(9, 9, 9, 9), 3)]).toEqual([9]);
	});
});

describe('colours', () => {
	/** A picture of pixels of one colour, black but for this share of them. */
	const picture = (colour: [number, number, number], share: number) =>
		Array.from({ length: 1000 }, (_, i) => (i < 1000 * share ? colour : [0, 0, 0])).flat();

	it('are seen in the palest of stained cells', () => {
		expect(hasColours(picture([203, 198, 200], 0.15))).toBe(true);
	});

	it('are not seen in a grey picture, nor in the rounding of one that was saved in colour', () => {
		expect(hasColours(picture([120, 120, 120], 1))).toBe(false);
		expect(hasColours(picture([121, 120, 119], 1))).toBe(false);
	});
});
