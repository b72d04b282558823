import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { pictureNote } from '../../../src/lib/formats/facts-messages';
import { serveCodecs } from '../helpers/dicom';
import { fateOf, headerOf, pictureOf, stubBrowser } from '../helpers/formats';
import { MORE_IMAGES } from '../helpers/format-samples';

const CASES = Object.entries(MORE_IMAGES).flatMap(([id, files]) =>
	files.map((file) => ({ id, ...file }))
);
const named = (id: string, wanted: string) =>
	MORE_IMAGES[id].find(({ name }) => name === wanted)!.bytes;

beforeAll(serveCodecs);
beforeEach(() => {
	stubBrowser();
});
afterAll(() => vi.unstubAllGlobals());

describe('a file has the pixels that another implementation gives it', () => {
	it.each(CASES)('$id: $name', async ({ bytes, width, height, channels, expected }) => {
		const { raster } = await pictureOf(bytes);
		expect(raster).toMatchObject({ width, height });
		const { stride, data } = raster;
		// Grey may come as three equal channels, and the other way round.
		const found = Array.from({ length: expected.length }, (_, i) => {
			const [pixel, channel] = [Math.floor(i / channels), i % channels];
			return data[pixel * stride + (stride < 3 ? 0 : channel)];
		});
		const far = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
		// JPEG 2000 of Pillow is without loss as well.
		expect(far).toBe(0);
		expect(createImageBitmap).not.toHaveBeenCalled();
	});
});

describe('values of fewer bits than their container', () => {
	it('are read by their own range, and that is said', async () => {
		const { facts } = await pictureOf(named('png', '12 bits in 16'));
		expect(pictureNote(facts)).toContain('own values, not by the file');
		const { facts: none } = await pictureOf(named('png', '16 bits, turned 2'));
		expect(pictureNote(none)).toBe('');
	});
});

describe('a GIF', () => {
	it('of several pictures says that the first is read', async () => {
		expect(pictureNote((await pictureOf(named('gif', 'animated'))).facts)).toContain('first of 2');
	});

	it('whose first picture is smaller than its screen lies on its first colour', async () => {
		const bytes = named('gif', 'not interlaced').slice();
		const { width, height, first } = await screenOf(bytes);
		new DataView(bytes.buffer).setUint16(8, height + 5, true);
		const { raster } = await pictureOf(bytes);
		expect(raster).toMatchObject({ width, height: height + 5 });
		expect([...raster.data.slice(-3)]).toEqual(first);
	});

	/** Its size, and the first colour of its table. */
	async function screenOf(bytes: Uint8Array) {
		return { ...(await pictureOf(bytes)).raster, first: [...bytes.slice(13, 16)] };
	}

	it('whose data end early, though it has an end, is damaged', async () => {
		const bytes = named('gif', 'large');
		// The last block of the data is shortened to nothing.
		const cut = new Uint8Array([...bytes.slice(0, bytes.length - 500)]);
		const at = blockEnds(cut);
		expect(await fateOf(new Uint8Array([...cut.slice(0, at), 0, 0x3b]))).toBe('damaged-image');
	});

	/** Where the last whole sub-block of a cut file ends. */
	function blockEnds(bytes: Uint8Array): number {
		let at = 13 + 3 * (2 << (bytes[10] & 7));
		while (bytes[at] === 0x21) {
			at += 2;
			while (bytes[at] > 0) at += 1 + bytes[at];
			at++;
		}
		at += 11;
		while (at + 1 + bytes[at] < bytes.length && bytes[at] > 0) at += 1 + bytes[at];
		return at;
	}
});

describe('JPEG 2000 and JPEG-LS', () => {
	it.each(['jpeg-2000', 'jpeg-ls'])(
		'that are cut are refused, end marker or not: %s',
		async (id) => {
			for (const { name, bytes } of MORE_IMAGES[id]) {
				for (let share = 0.3; share < 1; share += 0.07) {
					const cut = bytes.slice(0, Math.floor(share * bytes.length));
					const ended = new Uint8Array([...cut, 0xff, 0xd9]);
					expect(await fateOf(cut), `${name} at ${share}`).toMatch(/^(truncated|damaged)-image$/);
					expect(await fateOf(ended), `${name} at ${share}`).toMatch(/^(truncated|damaged)-image$/);
				}
			}
		}
	);
});

describe('JPEG 2000 whose channels are not alike', () => {
	it('is refused by name: codecs show smaller channels as they are', async () => {
		const bytes = named('jpeg-2000', 'colour').slice();
		const siz = bytes.findIndex((_, i) => bytes[i] === 0xff && bytes[i + 1] === 0x51);
		// Ssiz, XRsiz and YRsiz of the second channel (ITU T.800, A.5.1).
		bytes[siz + 40 + 5] = 2;
		expect(await fateOf(bytes)).toBe('coding-not-read');
	});
});

describe('a WebP with an orientation', () => {
	it('is turned here, and shown as it is turned', async () => {
		const decoded = stubBrowser();
		const bytes = webp(30, 20, 6);
		expect(await headerOf(bytes)).toMatchObject({ value: { width: 30, height: 20 } });
		const { raster } = await pictureOf(bytes);
		expect(raster).toMatchObject({ width: 20, height: 30 });
		// The browser gets none to turn by.
		const given = new Uint8Array(await decoded.mock.calls[0][0].arrayBuffer());
		expect(Buffer.from(given).includes('EXIF')).toBe(false);
	});

	/** A container with a key frame of a size and an EXIF block; its data are noise. */
	function webp(width: number, height: number, orientation: number): Uint8Array {
		const text = (word: string) => [...Buffer.from(word)];
		const words = (...values: number[]) => values.flatMap((value) => [value & 255, value >> 8]);
		const chunk = (name: string, content: number[]) => [
			...text(name),
			...words(content.length, 0),
			...content,
			...(content.length % 2 ? [0] : [])
		];
		const flags = [8, 0, 0, 0, width - 1, 0, 0, height - 1, 0, 0];
		const frame = [0x10, 0, 0, 0x9d, 0x01, 0x2a, ...words(width, height), 1, 2, 3, 4];
		const exif = [
			...text('MM'),
			0,
			42,
			0,
			0,
			0,
			8,
			0,
			1,
			1,
			18,
			0,
			3,
			0,
			0,
			0,
			1,
			0,
			orientation,
			0,
			0
		];
		const body = [
			...text('WEBP'),
			...chunk('VP8X', flags),
			...chunk('VP8 ', frame),
			...chunk('EXIF', exif)
		];
		return Uint8Array.from([...text('RIFF'), ...words(body.length, 0), ...body]);
	}
});

describe('an OS/2 bitmap', () => {
	/** BITMAPCOREHEADER, 24 bits a pixel. */
	function bitmap(width: number, height: number, missing = 0): Uint8Array {
		const row = Math.ceil((width * 24) / 32) * 4;
		const bytes = new Uint8Array(26 + row * height - missing);
		bytes.set(Buffer.from('BM'));
		const view = new DataView(bytes.buffer);
		view.setUint32(2, bytes.length, true);
		view.setUint32(10, 26, true);
		view.setUint32(14, 12, true);
		[width, height, 1, 24].forEach((value, i) => view.setUint16(18 + 2 * i, value, true));
		return bytes;
	}

	it('has its size in words', async () => {
		expect(await headerOf(bitmap(31, 7))).toMatchObject({ value: { width: 31, height: 7 } });
		expect(await fateOf(bitmap(31, 7))).toBe('read');
		expect(await fateOf(bitmap(31, 7, 1))).toBe('truncated-image');
		expect(await fateOf(bitmap(60_000, 60_000, 60_000 * 180_000))).toBe('image-too-large');
	});
});
