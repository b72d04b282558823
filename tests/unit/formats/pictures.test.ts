import { encode } from 'fast-png';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Entry } from '../../../src/lib/intake/entries';
import { PICTURE_SIDE } from '../../../src/lib/base/limits';
import { isDrawnByBrowsers, Pictures } from '../../../src/lib/formats/pictures';
import { succeeded } from '../../../src/lib/problems/problems';
import { ALL_FILES, IMAGES } from '../helpers/images';

const asked: { name: string; side: number }[] = [];
let closed = 0;

const newPictures = () =>
	new Pictures(() => ({
		picture: (file, side) => {
			asked.push({ name: file.name, side });
			return Promise.resolve(succeeded(new Blob(['copy'])));
		},
		filmIn: () => Promise.resolve(succeeded(null)),
		close: () => closed++
	}));

beforeEach(() => {
	asked.length = closed = 0;
});
afterEach(() => vi.restoreAllMocks());

const png = (depth: 8 | 16, channels: 1 | 3 | 4) => {
	const data = new (depth === 16 ? Uint16Array : Uint8Array)(4 * channels);
	return encode({ width: 2, height: 2, data, depth, channels });
};
function entryOf(name: string, bytes: Uint8Array): Entry {
	return { path: name, open: vi.fn(() => Promise.resolve(new File([bytes as BlobPart], name))) };
}
const gone: Entry = { path: 'gone.jpg', open: () => Promise.reject(new DOMException('gone')) };
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16);
const dicom = Uint8Array.from({ length: 140 }, (_, i) => 'DICM'.charCodeAt(i - 128) || 0);

describe('what the browser draws as the model saw it', () => {
	it('is JPEG, WebP, BMP and plain PNG, and no other file', () => {
		expect(isDrawnByBrowsers(jpeg)).toBe(true);
		expect(isDrawnByBrowsers(png(8, 1))).toBe(true);
		expect(isDrawnByBrowsers(png(8, 3))).toBe(true);
		expect(isDrawnByBrowsers(png(16, 1))).toBe(false);
		expect(isDrawnByBrowsers(png(8, 4))).toBe(false);
		expect(isDrawnByBrowsers(dicom)).toBe(false);
		expect(isDrawnByBrowsers(new Uint8Array())).toBe(false);
	});

	it('is said of the files that Pillow wrote', () => {
		for (const { name, kind, bits, alpha, bytes } of IMAGES) {
			const isOdd = kind === 'png' && (bits === 16 || alpha);
			expect(isDrawnByBrowsers(bytes), name).toBe(!isOdd);
		}
		const others = ALL_FILES.filter((file) => !IMAGES.includes(file));
		for (const { name, bytes } of others) expect(isDrawnByBrowsers(bytes), name).toBe(false);
	});
});

describe('pictures to look at', () => {
	it('are the files themselves where browsers draw them', async () => {
		const opened = await newPictures().open(entryOf('a.jpg', jpeg));
		expect(opened.ok && (opened.value as File).name).toBe('a.jpg');
		expect(asked).toEqual([]);
	});

	it('are copies where they do not, or where a small one is wanted', async () => {
		const pictures = newPictures();
		const opened = await pictures.open(entryOf('deep.png', png(16, 1)));
		expect(opened.ok && (await opened.value.text())).toBe('copy');
		await pictures.copy(entryOf('a.jpg', jpeg), 1000);
		expect(asked).toEqual([
			{ name: 'deep.png', side: PICTURE_SIDE },
			{ name: 'a.jpg', side: 1000 }
		]);
		pictures.close();
		expect(closed).toBe(1);
	});

	it('say that a file is gone', async () => {
		const pictures = newPictures();
		const problem = { ok: false, problem: { code: 'file-gone' } };
		expect(await pictures.open(gone)).toMatchObject(problem);
		expect(await pictures.copy(gone)).toMatchObject(problem);
	});

	it('that were opened ahead are not opened twice, and only the last is kept', async () => {
		const pictures = newPictures();
		const [a, b] = [entryOf('a.jpg', jpeg), entryOf('b.jpg', jpeg)];
		pictures.prepare(a);
		pictures.prepare(a);
		await pictures.open(a);
		expect(a.open).toHaveBeenCalledTimes(1);
		pictures.prepare(a);
		pictures.prepare(b);
		await pictures.open(a);
		expect(a.open).toHaveBeenCalledTimes(3);
	});
});
