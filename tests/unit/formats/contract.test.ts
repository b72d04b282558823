/**
 * The contract of `formats/README.md`, for every format of the registry: a whole file gives its
 * pixels, any other a named problem, in bounded time and memory. The browser's decoder is one that
 * believes every file, so that what is refused is refused by the program itself.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_IMAGE_PIXELS, MAX_IMAGE_SIDE } from '../../../src/lib/base/limits';
import { FORMATS } from '../../../src/lib/formats/registry';
import { cutAtTenths, TIME_OF_TRIES, tryDamaged } from '../helpers/damaged-files';
import { MADE, serveCodecs } from '../helpers/dicom';
import { fateOf, kindOf, readImage, stubBrowser } from '../helpers/formats';
import { bytesOf, fixture, IMAGES } from '../helpers/images';
import { SAMPLES_OF_FORMATS } from '../helpers/format-samples';

interface Sample {
	name: string;
	width: number;
	height: number;
	bytes: Uint8Array<ArrayBuffer>;
}

const TIFFS = fixture<{ files: (Omit<Sample, 'bytes'> & { bytes: string })[] }>('tiff').files.map(
	(file) => ({ ...file, bytes: bytesOf(file.bytes) })
);
/** Whole files of every format, by its id. */
const SAMPLES: Record<string, readonly Sample[]> = {
	dicom: MADE,
	tiff: TIFFS,
	...SAMPLES_OF_FORMATS,
	...Object.fromEntries(
		['jpeg', 'png', 'webp', 'bmp'].map((id) => [
			id,
			[...IMAGES.filter(({ kind }) => kind === id), ...(SAMPLES_OF_FORMATS[id] ?? [])]
		])
	)
};

/** What may become of a file that was damaged. */
const REFUSALS = [
	'not-an-image',
	'truncated-image',
	'damaged-image',
	'image-too-large',
	'coding-not-read',
	'format-not-read',
	'archive-not-read',
	'heic-not-read',
	'dicom-directory',
	'dicom-no-image',
	'dicom-encrypted'
];
/** Where a browser must understand the file; in Node none does. */
const NEEDS_BROWSER = ['heic', 'avif', 'jpeg-xl'];

beforeAll(serveCodecs);
beforeEach(() => {
	stubBrowser();
});
afterAll(() => vi.unstubAllGlobals());

const rasterOf = (outcome: Awaited<ReturnType<typeof readImage>>) =>
	outcome.ok ? outcome.value.raster : null;

describe.each(FORMATS.map((format) => ({ id: format.id, format })))('$id', ({ id, format }) => {
	const samples = SAMPLES[id] ?? [];

	it('has samples that it detects', () => {
		expect(samples.length).toBeGreaterThan(0);
		for (const { name, bytes } of samples) expect(kindOf(bytes), name).toBe(id);
	});

	it('detects nothing in noise of one byte', () => {
		for (let byte = 0; byte < 256; byte++) {
			expect(format.detect(new Uint8Array(512).fill(byte))).toBe(false);
		}
		expect(format.detect(new Uint8Array())).toBe(false);
	});

	it.skipIf(NEEDS_BROWSER.includes(id))('reads whole files to their last pixel', async () => {
		for (const { name, bytes, width, height } of samples) {
			const outcome = await readImage(bytes);
			expect(outcome, name).toMatchObject({ ok: true });
			if (!outcome.ok) continue;
			const { raster } = outcome.value;
			const sides = [raster.width, raster.height].sort();
			expect(sides, name).toEqual([width, height].sort());
			expect(raster.data.length, name).toBe(width * height * raster.stride);
			expect(raster.data.BYTES_PER_ELEMENT, name).toBe(1);
		}
	});

	it('reads a file as part of a larger buffer', async () => {
		for (const { name, bytes } of samples) {
			const larger = new Uint8Array(bytes.length + 7);
			larger.set(bytes, 3);
			const inside = larger.subarray(3, 3 + bytes.length);
			expect(await fateOf(inside), name).toBe(await fateOf(bytes));
		}
	});

	it('refuses files that are cut at every tenth, or gives the whole image', async () => {
		for (const { name, bytes } of samples) {
			const whole = await readImage(bytes);
			for (const [tenth, cut] of cutAtTenths(bytes).entries()) {
				const outcome = await readImage(cut);
				// What is behind the first page may be missing.
				if (outcome.ok)
					expect(rasterOf(outcome), `${name} at ${tenth} tenths`).toEqual(rasterOf(whole));
				else expect(REFUSALS, `${name} at ${tenth} tenths`).toContain(outcome.problem.code);
			}
		}
	});

	it(
		'refuses or reads files with damage of any kind, and never throws',
		() =>
			tryDamaged(id, samples, async (bytes) => {
				const outcome = await readImage(bytes);
				if (!outcome.ok) {
					expect(REFUSALS).toContain(outcome.problem.code);
					return;
				}
				const { width, height, stride, data } = outcome.value.raster;
				expect(width * height).toBeLessThanOrEqual(MAX_IMAGE_PIXELS);
				expect(Math.max(width, height)).toBeLessThanOrEqual(MAX_IMAGE_SIDE);
				expect(data.length).toBe(width * height * stride);
			}),
		TIME_OF_TRIES
	);
});
