import { describe, expect, it } from 'vitest';
import { numberText } from '../../../src/lib/i18n/format';
import { sentenceOf } from '../../../src/lib/problems/messages';
import { kindOf } from '../../../src/lib/formats/kind';
import { MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from '../../../src/lib/base/limits';
import { readHeader } from '../../../src/lib/formats/header';
import { imageNamed, IMAGES, OTHER_FILES } from '../helpers/images';

/** What becomes of a file with this content: `read`, or the code of its problem. */
function fateOf(bytes: Uint8Array): string {
	const outcome = readHeader(kindOf(bytes), bytes);
	return outcome.ok ? 'read' : outcome.problem.code;
}

function joined(...parts: (Uint8Array | readonly number[])[]): Uint8Array {
	return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A PNG's signature and header chunk, which says how large it is, and its end. */
function pngOfSize(width: number, height: number): Uint8Array {
	const png = imageNamed('grey PNG').bytes.slice();
	const view = new DataView(png.buffer);
	view.setUint32(16, width);
	view.setUint32(20, height);
	return png;
}

describe.each(IMAGES)('$name', ({ kind, width, height, bits, alpha, bytes }) => {
	it('is read with its size', () => {
		const outcome = readHeader(kindOf(bytes), bytes);
		expect(outcome).toMatchObject({ ok: true, value: { kind, width, height, bits, alpha } });
	});

	it('is refused wherever it is cut off', () => {
		const passed = [];
		const fates = new Set<string>();
		for (let length = 0; length < bytes.length; length++) {
			const fate = fateOf(bytes.subarray(0, length));
			if (fate === 'read') passed.push(length);
			fates.add(fate);
		}
		expect(passed).toEqual([]);
		// Too short to tell what it is, or too short to be whole: never another reason.
		expect([...fates].sort()).toEqual(['not-an-image', 'truncated-image']);
	});

	it('is said to be cut off when only its last byte is gone', () => {
		expect(fateOf(bytes.subarray(0, -1))).toBe('truncated-image');
	});

	it('is read with something behind it', () => {
		expect(fateOf(joined(bytes, [1, 2, 3, 4, 5]))).toBe('read');
	});

	it('is read as part of a larger buffer', () => {
		const inside = joined([9, 9, 9], bytes, [9, 9]).subarray(3, 3 + bytes.length);
		expect(fateOf(inside)).toBe('read');
	});
});

describe('a JPEG of one channel that needs no turning', () => {
	const isPlainGrey = (bytes: Uint8Array) => {
		const outcome = readHeader(kindOf(bytes), bytes);
		return outcome.ok && outcome.value.plainGrey;
	};

	it('is known, and is none of the others', () => {
		const plain = IMAGES.filter(({ bytes }) => isPlainGrey(bytes)).map(({ name }) => name);
		expect(plain).toEqual(['grey JPEG']);
	});

	it('is known by its frame, not by that of its thumbnail', () => {
		const { bytes } = imageNamed('JPEG with an EXIF thumbnail');
		const frames = [...bytes.keys()].filter((i) => bytes[i] === 0xff && bytes[i + 1] === 0xc0);
		// The thumbnail has one channel, the image three.
		expect(frames.map((frame) => bytes[frame + 9])).toEqual([1, 3]);
		expect(isPlainGrey(bytes)).toBe(false);
	});

	it('is one that is turned no more', () => {
		const grey = imageNamed('grey JPEG').bytes;
		const turned = imageNamed('JPEG turned by EXIF').bytes;
		const at = [...turned.keys()].find((i) => turned[i] === 0xff && turned[i + 1] === 0xe1) ?? 0;
		const exif = turned.subarray(at, at + 2 + turned[at + 2] * 256 + turned[at + 3]);
		expect(isPlainGrey(joined(grey.subarray(0, 2), exif, grey.subarray(2)))).toBe(false);
	});
});

describe('a JPEG with a thumbnail in its EXIF block', () => {
	const { bytes } = imageNamed('JPEG with an EXIF thumbnail');
	const ends = [...bytes.keys()].filter((i) => bytes[i] === 0xff && bytes[i + 1] === 0xd9);

	it('holds two end markers', () => {
		expect(ends).toHaveLength(2);
	});

	it('is cut off when only the end of the thumbnail is left', () => {
		expect(fateOf(bytes.subarray(0, ends[0] + 2))).toBe('truncated-image');
		const midScan = Math.round((ends[1] + bytes.length * 0.9) / 2);
		expect(fateOf(bytes.subarray(0, Math.min(midScan, ends[1])))).toBe('truncated-image');
	});
});

describe('a file that asks for too much memory', () => {
	it.each([
		[100_000, 100_000],
		[MAX_IMAGE_SIDE + 1, 1],
		[1, MAX_IMAGE_SIDE + 1],
		[8_001, 8_000],
		[0xffff_ffff, 0xffff_ffff]
	])('is refused before it is decoded: %d x %d', (width, height) => {
		const outcome = readHeader('png', pngOfSize(width, height));
		expect(outcome).toMatchObject({ ok: false, problem: { code: 'image-too-large' } });
		expect(!outcome.ok && sentenceOf(outcome.problem)).toContain(
			`${numberText(width)} × ${numberText(height)} pixels`
		);
	});

	it('is refused for its size even where it is cut off as well', () => {
		expect(fateOf(pngOfSize(100_000, 100_000).subarray(0, 40))).toBe('image-too-large');
	});

	it('is read up to the limit', () => {
		expect(8_000 * 8_000).toBe(MAX_IMAGE_PIXELS);
		expect(fateOf(pngOfSize(8_000, 8_000))).toBe('read');
		expect(fateOf(pngOfSize(MAX_IMAGE_SIDE, 1))).toBe('read');
	});

	it('is refused as a JPEG too', () => {
		const jpeg = imageNamed('grey JPEG').bytes.slice();
		const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
		new DataView(jpeg.buffer).setUint32(frame + 5, 0xffff_ffff);
		expect(fateOf(jpeg)).toBe('image-too-large');
	});
});

describe('a file that is no image', () => {
	it('is named: empty, text, a page, one byte', () => {
		const text = (content: string) => new TextEncoder().encode(content);
		expect(fateOf(new Uint8Array())).toBe('not-an-image');
		expect(fateOf(text('Patient list\n1. A'))).toBe('not-an-image');
		expect(fateOf(text('<!doctype html><title>x</title>'))).toBe('not-an-image');
		expect(fateOf(text('BMI of the patients'))).toBe('not-an-image');
		expect(fateOf(Uint8Array.of(0xff))).toBe('not-an-image');
	});

	it.each(OTHER_FILES)('but known is named by its format: $name', ({ kind, name, bytes }) => {
		const outcome = readHeader(kindOf(bytes), bytes);
		expect(kindOf(bytes)).toBe(kind);
		expect(outcome).toMatchObject({ ok: false, problem: { code: 'format-not-read' } });
		expect(!outcome.ok && sentenceOf(outcome.problem)).toContain(name);
	});

	it('but a HEIC photograph is told what to do on the phone', () => {
		const heic = joined([0, 0, 0, 24], new TextEncoder().encode('ftypheic'), [0, 0, 0, 0]);
		expect(fateOf(heic)).toBe('heic-not-read');
	});
});

describe('a damaged header', () => {
	it('with no width is damaged', () => {
		expect(fateOf(pngOfSize(0, 10))).toBe('damaged-image');
	});

	it('is damaged, not cut off, where the end is there', () => {
		const png = imageNamed('grey PNG').bytes.slice();
		png.set(new TextEncoder().encode('XXXX'), 12);
		expect(fateOf(png)).toBe('damaged-image');
	});

	it('does not make the program hang', () => {
		// Segments of length zero, chunks of length 2^32 - 1.
		const zeros = joined([0xff, 0xd8, 0xff, 0xe0], new Uint8Array(2000));
		expect(['truncated-image', 'damaged-image']).toContain(fateOf(zeros));
		const png = imageNamed('grey PNG').bytes.slice();
		new DataView(png.buffer).setUint32(8, 0xffff_ffff);
		expect(['truncated-image', 'damaged-image']).toContain(fateOf(png));
	});

	it('of random bytes behind a good start is never an exception', () => {
		let state = 7;
		const random = () => (state = (state * 48_271) % 0x7fff_ffff) % 256;
		for (const { bytes } of IMAGES) {
			for (let trial = 0; trial < 20; trial++) {
				const damaged = bytes.map((byte, i) => (i < 16 || random() > 40 ? byte : random()));
				expect(() => fateOf(damaged)).not.toThrow();
			}
		}
	});
});
