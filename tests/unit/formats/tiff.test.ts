import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Raster } from '../../../src/lib/pixels/resizer';
import { serveCodecs } from '../helpers/dicom';
import { fateOf, pictureOf, readImage } from '../helpers/formats';
import { bytesOf, fixture } from '../helpers/images';

interface Listed {
	name: string;
	width: number;
	height: number;
	stride: number;
	bytes: string;
	expected: string;
}
const LIST = fixture<{ files: Listed[]; notRead: { name: string; bytes: string }[] }>('tiff');
const FILES = LIST.files.map((file) => ({
	...file,
	bytes: bytesOf(file.bytes),
	expected: bytesOf(file.expected)
}));
const bytesNamed = (name: string) => FILES.find((file) => file.name === name)!.bytes;

beforeAll(serveCodecs);
afterAll(() => {
	vi.unstubAllGlobals();
});

/** Interleaved values without alpha. */
function colours({ stride, data }: Raster, wanted: number): number[] {
	return [...data].filter((_, i) => i % stride < wanted);
}

describe('a TIFF has the pixels that Pillow gives it', () => {
	it.each(FILES)('$name', async ({ name, bytes, width, height, stride, expected }) => {
		const { raster, facts } = await pictureOf(bytes);
		expect(raster).toMatchObject({ width, height });
		const found = colours(raster, stride);
		expect(found).toHaveLength(expected.length);
		const most = found.reduce((far, value, i) => Math.max(far, Math.abs(value - expected[i])), 0);
		// Two builds of the same JPEG library.
		expect(most).toBeLessThanOrEqual(name.includes('JPEG') ? 1 : 0);
		expect(facts?.frames ?? 1).toBe(name === 'several pages' ? 3 : 1);
	});
});

describe('a TIFF that is not read is named', () => {
	it.each(LIST.notRead.filter(({ name }) => name !== 'cut off'))('$name', async ({ bytes }) => {
		expect(await fateOf(bytesOf(bytes))).toBe('coding-not-read');
	});

	it('where it is cut off or asks for too much', async () => {
		const { bytes } = LIST.notRead.find(({ name }) => name === 'cut off')!;
		expect(await fateOf(bytesOf(bytes))).toMatch(/truncated-image|damaged-image/);
		const wide = bytesNamed('white is zero').slice();
		const view = new DataView(wide.buffer);
		const directory = view.getUint32(4, true);
		// Width is the first tag, height the second.
		view.setUint16(directory + 2 + 8, 60_000, true);
		view.setUint16(directory + 14 + 8, 60_000, true);
		expect(await fateOf(wide)).toBe('image-too-large');
	});

	it('also where its pages lead back to themselves', async () => {
		const ring = bytesNamed('white is zero').slice();
		const view = new DataView(ring.buffer);
		const directory = view.getUint32(4, true);
		view.setUint32(directory + 2 + 12 * view.getUint16(directory, true), directory, true);
		expect(await fateOf(ring)).toBe('read');
	});
});

describe('whatever the bytes', () => {
	it('a TIFF gives pixels or a problem, never an exception', async () => {
		const files = FILES.filter(({ name }) => !name.includes('JPEG') && name !== 'long LZW');
		const broken = fc
			.tuple(
				fc.constantFrom(...files.map(({ bytes }) => bytes)),
				fc.nat(),
				fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 })
			)
			.map(([bytes, length, changes]) => {
				const copy = bytes.slice(0, changes.length === 0 ? length % bytes.length : undefined);
				for (const [at, value] of changes) copy[at % copy.length] = value;
				return copy;
			});
		await fc.assert(
			fc.asyncProperty(broken, async (bytes) => {
				const outcome = await readImage(bytes);
				if (!outcome.ok) return;
				const { width, height, stride, data } = outcome.value.raster;
				expect(data.length).toBe(width * height * stride);
			}),
			{ numRuns: 300 }
		);
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
				const bytes = Uint8Array.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, ...noise]);
				await readImage(bytes);
			}),
			{ numRuns: 200 }
		);
	});
});
