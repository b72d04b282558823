/**
 * DICOM files that contradict the standard or themselves, and that other programs read: each must
 * give the pixels of the plain file. pydicom 3.0 reads them all alike (it was asked once for each
 * form; where it refuses, the test says so).
 */
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serveCodecs } from '../../helpers/dicom';
import { fateOf, pictureOf } from '../../helpers/formats';
import { bytesOf, fixture } from '../../helpers/images';
import {
	DEFLATED,
	dicomOf,
	element,
	EXPLICIT,
	HEIGHT,
	IMPLICIT,
	item,
	JPEG_BASELINE,
	JPEG_LOSSLESS,
	sequenceEnd,
	UNDEFINED,
	VALUES,
	WIDTH,
	type Made
} from '../../helpers/made-dicom';

beforeAll(serveCodecs);
afterAll(() => vi.unstubAllGlobals());

/** The window takes 4096 values to 256 (PS3.3, C.11.2.1.2). */
const GREYS = [...VALUES].map((value) => Math.round((value / 4095) * 255));
const plain = new Uint8Array(VALUES.buffer);
const zeros = (count: number) => new Uint8Array(count);
const words = (values: readonly number[]) => new Uint8Array(Uint16Array.from(values).buffer);

/** The greys are those of the plain file, to one level. */
async function expectPlain(made: Made) {
	const { raster, facts } = await pictureOf(dicomOf(made));
	expect(raster).toMatchObject({ width: WIDTH, height: HEIGHT, stride: 1 });
	const far = GREYS.map((grey, i) => Math.abs(grey - raster.data[i]));
	expect(Math.max(...far)).toBeLessThanOrEqual(1);
	return facts;
}

describe('a file is read by its bytes', () => {
	it.each<[string, Made]>([
		['as it should be', {}],
		['implicit, and says so', { syntax: IMPLICIT, isExplicit: false }],
		['implicit, and says explicit', { syntax: EXPLICIT, isExplicit: false }],
		['explicit, and says implicit', { syntax: IMPLICIT, isExplicit: true }],
		['explicit, without a syntax', { syntax: null }],
		['implicit, without a syntax', { syntax: null, isExplicit: false }],
		['plain, and says JPEG', { syntax: JPEG_BASELINE }],
		['zeros behind', { behind: zeros(3) }],
		['many zeros behind', { behind: zeros(64) }],
		['noise behind', { behind: Uint8Array.from({ length: 41 }, (_, i) => (i * 101) % 256) }],
		['deflated', { syntax: DEFLATED, packed: (content) => deflateRawSync(content) }],
		[
			'deflated and padded',
			{ syntax: DEFLATED, packed: (content) => Buffer.concat([deflateRawSync(content), zeros(1)]) }
		],
		[
			'pixels of undefined length',
			{
				pixelElement: Buffer.concat([
					element(0x7fe0, 0x0010, 'OW', plain, true, UNDEFINED),
					sequenceEnd()
				])
			}
		],
		['an element behind the pixels', { behind: element(0xfffc, 0xfffc, 'OB', zeros(10)) }]
	])('%s', async (_, made) => {
		await expectPlain(made);
	});

	it('also where a sequence ends with a delimiter of undefined length', async () => {
		const inside = item(element(0x0008, 0x0100, 'SH', 'CODE'), UNDEFINED);
		const itemEnd = item(zeros(0), UNDEFINED, 0xe00d);
		const sequence = Buffer.concat([inside, itemEnd, sequenceEnd(UNDEFINED)]);
		const file = dicomOf({ elements: [[0x0008, 0x1140, 'SQ', sequence]] });
		const at = Buffer.from(file).indexOf(Buffer.from([0x08, 0, 0x40, 0x11]));
		// The sequence itself is of undefined length.
		new DataView(file.buffer).setUint32(at + 8, UNDEFINED, true);
		const { raster } = await pictureOf(file);
		expect([...raster.data.slice(0, 3)]).toEqual(GREYS.slice(0, 3));
	});

	it('but one whose pixels end early is cut off', async () => {
		const file = dicomOf();
		for (const missing of [1, 2, 100]) {
			expect(await fateOf(file.slice(0, -missing))).toBe('truncated-image');
		}
	});
});

describe('packed pixels', () => {
	const { files } = fixture<{
		files: { name: string; width: number; height: number; bytes: string; expected: string }[];
	}>('strict-jpegs');
	const jpeg = (wanted: string) => files.find(({ name }) => name === wanted)!;
	const baseline = jpeg('grey');
	const lossless = jpeg('lossless of 8 bits');

	/** A file of 8 bits around packed pixels. */
	function packedFile(syntax: string, pixelElement: Uint8Array, frames = '1', behind = zeros(0)) {
		return dicomOf({
			syntax,
			pixelElement,
			behind,
			elements: [
				[0x0028, 0x0008, 'IS', frames],
				[0x0028, 0x0010, 'US', baseline.height],
				[0x0028, 0x0011, 'US', baseline.width],
				[0x0028, 0x0100, 'US', 8],
				[0x0028, 0x0101, 'US', 8],
				[0x0028, 0x0102, 'US', 7],
				[0x0028, 0x1050, 'DS', '128'],
				[0x0028, 0x1051, 'DS', '256']
			]
		});
	}
	const even = (bytes: Uint8Array) => (bytes.length % 2 ? Buffer.concat([bytes, zeros(1)]) : bytes);
	const frame = even(bytesOf(baseline.bytes));
	const pixels = (parts: readonly Uint8Array[], length = UNDEFINED) =>
		element(0x7fe0, 0x0010, 'OB', Buffer.concat(parts), true, length);
	const usual = pixels([item(zeros(0)), item(frame), sequenceEnd()]);
	const third = Math.floor(frame.length / 6) * 2;
	const fragments = [item(frame.subarray(0, third)), item(frame.subarray(third))];
	const known = Buffer.concat([item(zeros(0)), item(frame), sequenceEnd()]);

	it.each<[string, Uint8Array]>([
		['as they should be', packedFile(JPEG_BASELINE, usual)],
		['that say lossless and are baseline', packedFile(JPEG_LOSSLESS, usual)],
		['that say nothing', packedFile(EXPLICIT, usual)],
		['in an element of known length', packedFile(JPEG_BASELINE, pixels([known], known.length))],
		['without a delimiter', packedFile(JPEG_BASELINE, pixels([item(zeros(0)), item(frame)]))],
		[
			'in fragments',
			packedFile(JPEG_BASELINE, pixels([item(zeros(0)), ...fragments, sequenceEnd()]))
		],
		['with zeros behind', packedFile(JPEG_BASELINE, usual, '1', zeros(50))],
		[
			'of two frames in fragments, with no offset table',
			packedFile(
				JPEG_BASELINE,
				pixels([item(zeros(0)), ...fragments, ...fragments, sequenceEnd()]),
				'2'
			)
		],
		[
			'of two frames with an offset table',
			packedFile(
				JPEG_BASELINE,
				pixels([
					item(new Uint8Array(Uint32Array.from([0, frame.length + 16]).buffer)),
					...fragments,
					...fragments,
					sequenceEnd()
				]),
				'2'
			)
		]
	])('%s are read', async (_, file) => {
		const { raster } = await pictureOf(file);
		const expected = bytesOf(baseline.expected);
		const far = expected.map((value, i) => Math.abs(value - raster.data[i]));
		expect(Math.max(...far)).toBeLessThanOrEqual(1);
	});

	it('of the lossless process are read whole, and never in part', async () => {
		const whole = even(bytesOf(lossless.bytes));
		const file = (content: Uint8Array) =>
			packedFile(JPEG_LOSSLESS, pixels([item(zeros(0)), item(even(content)), sequenceEnd()]));
		const { raster } = await pictureOf(file(whole));
		expect([...raster.data]).toEqual([...bytesOf(lossless.expected)]);
		for (let share = 0.1; share < 0.95; share += 0.1) {
			const cut = whole.subarray(0, Math.floor(share * whole.length));
			const ended = Buffer.concat([cut, Uint8Array.of(0xff, 0xd9)]);
			for (const content of [cut, ended]) {
				expect(await fateOf(file(content)), `${share}`).toMatch(/^(damaged|truncated)-image$/);
			}
		}
	});
});

describe('greys', () => {
	it.each([15, 13, 11, 8, 0, 99])(
		'that stand in the lowest bits are read from there, also where the high bit is said to be %s',
		async (highBit) => {
			await expectPlain({ elements: [[0x0028, 0x0102, 'US', highBit]] });
		}
	);

	it('that stand in the highest bits are read from there', async () => {
		const high = VALUES.map((value) => value << 4);
		await expectPlain({
			elements: [[0x0028, 0x0102, 'US', 15]],
			pixels: new Uint8Array(high.buffer)
		});
	});

	/** A VOI table over all values. */
	const lut = (first: number, bits: number, values: readonly number[]): Made['elements'] => [
		[0x0028, 0x1050, 'DS', ''],
		[0x0028, 0x1051, 'DS', ''],
		[
			0x0028,
			0x3010,
			'SQ',
			item(
				Buffer.concat([
					element(0x0028, 0x3002, 'US', words([values.length, first & 0xffff, bits])),
					element(0x0028, 0x3006, 'OW', words(values))
				])
			)
		]
	];
	const straight = Array.from({ length: 4096 }, (_, i) => i);

	it('of a table that says 16 bits and has 12 are scaled by its largest value', async () => {
		await expectPlain({ elements: lut(0, 16, straight) });
	});

	it('of a table whose first value is negative, though the pixels are not', async () => {
		const rescaled: Made['elements'] = [
			...(lut(-1024, 12, straight) ?? []),
			[0x0028, 0x1052, 'DS', '-1024'],
			[0x0028, 0x1053, 'DS', '1']
		];
		await expectPlain({ elements: rescaled });
	});

	it.each(['-9000', '9000'])(
		'beside a window at %s are spread over their own range',
		async (centre) => {
			const { raster, facts } = await pictureOf(
				dicomOf({ elements: [[0x0028, 0x1050, 'DS', centre]] })
			);
			expect(facts?.ownRange).toBe(true);
			expect(Math.max(...raster.data) - Math.min(...raster.data)).toBe(255);
			expect((await pictureOf(dicomOf())).facts?.ownRange).toBe(false);
		}
	);
});

describe('colours', () => {
	const pixelCount = WIDTH * HEIGHT;
	const rgb = Uint8Array.from({ length: pixelCount * 3 }, (_, i) => (i * 53) % 256);
	const coloured = (photometric: string, pixels: Uint8Array, planar = 0): Made => ({
		pixels,
		elements: [
			[0x0028, 0x0002, 'US', 3],
			[0x0028, 0x0004, 'CS', photometric],
			[0x0028, 0x0006, 'US', planar],
			[0x0028, 0x0100, 'US', 8],
			[0x0028, 0x0101, 'US', 8],
			[0x0028, 0x0102, 'US', 7]
		]
	});
	const colours = async (made: Made) => (await pictureOf(dicomOf(made))).raster;

	it('stay colours', async () => {
		const raster = await colours(coloured('RGB', rgb));
		expect(raster.stride).toBe(3);
		expect([...raster.data]).toEqual([...rgb]);
	});

	it('that lie in planes are put together', async () => {
		const planes = Uint8Array.from(
			{ length: rgb.length },
			(_, i) => rgb[3 * (i % pixelCount) + Math.floor(i / pixelCount)]
		);
		expect([...(await colours(coloured('RGB', planes, 1))).data]).toEqual([...rgb]);
	});

	it('of YBR are turned into RGB', async () => {
		// pydicom 3.0: convert_color_space(np.uint8([[[76, 85, 255], ...]]), 'YBR_FULL', 'RGB')
		const known: [ybr: number[], rgb: number[]][] = [
			[
				[76, 85, 255],
				[254, 0, 0]
			],
			[
				[150, 44, 21],
				[0, 255, 1]
			],
			[
				[29, 255, 107],
				[0, 0, 254]
			],
			[
				[200, 128, 128],
				[200, 200, 200]
			]
		];
		const ybr = Uint8Array.from(
			{ length: rgb.length },
			(_, i) => known[Math.floor(i / 3) % 4][0][i % 3]
		);
		const { data } = await colours(coloured('YBR_FULL', ybr));
		known.forEach(([, expected], i) => {
			expected.forEach((value, c) =>
				expect(Math.abs(data[3 * i + c] - value)).toBeLessThanOrEqual(1)
			);
		});
	});

	it('that say two pixels share theirs, and have three bytes a pixel, are read as those', async () => {
		const full = await colours(coloured('YBR_FULL', rgb));
		const said = await colours(coloured('YBR_FULL_422', rgb));
		expect([...said.data]).toEqual([...full.data]);
	});
});
