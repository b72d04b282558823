import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { unpackWhole } from '../../../../src/lib/formats/codecs/unpack';
import { checkEntropy } from '../../../../src/lib/formats/jpeg/entropy';
import { jpegFrame } from '../../../../src/lib/formats/jpeg/segments';
import { serveCodecs } from '../../helpers/dicom';
import { fateOf, pictureOf, readImage, stubBrowser } from '../../helpers/formats';
import { bytesOf, fixture } from '../../helpers/images';

interface Listed {
	name: string;
	width: number;
	height: number;
	channels: number;
	bytes: string;
	expected: string;
}
const FILES = fixture<{ files: Listed[] }>('strict-jpegs').files.map((file) => ({
	...file,
	bytes: bytesOf(file.bytes),
	expected: bytesOf(file.expected)
}));
const named = (wanted: string) => FILES.find(({ name }) => name === wanted)!.bytes;
const END = Uint8Array.of(0xff, 0xd9);

beforeAll(() => {
	serveCodecs();
	stubBrowser();
});
afterAll(() => vi.unstubAllGlobals());

/** The same without its end marker. */
const withoutEnd = (bytes: Uint8Array) => {
	expect([...bytes.slice(-2)]).toEqual([...END]);
	return bytes.slice(0, -2);
};
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
/** Where the data of the first scan begin. */
function scanStart(bytes: Uint8Array): number {
	let at = 2;
	while (bytes[at + 1] !== 0xda) at += 2 + bytes[at + 2] * 256 + bytes[at + 3];
	return at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
}

/** Whether libjpeg-turbo decodes without a warning; the lossless process is not its own. */
async function codecReads(bytes: Uint8Array): Promise<boolean> {
	const frame = jpegFrame(bytes);
	if (!frame) return false;
	try {
		await unpackWhole(frame.process === 3 ? 'jpeg-lossless' : 'jpeg', bytes, frame);
		return true;
	} catch {
		return false;
	}
}

describe.each(FILES)('a JPEG, $name', ({ name, bytes, width, height, channels, expected }) => {
	it('is whole', () => {
		expect(checkEntropy(bytes)).toMatchObject({ is: 'whole', end: bytes.length - 2, hasEnd: true });
	});

	it('is not whole where its scan is there twice, and codes between', () => {
		const scan = bytes.subarray(scanStart(bytes) - 14, bytes.length - 2);
		const twice = joined(withoutEnd(bytes), Uint8Array.of(1, 2, 3), scan, END);
		expect(checkEntropy(twice).is).not.toBe('whole');
	});

	it('is not whole where zeros stand in the place of its end', () => {
		for (const zeros of [3, 8, 20]) {
			expect(checkEntropy(bytes.slice().fill(0, bytes.length - zeros)).is).not.toBe('whole');
		}
	});

	it('is whole with a trailer in the place of its end marker, and with one behind it', () => {
		const trailer = Uint8Array.from({ length: 400 }, (_, i) => i % 4);
		expect(checkEntropy(joined(withoutEnd(bytes), trailer))).toMatchObject({ hasEnd: false });
		expect(checkEntropy(joined(bytes, trailer)).is).toBe('whole');
	});

	it('is refused wherever it is cut, also where an end marker is set behind the cut', async () => {
		for (let length = 3; length < bytes.length - 2; length += 23) {
			const cut = bytes.slice(0, length);
			expect(checkEntropy(cut).is, `${length}`).not.toBe('whole');
			expect(checkEntropy(joined(cut, END)).is, `${length} and an end`).not.toBe('whole');
			expect(await fateOf(cut)).toMatch(/^(truncated|damaged)-image$|^not-an-image$/);
		}
	});

	it('is refused where a part of its data is zeros, if any decoder can see it', async () => {
		const start = scanStart(bytes);
		const isSequential = jpegFrame(bytes)?.process === 0 && name !== 'grey with own tables';
		for (let share = 0.1; share < 0.9; share += 0.1) {
			const damaged = bytes.slice();
			const from = Math.floor(start + share * (bytes.length - start));
			damaged.fill(0, from, from + 64);
			const outcome = await readImage(damaged);
			// Elsewhere zeros may be codes like others, which fit by chance.
			if (isSequential) expect(outcome.ok, `${share}`).toBe(false);
			else if (outcome.ok) expect(await codecReads(damaged), `${share}`).toBe(true);
		}
	});

	if (channels === 1) {
		it('has the pixels of another decoder', async () => {
			const { raster } = await pictureOf(bytes);
			expect(raster).toMatchObject({ width, height, stride: 1 });
			const far = expected.map((value, i) => Math.abs(value - raster.data[i]));
			expect(Math.max(...far)).toBeLessThanOrEqual(name === '12 bits' ? 1 : 0);
		});
	}
});

describe('the check agrees with libjpeg-turbo, which refuses whatever makes it warn', () => {
	const files = FILES.filter(({ name }) => !/lossless|12 bits/.test(name));

	it('of whole files', async () => {
		for (const { name, bytes } of files) expect(await codecReads(bytes), name).toBe(true);
	});

	it('of damaged ones: what passes here makes it warn of nothing', async () => {
		const damaged = fc
			.tuple(
				fc.constantFrom(...files),
				fc.double({ min: 0, max: 1, noNaN: true }),
				fc.uint8Array({ minLength: 1, maxLength: 60 }),
				fc.constantFrom('replace', 'remove', 'insert', 'repeat')
			)
			.map(([{ bytes }, share, noise, way]) => {
				const start = scanStart(bytes);
				const at = Math.floor(start + share * (bytes.length - 2 - start));
				const [before, after] = [bytes.subarray(0, at), bytes.subarray(at, bytes.length - 2)];
				if (way === 'remove') return joined(before, after.subarray(noise.length), END);
				if (way === 'insert') return joined(before, noise, after, END);
				if (way === 'repeat') return joined(before, after.subarray(0, noise.length), after, END);
				return joined(before, noise, after.subarray(noise.length), END);
			});
		let refused = 0;
		await fc.assert(
			fc.asyncProperty(damaged, async (bytes) => {
				if (checkEntropy(bytes).is === 'whole') expect(await codecReads(bytes)).toBe(true);
				else refused++;
			}),
			{ numRuns: 400, seed: 15 }
		);
		// Codes that are replaced by others of the same length are no damage that any decoder sees.
		expect(refused).toBeGreaterThan(300);
	});
});

describe('a progressive JPEG', () => {
	it('whose last scans are missing is cut off, though each scan is whole', () => {
		const bytes = named('colour, progressive');
		const scans = [...bytes.keys()].filter((i) => bytes[i] === 0xff && bytes[i + 1] === 0xda);
		expect(scans.length).toBeGreaterThan(5);
		for (const at of scans.slice(1)) {
			expect(checkEntropy(joined(bytes.slice(0, at), END)).is).toBe('truncated');
		}
	});
});

describe('restart markers', () => {
	it('in another order are damage', () => {
		const bytes = named('grey with restarts').slice();
		const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xd0);
		bytes[at + 1] = 0xd3;
		expect(checkEntropy(bytes).is).toBe('damaged');
	});
});

describe('a JPEG of a process that is not read', () => {
	it('is named, not called damaged', async () => {
		const bytes = named('grey').slice();
		const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
		// Arithmetic coding.
		bytes[at + 1] = 0xc9;
		expect(await fateOf(bytes)).toBe('coding-not-read');
	});
});
