import { describe, expect, it } from 'vitest';
import { channelOf, greyOf, interleave } from '../../../src/lib/pixels/channels';
import { resizeChannel } from '../../../src/lib/pixels/resize';
import { bytesOf, fixture } from '../helpers/images';
import { sha256Hex } from '../helpers/manifest';

interface Case {
	name: string;
	width: number;
	height: number;
	channels: 1 | 3;
	/** Of the result: grey as `convert('L')` makes it, or red, green and blue. */
	toChannels: 1 | 3;
	size: number;
	expected: string;
}

const { cases } = fixture<{ cases: Case[] }>('pillow');

/** The generated image of the fixture's formulas, interleaved. */
function formulaImage(width: number, height: number, channels: 1 | 3): Uint8Array {
	const pixels = new Uint8Array(width * height * channels);
	for (let y = 0; y < height; y++) {
		for (let x = 0; x < width; x++) {
			const at = (y * width + x) * channels;
			pixels[at] = (x * 7 + y * 13 + ((x * y) % 31)) % 256;
			if (channels === 1) continue;
			pixels[at + 1] = (x * 3 + y * 5) % 256;
			pixels[at + 2] = (x * y) % 256;
		}
	}
	return pixels;
}

describe('a resized image is to the last bit what Pillow makes of it', () => {
	it('has cases to compare: smaller, larger, equal, one pixel wide or high, grey and colour', () => {
		expect(cases.length).toBeGreaterThanOrEqual(30);
		const kinds = cases.map(({ channels, toChannels }) => `${channels} to ${toChannels}`);
		expect(new Set(kinds)).toEqual(new Set(['1 to 1', '3 to 1', '1 to 3', '3 to 3']));
		expect(cases.some(({ width, size }) => width > size)).toBe(true);
		expect(cases.some(({ width, size }) => width < size)).toBe(true);
		expect(cases.some(({ width, height, size }) => width === size && height === size)).toBe(true);
		expect(cases.some(({ width }) => width === 1)).toBe(true);
		expect(cases.some(({ height }) => height === 1)).toBe(true);
	});

	it.each(cases)('$name', ({ width, height, channels, toChannels, size, expected }) => {
		const image = formulaImage(width, height, channels);
		const grey = channels === 1 ? image : greyOf(image, 3);
		const planes =
			toChannels === 1
				? [grey]
				: [0, 1, 2].map((c) => (channels === 1 ? image : channelOf(image, 3, c)));
		const resized = interleave(
			planes.map((plane) => resizeChannel(plane, width, height, size, size))
		);
		expect([...resized]).toEqual([...bytesOf(expected)]);
	});
});

describe('a size at which Pillow changes the order of its passes', () => {
	interface Order {
		width: number;
		height: number;
		outWidth: number;
		outHeight: number;
		sha256: string;
	}

	it.each(fixture<{ passOrders: Order[] }>('numbers').passOrders)(
		'gives what Pillow gives: $width x $height to $outWidth x $outHeight',
		({ width, height, outWidth, outHeight, sha256 }) => {
			const image = formulaImage(width, height, 1);
			const resized = resizeChannel(image, width, height, outWidth, outHeight);
			expect(sha256Hex(resized)).toBe(sha256);
		}
	);
});

describe('resizing', () => {
	it('keeps a uniform image uniform, whatever the sizes', () => {
		for (const value of [0, 1, 127, 254, 255]) {
			for (const [width, height] of [
				[1, 1],
				[3, 7],
				[301, 99]
			]) {
				const resized = resizeChannel(
					new Uint8Array(width * height).fill(value),
					width,
					height,
					11,
					5
				);
				expect(new Set(resized)).toEqual(new Set([value]));
				expect(resized).toHaveLength(55);
			}
		}
	});

	it('does not wrap around where the cubic overshoots', () => {
		const edge = Uint8Array.from({ length: 16 }, (_, x) => (x < 8 ? 0 : 255));
		const resized = [...resizeChannel(edge, 16, 1, 64, 1)];
		expect(resized).toEqual([...resized].sort((a, b) => a - b));
	});

	it('leaves the source as it was', () => {
		const source = formulaImage(20, 10, 1);
		const before = [...source];
		resizeChannel(source, 20, 10, 8, 8);
		expect([...source]).toEqual(before);
	});
});
