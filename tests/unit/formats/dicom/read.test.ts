import { existsSync, readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MAX_FILE_BYTES, MAX_IMAGE_PIXELS } from '../../../../src/lib/base/limits';
import { pictureNote } from '../../../../src/lib/formats/facts-messages';
import {
	copied,
	GRID,
	KNOWN,
	MADE,
	madeNamed,
	PYDICOM_FILES,
	serveCodecs
} from '../../helpers/dicom';
import { fateOf, greysOf as pictureOf, kindOf, readImage } from '../../helpers/formats';

beforeAll(serveCodecs);
afterAll(() => {
	vi.unstubAllGlobals();
});

function gridOf({
	width,
	height,
	data
}: {
	width: number;
	height: number;
	data: ArrayLike<number>;
}) {
	const at = (i: number, size: number) => Math.floor(((i + 0.5) * size) / GRID);
	return Array.from(
		{ length: GRID * GRID },
		(_, i) => data[at(Math.floor(i / GRID), height) * width + at(i % GRID, width)]
	);
}

/** Largest difference of two lists of greys. */
function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
	expect(a.length).toBe(b.length);
	return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

/** Packed samples of 32 bits are no pictures of a clinic's: named, not read. */
const OTHER_BITS = /rtdose_rle|rle_32bit/;
/** libjpeg rounds 12 bits otherwise by one: two or three greys, the film having but 112 levels. */
const COARSE: Record<string, number> = { 'JPGExtended.dcm': 3 };

describe('a DICOM file has the greys that pydicom gives it', () => {
	it.each(MADE)('$name', async ({ bytes, width, height, expected }) => {
		const picture = await pictureOf(bytes);
		expect(picture).toMatchObject({ width, height });
		expect(difference(picture.data, expected)).toBeLessThanOrEqual(1);
	});

	const files = KNOWN.filter(({ path }) => !OTHER_BITS.test(path));
	it.each(files)('$path', async ({ path, copy, width, height, mean, grid }) => {
		const file = copy ? `tests/unit/fixtures/dicom/${copy}` : `${PYDICOM_FILES ?? ''}/${path}`;
		if (!existsSync(file)) return;
		const bytes = new Uint8Array(readFileSync(file));
		expect(kindOf(bytes)).toBe('dicom');
		const picture = await pictureOf(bytes);
		expect(picture).toMatchObject({ width, height });
		const sum = [...picture.data].reduce((total, value) => total + value, 0);
		expect(Math.abs(sum / picture.data.length - mean)).toBeLessThan(0.5);
		expect(difference(gridOf(picture), grid)).toBeLessThanOrEqual(COARSE[path] ?? 1);
	});

	it('in floating point are read between their percentiles; what is no number is black', async () => {
		const values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, NaN];
		const element = (group: number, tag: number, kind: string, content: Uint8Array) => {
			const long = kind === 'OF' || kind === 'OD';
			const head = new DataView(new ArrayBuffer(long ? 12 : 8));
			head.setUint16(0, group, true);
			head.setUint16(2, tag, true);
			head.setUint8(4, kind.charCodeAt(0));
			head.setUint8(5, kind.charCodeAt(1));
			if (long) head.setUint32(8, content.length, true);
			else head.setUint16(6, content.length, true);
			return [...new Uint8Array(head.buffer), ...content];
		};
		const word = (value: number) => new Uint8Array(Uint16Array.of(value).buffer);
		const text = (value: string) => new Uint8Array(Buffer.from(value));
		const film = (tag: number, kind: string, pixels: Uint8Array) =>
			Uint8Array.from([
				...new Uint8Array(128),
				...text('DICM'),
				...element(0x0002, 0x0010, 'UI', text('1.2.840.10008.1.2.1\0')),
				...element(0x0028, 0x0002, 'US', word(1)),
				...element(0x0028, 0x0004, 'CS', text('MONOCHROME2 ')),
				...element(0x0028, 0x0010, 'US', word(3)),
				...element(0x0028, 0x0011, 'US', word(4)),
				...element(0x7fe0, tag, kind, pixels)
			]);
		// numpy.percentile(range(11), [0.5, 99.5]) is 0.05 and 9.95.
		const greys = values.map((v) =>
			Number.isNaN(v) ? 0 : Math.round(255 * Math.min(1, Math.max(0, (v - 0.05) / 9.9)))
		);
		const single = film(0x0008, 'OF', new Uint8Array(Float32Array.from(values).buffer));
		const double = film(0x0009, 'OD', new Uint8Array(Float64Array.from(values).buffer));
		expect([...(await pictureOf(single)).data]).toEqual(greys);
		expect([...(await pictureOf(double)).data]).toEqual(greys);
	});

	it('but packed ones of 32 bits are named', async () => {
		for (const { copy } of KNOWN.filter(({ path }) => OTHER_BITS.test(path))) {
			if (copy) expect(await fateOf(copied(copy))).toBe('coding-not-read');
		}
	});
});

describe('what the header says', () => {
	it('is carried along', async () => {
		expect((await pictureOf(madeNamed('window').bytes)).facts).toEqual({
			modality: 'CR',
			bodyPart: 'CHEST',
			view: 'AP',
			age: 3,
			patientId: '0042',
			patientName: 'Child Test',
			birthDate: null,
			sex: null,
			studyDate: '2026-11-21',
			spacing: null,
			frames: 1,
			ownRange: false,
			origin: null
		});
	});

	it('of the size of a pixel too, as pydicom reads it', async () => {
		// pydicom.dcmread('MR_small.dcm').PixelSpacing: [0.3125, 0.3125]
		const { facts } = await pictureOf(copied('MR_small.dcm'));
		expect(facts?.spacing).toEqual({ down: 0.3125, across: 0.3125, source: 'pixel' });
	});

	it('of the number of pictures too; the first is read', async () => {
		const { facts } = await pictureOf(copied('SC_rgb_rle_2frame.dcm'));
		expect(pictureNote(facts)).toContain('first of 2 pictures');
	});
});

describe('a DICOM file is read', () => {
	const { bytes, expected } = madeNamed('window');

	it('without its preamble', async () => {
		const bare = bytes.slice(132);
		expect(kindOf(bare)).toBe('dicom');
		expect(difference((await pictureOf(bare)).data, expected)).toBeLessThanOrEqual(1);
	});

	it.each(['window', 'implicit'])('without any header: %s', async (name) => {
		const film = madeNamed(name);
		const bare = film.bytes.slice(132 + 12 + metaLength(film.bytes));
		expect(kindOf(bare)).toBe('dicom');
		expect(difference((await pictureOf(bare)).data, film.expected)).toBeLessThanOrEqual(1);
	});
});

describe('a DICOM file that holds no image that is read is named', () => {
	it.each([
		['the list of a disc', 'DICOMDIR-empty.dcm', 'dicom-directory'],
		['a report', 'reportsi.dcm', 'dicom-no-image'],
		['an image without its end', 'MR_truncated.dcm', 'truncated-image']
	])('%s', async (_, name, code) => {
		expect(await fateOf(copied(name))).toBe(code);
	});

	it('a packing that is not known', async () => {
		const odd = replaced(madeNamed('RLE').bytes, '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.7');
		expect(await fateOf(odd)).toBe('coding-not-read');
	});

	it('an encrypted file', async () => {
		const locked = replaced(madeNamed('window').bytes, '\xe0\x7f\x10\0', '\0\x04\0\x05');
		expect(await fateOf(locked)).toBe('dicom-encrypted');
	});

	it('a file cut off anywhere in its pixels', async () => {
		const { bytes } = madeNamed('window');
		for (const missing of [1, 20, 200]) {
			expect(await fateOf(bytes.slice(0, -missing))).toBe('truncated-image');
		}
	});

	it('more rows, pictures or bits than the file or the memory can hold', async () => {
		const { bytes } = madeNamed('window');
		const rows = replaced(bytes, '\x28\0\x10\0US\x02\0\x09\0', '\x28\0\x10\0US\x02\0\xff\xff');
		expect(await fateOf(rows)).toBe('image-too-large');
		const few = replaced(bytes, '\x28\0\x10\0US\x02\0\x09\0', '\x28\0\x10\0US\x02\0\x0a\0');
		expect(await fateOf(few)).toBe('truncated-image');
		const deep = replaced(bytes, '\x28\0\x00\x01US\x02\0\x10\0', '\x28\0\x00\x01US\x02\0\x20\0');
		expect(await fateOf(deep)).toBe('truncated-image');
		const odd = replaced(bytes, '\x28\0\x00\x01US\x02\0\x10\0', '\x28\0\x00\x01US\x02\0\x18\0');
		expect(await fateOf(odd)).toBe('coding-not-read');
	});

	it('a deflated file that unpacks without end', async () => {
		const { bytes } = madeNamed('deflated');
		const head = bytes.slice(0, 132 + 12 + metaLength(bytes));
		const zeros = deflateRawSync(new Uint8Array(MAX_FILE_BYTES + 1));
		expect(await fateOf(new Uint8Array(Buffer.concat([head, zeros])))).toBe('image-too-large');
	});
});

/** Bytes as text replace other bytes of the same length, where they first stand. */
function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
	expect(to).toHaveLength(from.length);
	const at = Buffer.from(bytes).indexOf(Buffer.from(from, 'latin1'));
	expect(at).toBeGreaterThan(0);
	const copy = bytes.slice();
	copy.set(Buffer.from(to, 'latin1'), at);
	return copy;
}

/** Length of the header's group, which its first element says. */
function metaLength(bytes: Uint8Array): number {
	return new DataView(bytes.buffer, bytes.byteOffset).getUint32(140, true);
}

describe('whatever the bytes', () => {
	const small = ['SC_rgb_jpeg_gdcm.dcm', 'JPEGLSNearLossless_16.dcm', 'SC_rgb_gdcm_KY.dcm'];
	const files = [
		...MADE.map(({ bytes }) => bytes),
		...['MR_small_RLE.dcm', 'SC_rgb_small_odd_jpeg.dcm', ...small].map(copied)
	];
	const broken = fc
		.tuple(
			fc.constantFrom(...files),
			fc.nat(),
			fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 })
		)
		.map(([bytes, length, changes]) => {
			const copy = bytes.slice(0, changes.length === 0 ? length % bytes.length : undefined);
			for (const [at, value] of changes) copy[at % copy.length] = value;
			return copy;
		});

	it('a DICOM file gives greys or a problem, never an exception', async () => {
		await fc.assert(
			fc.asyncProperty(broken, async (bytes) => {
				const outcome = await readImage(bytes);
				if (!outcome.ok) return;
				const { width, height, stride, data } = outcome.value.raster;
				expect(data.length).toBe(width * height * stride);
				expect(width * height).toBeLessThanOrEqual(MAX_IMAGE_PIXELS);
			}),
			{ numRuns: 200 }
		);
	});

	it('and noise behind a prefix too', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (noise) => {
				const bytes = new Uint8Array(132 + noise.length);
				bytes.set(new TextEncoder().encode('DICM'), 128);
				bytes.set(noise, 132);
				expect((await readImage(bytes)).ok).toBe(false);
			}),
			{ numRuns: 200 }
		);
	});
});
