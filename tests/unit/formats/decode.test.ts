import { encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
	MAX_CODEC_BYTES,
	MAX_FILE_BYTES,
	READ_WHOLE_BYTES,
	THUMBNAIL_SIDE
} from '../../../src/lib/base/limits';
import { picture, prepare } from '../../../src/lib/formats/decode';
import { hasColours } from '../../../src/lib/pixels/channels';
import type { PixelRule } from '../../../src/lib/pixels/model-input';
import { madeNamed, serveCodecs } from '../helpers/dicom';
import { packJpeg } from '../helpers/jpeg';
import { bytesOf, fixture, imageNamed } from '../helpers/images';
import { sha256Hex } from '../helpers/manifest';

const RULE: PixelRule = { width: 16, height: 16, channels: 1 };

/** What the browser's codec would give: a colour for every pixel of a small picture. */
const PICTURE = { width: 3, height: 2, colour: [200, 100, 50, 255] };
const COLOUR = PICTURE.colour;
const stubColour = (colour: number[]) => (PICTURE.colour = colour);

const made: { width: number; height: number }[] = [];
/** What was put onto canvases. */
const put: number[][] = [];
const bitmaps: { closed: boolean }[] = [];
let browserDecodes: () => Promise<unknown>;

class FakeCanvas {
	constructor(
		readonly width: number,
		readonly height: number
	) {
		made.push({ width, height });
	}

	getContext() {
		return {
			canvas: this,
			drawImage: () => undefined,
			putImageData: ({ data }: { data: Uint8ClampedArray }) => put.push([...data]),
			createImageData: (width: number, height: number) => ({
				data: new Uint8ClampedArray(width * height * 4)
			}),
			getImageData: (_x: number, _y: number, width: number, height: number) => ({
				data: Uint8ClampedArray.from(
					{ length: width * height * 4 },
					(_, i) => PICTURE.colour[i % 4]
				)
			})
		};
	}

	convertToBlob() {
		return Promise.resolve(new Blob(['thumbnail'], { type: 'image/jpeg' }));
	}
}

beforeEach(() => {
	made.length = put.length = bitmaps.length = 0;
	stubColour(COLOUR);
	browserDecodes = () => {
		const bitmap = {
			width: PICTURE.width,
			height: PICTURE.height,
			closed: false,
			close: () => (bitmap.closed = true)
		};
		bitmaps.push(bitmap);
		return Promise.resolve(bitmap);
	};
	vi.stubGlobal('OffscreenCanvas', FakeCanvas);
	vi.stubGlobal(
		'createImageBitmap',
		vi.fn(() => browserDecodes())
	);
});
afterEach(() => {
	vi.unstubAllGlobals();
});

function fileOf(bytes: Uint8Array<ArrayBuffer> | string, name = 'film', type = ''): File {
	return new File([bytes], name, { type });
}

async function fateOf(file: File): Promise<string> {
	const outcome = await prepare(file, RULE);
	return outcome.ok ? 'read' : outcome.problem.code;
}

describe('a file', () => {
	it('is told by its content, not by its name or type', async () => {
		const png = imageNamed('grey PNG').bytes;
		expect(await fateOf(fileOf(png, 'film.jpg', 'image/jpeg'))).toBe('read');
		expect(await fateOf(fileOf(png, 'film', 'text/plain'))).toBe('read');
		expect(await fateOf(fileOf('%PDF-1.7', 'film.jpg'))).toBe('format-not-read');
	});

	it('without an image inside is a film to look at where its name says that it is one', async () => {
		const zeros = new Uint8Array(60_000);
		for (const name of ['zeros.jpg', 'zeros.DCM', 'zeros.tiff']) {
			expect(await fateOf(fileOf(zeros, name))).toBe('no-image-inside');
		}
		expect(await fateOf(fileOf('no image', 'film.jpg', 'image/jpeg'))).toBe('no-image-inside');
		for (const name of ['liste.xlsx', 'IM000001']) {
			expect(await fateOf(fileOf(zeros, name))).toBe('not-an-image');
		}
	});

	it('that is empty, the computer’s own or cut off is named', async () => {
		const jpeg = imageNamed('colour JPEG').bytes;
		expect(await fateOf(fileOf('', 'film.jpg'))).toBe('empty-image');
		expect(await fateOf(fileOf('', 'IM000001'))).toBe('empty-image');
		expect(await fateOf(fileOf('', 'notes.txt'))).toBe('empty-file');
		expect(await fateOf(fileOf(jpeg, '.DS_Store'))).toBe('system-file');
		expect(await fateOf(fileOf(jpeg, '._film.jpg'))).toBe('system-file');
		expect(await fateOf(fileOf(jpeg.slice(0, -20), 'film.jpg'))).toBe('truncated-image');
	});

	it('that is too large is refused before it is read', async () => {
		const file = fileOf(imageNamed('grey JPEG').bytes, 'film.jpg');
		Object.defineProperty(file, 'size', { value: MAX_FILE_BYTES + 1 });
		const whole = vi.spyOn(file, 'arrayBuffer');
		expect(await fateOf(file)).toBe('image-too-large');
		expect(whole).not.toHaveBeenCalled();
	});

	it('that is read is told from others by its size, time and content', async () => {
		const { bytes } = imageNamed('grey PNG');
		const file = new File([bytes], 'film.png', { lastModified: 1_700_000_000_000 });
		expect(await prepare(file, RULE)).toMatchObject({
			value: {
				source: { size: bytes.length, modified: 1_700_000_000_000, sha256: sha256Hex(bytes) }
			}
		});
	});

	it('is read whole only where it is small, or known to be an image', async () => {
		const film = fileOf(new Uint8Array(READ_WHOLE_BYTES + 1), 'film.mp4');
		const whole = vi.spyOn(film, 'arrayBuffer');
		expect(await fateOf(film)).toBe('not-an-image');
		expect(whole).not.toHaveBeenCalled();
		const small = fileOf(imageNamed('grey PNG').bytes);
		const head = vi.spyOn(small, 'slice');
		expect(await fateOf(small)).toBe('read');
		expect(head).not.toHaveBeenCalled();
	});

	it('that is too large and no image is no image', async () => {
		const file = fileOf('a film of an hour', 'film.mp4');
		Object.defineProperty(file, 'size', { value: MAX_FILE_BYTES + 1 });
		expect(await fateOf(file)).toBe('not-an-image');
	});

	it.each(['NotFoundError', 'NotReadableError'])('that is gone is named: %s', async (name) => {
		const file = fileOf(imageNamed('grey JPEG').bytes);
		vi.spyOn(file, 'arrayBuffer').mockRejectedValue(new DOMException('gone', name));
		expect(await fateOf(file)).toBe('file-gone');
	});

	it('whose content the browser cannot decode is damaged', async () => {
		browserDecodes = () => Promise.reject(new DOMException('no', 'InvalidStateError'));
		expect(await fateOf(fileOf(imageNamed('grey JPEG').bytes))).toBe('damaged-image');
	});
});

describe('a file of a kind that the browser does not know', () => {
	it('gives the model its pixels, and what it says of itself', async () => {
		const { bytes, width, height } = madeNamed('window');
		const outcome = await prepare(fileOf(bytes, 'IM0001'), RULE);
		expect(outcome).toMatchObject({
			value: { width, height, facts: { modality: 'CR', age: 3, frames: 1 } }
		});
		expect(outcome.ok && outcome.value.pixels.length).toBe(16 * 16);
		expect(createImageBitmap).not.toHaveBeenCalled();
	});

	it('says how many pages it has', async () => {
		const { files } = fixture<{ files: { name: string; bytes: string }[] }>('tiff');
		const factsOf = async (wanted: string) => {
			const { bytes } = files.find(({ name }) => name === wanted)!;
			const outcome = await prepare(fileOf(bytesOf(bytes)), RULE);
			return outcome.ok ? outcome.value.facts : outcome.problem.code;
		};
		expect(await factsOf('several pages')).toMatchObject({ frames: 3, modality: null });
		expect(await factsOf('colour')).toBeNull();
	});

	it('is drawn from the same greys', async () => {
		const drawn = await picture(fileOf(madeNamed('window').bytes), 4096);
		expect(drawn.ok && drawn.value).toBeInstanceOf(Blob);
		expect(made).toEqual([{ width: 14, height: 9 }]);
		expect(await picture(fileOf('no image'), 4096)).toMatchObject({
			problem: { code: 'not-an-image' }
		});
	});

	it('is a photograph of a phone: the browser may read it', async () => {
		const boxes = [0, 0, 0, 16, ...Buffer.from('ftypheic'), 0, 0, 0, 0];
		const heic = (...more: number[]) => fileOf(Uint8Array.from([...boxes, ...more]), 'IMG_1.HEIC');
		expect(await fateOf(heic())).toBe('heic-not-read');
		expect(await fateOf(heic(0, 0, 0, 99, 1, 2, 3, 4))).toBe('truncated-image');
	});
});

describe('pixels', () => {
	it('come from the browser as they are stored, and are let go', async () => {
		const outcome = await prepare(fileOf(imageNamed('colour JPEG').bytes), RULE);
		expect(createImageBitmap).toHaveBeenCalledWith(expect.anything(), {
			colorSpaceConversion: 'none',
			premultiplyAlpha: 'none',
			imageOrientation: 'from-image'
		});
		// 200 * 0.299 + 100 * 0.587 + 50 * 0.114 = 124.2
		expect(outcome.ok && new Set(outcome.value.pixels)).toEqual(new Set([124]));
		expect(outcome.ok && outcome.value.pixels.length).toBe(16 * 16);
		expect(bitmaps).toMatchObject([{ closed: true }]);
	});

	it('are let go where the canvas fails', async () => {
		vi.stubGlobal(
			'OffscreenCanvas',
			class extends FakeCanvas {
				override getContext(): never {
					throw new Error('out of memory');
				}
			}
		);
		expect(await fateOf(fileOf(imageNamed('colour JPEG').bytes))).toBe('damaged-image');
		expect(bitmaps).toMatchObject([{ closed: true }]);
	});

	it('keep their colours where the model takes three channels', async () => {
		const rule = { ...RULE, channels: 3 } as const;
		const outcome = await prepare(fileOf(imageNamed('colour JPEG').bytes), rule);
		const pixels = outcome.ok ? [...outcome.value.pixels] : [];
		expect(pixels).toHaveLength(16 * 16 * 3);
		expect(pixels.slice(-3)).toEqual([200, 100, 50]);
	});

	it('of 16 bits become those of the training pipeline', async () => {
		const outcome = await prepare(fileOf(imageNamed('PNG of 16 bits').bytes), RULE);
		const { deepPng } = fixture<{ deepPng: { expected: string } }>('numbers');
		expect(outcome.ok && [...outcome.value.pixels]).toEqual([...bytesOf(deepPng.expected)]);
		expect(createImageBitmap).not.toHaveBeenCalled();
	});

	it('without colours are refused by name where the model looks at colours', async () => {
		const rule = { ...RULE, channels: 3 } as const;
		const grey = new Uint8Array(16 * 16).map((_, i) => (i * 37) % 256);
		const asColour = new Uint8Array(16 * 16 * 4).map((_, i) => (i % 4 === 3 ? 255 : grey[i >> 2]));
		const files = [
			imageNamed('PNG of 16 bits').bytes,
			new Uint8Array(encode({ width: 16, height: 16, data: grey, channels: 1, depth: 8 })),
			new Uint8Array(encode({ width: 16, height: 16, data: asColour, channels: 4, depth: 8 })),
			madeNamed('window').bytes
		];
		stubColour([90, 92, 88, 255]);
		for (const bytes of files) {
			expect(await prepare(fileOf(bytes), rule)).toMatchObject({ problem: { code: 'no-colours' } });
		}
	});

	it('of a DICOM picture keep their colours, and are greys for a model of greys', async () => {
		const { bytes } = madeNamed('colour');
		const rule = { ...RULE, channels: 3 } as const;
		const colour = await prepare(fileOf(bytes), rule);
		const grey = await prepare(fileOf(bytes), RULE);
		if (!colour.ok || !grey.ok) throw new Error('not read');
		expect(hasColours(colour.value.pixels)).toBe(true);
		expect(grey.value.pixels).toHaveLength(16 * 16);
	});

	it('do not depend on alpha', async () => {
		const grey = new Uint8Array(16 * 16).map((_, i) => (i * 37) % 256);
		const interleaved = new Uint8Array(16 * 16 * 2).map((_, i) =>
			i % 2 === 0 ? grey[i / 2] : (i * 5) % 256
		);
		const png = encode({ width: 16, height: 16, data: interleaved, channels: 2, depth: 8 });
		const outcome = await prepare(fileOf(new Uint8Array(png)), RULE);
		expect(outcome.ok && [...outcome.value.pixels]).toEqual([...grey]);
		expect(createImageBitmap).not.toHaveBeenCalled();
	});

	it('of a colour PNG do not depend on alpha, also where a pixel is transparent', async () => {
		const rule = { ...RULE, channels: 3 } as const;
		const pixels = new Uint8Array(16 * 16 * 4).map((_, i) => (i % 4 === 3 ? 0 : (i * 37) % 256));
		const png = encode({ width: 16, height: 16, data: pixels, channels: 4, depth: 8 });
		const outcome = await prepare(fileOf(new Uint8Array(png)), rule);
		expect(outcome.ok && [...outcome.value.pixels]).toEqual(
			[...pixels].filter((_, i) => i % 4 !== 3)
		);
	});

	it('of a PNG with a palette keep the colours that are transparent', async () => {
		const rule = { ...RULE, channels: 3 } as const;
		const palette = [
			[200, 60, 120, 0],
			[10, 20, 30, 255]
		] as [number, number, number, number][];
		const indices = new Uint8Array(16 * 16).map((_, i) => i % 2);
		const png = encode({ width: 16, height: 16, data: indices, channels: 1, depth: 8, palette });
		const outcome = await prepare(fileOf(new Uint8Array(png)), rule);
		expect(outcome.ok && [...outcome.value.pixels.slice(0, 6)]).toEqual([200, 60, 120, 10, 20, 30]);
		expect(createImageBitmap).not.toHaveBeenCalled();
	});

	it('with a wrong check sum are damaged', async () => {
		const png = imageNamed('colour PNG with alpha').bytes.slice();
		const data = png.findIndex((_, i) => String.fromCharCode(...png.slice(i, i + 4)) === 'IDAT');
		const length = new DataView(png.buffer).getUint32(data - 4);
		// The content is whole; only the sum that stands behind it is not.
		png[data + 4 + length] ^= 0xff;
		expect(await fateOf(fileOf(png))).toBe('damaged-image');
	});
});

describe('a grey JPEG', () => {
	interface Case {
		name: string;
		width: number;
		height: number;
		bytes: string;
		small: string;
	}
	const { files } = fixture<{ files: Case[] }>('jpegs');
	const [first] = files;
	const END = Uint8Array.of(0xff, 0xd9);

	beforeEach(serveCodecs);

	it.each(files)('$name is to the last bit what Pillow reads', async ({ bytes, ...film }) => {
		const outcome = await prepare(fileOf(bytesOf(bytes)), RULE);
		expect(outcome).toMatchObject({ value: { width: film.width, height: film.height } });
		expect(outcome.ok && [...outcome.value.pixels]).toEqual([...bytesOf(film.small)]);
		expect(createImageBitmap).not.toHaveBeenCalled();
	});

	it('is refused by a model that looks at colours', async () => {
		const rule = { ...RULE, channels: 3 } as const;
		const outcome = await prepare(fileOf(bytesOf(first.bytes)), rule);
		expect(outcome).toMatchObject({ problem: { code: 'no-colours' } });
	});

	it.each([
		['whose scan ends too early', (bytes: Uint8Array) => Buffer.concat([bytes.slice(0, -60), END])],
		[
			'whose tables are in disorder',
			(bytes: Uint8Array) => bytes.with(placeOf(bytes, 0xc4) + 5, 255)
		]
	])('%s is refused, and the next one is read', async (_, spoil) => {
		const spoiled = new Uint8Array(spoil(bytesOf(first.bytes)));
		expect(await fateOf(fileOf(spoiled))).toMatch(/^(damaged|truncated)-image$/);
		expect(createImageBitmap).not.toHaveBeenCalled();
		const next = await prepare(fileOf(bytesOf(first.bytes)), RULE);
		expect(next.ok && [...next.value.pixels]).toEqual([...bytesOf(first.small)]);
	});

	it.each([
		['of many pixels', () => packJpeg(4001, 4000)],
		['of many bytes', () => Promise.resolve(behind(bytesOf(first.bytes)))]
	])('%s is left to the browser, which gives its memory back', async (_, made) => {
		expect(await fateOf(fileOf(await made()))).toBe('read');
		expect(createImageBitmap).toHaveBeenCalledTimes(1);
	});

	it('is one of one channel only: colours and turned images take the canvas', async () => {
		for (const name of ['colour JPEG', 'JPEG turned by EXIF', 'grey PNG', 'grey BMP']) {
			await prepare(fileOf(imageNamed(name).bytes), RULE);
		}
		expect(createImageBitmap).toHaveBeenCalledTimes(4);
	});

	/** Where a marker stands first. */
	function placeOf(bytes: Uint8Array, marker: number): number {
		return bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === marker);
	}

	/** The same file with more behind it than the codec is given. */
	function behind(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
		return new Uint8Array(Buffer.concat([bytes, Buffer.alloc(MAX_CODEC_BYTES)]));
	}
});

describe('a thumbnail', () => {
	it('has the shape of the film and a bounded size', async () => {
		const outcome = await prepare(fileOf(imageNamed('colour JPEG').bytes), RULE);
		expect(outcome.ok && outcome.value).toMatchObject({ width: 3, height: 2 });
		expect(made.at(-1)).toEqual({ width: THUMBNAIL_SIDE, height: (THUMBNAIL_SIDE * 2) / 3 });
		expect(outcome.ok && outcome.value.thumbnail.type).toBe('image/jpeg');
	});

	it.each([
		{ channels: 1, pixel: [124, 124, 124, 255] },
		{ channels: 3, pixel: [200, 100, 50, 255] }
	] as const)('shows what the model is given: $channels channels', async ({ channels, pixel }) => {
		await prepare(fileOf(imageNamed('colour JPEG').bytes), { ...RULE, channels });
		const [drawn] = put;
		expect(drawn).toHaveLength(THUMBNAIL_SIDE * ((THUMBNAIL_SIDE * 2) / 3) * 4);
		expect(drawn.every((value, i) => value === pixel[i % 4])).toBe(true);
	});

	it('of a line is still one pixel wide', async () => {
		browserDecodes = () => Promise.resolve({ width: 1, height: 5000, close: () => undefined });
		expect(await fateOf(fileOf(imageNamed('colour JPEG').bytes))).toBe('read');
		expect(made.at(-1)).toEqual({ width: 1, height: THUMBNAIL_SIDE });
	});
});
