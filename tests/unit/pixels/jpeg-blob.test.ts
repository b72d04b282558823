import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jpegOf } from '../../../src/lib/pixels/jpeg-blob';
import { resizeChannel } from '../../../src/lib/pixels/resize';

/** What was drawn, and as what it was written. */
let drawn: { width: number; height: number; data: Uint8ClampedArray } | null;
let written: unknown;
let hasContext = true;

beforeEach(() => {
	drawn = written = null;
	hasContext = true;
	vi.stubGlobal(
		'ImageData',
		class {
			readonly data: Uint8ClampedArray;
			constructor(
				readonly width: number,
				readonly height: number
			) {
				this.data = new Uint8ClampedArray(width * height * 4);
			}
		}
	);
	vi.stubGlobal('createImageBitmap', (image: unknown) => Promise.resolve(image));
	vi.stubGlobal(
		'OffscreenCanvas',
		class {
			constructor(
				readonly width: number,
				readonly height: number
			) {}
			getContext() {
				const transferFromImageBitmap = (image: typeof drawn) => (drawn = image);
				return hasContext ? { transferFromImageBitmap } : null;
			}
			convertToBlob(options: unknown) {
				written = options;
				return Promise.resolve(new Blob(['jpeg']));
			}
		}
	);
});
afterEach(() => vi.unstubAllGlobals());

const pixel = (at: number) => [...drawn!.data.subarray(at * 4, at * 4 + 4)];

describe('a picture to look at', () => {
	it('has the pixels as they are, grey or in colour, without their alpha', async () => {
		await jpegOf({ width: 2, height: 1, stride: 1, data: Uint8Array.of(7, 250) }, 4096);
		expect([pixel(0), pixel(1)]).toEqual([
			[7, 7, 7, 255],
			[250, 250, 250, 255]
		]);
		for (const rest of [[], [9]]) {
			const data = Uint8Array.from([10, 20, 30, ...rest, 40, 50, 60, ...rest]);
			await jpegOf({ width: 1, height: 2, stride: 3 + rest.length, data }, 4096);
			expect([pixel(0), pixel(1)]).toEqual([
				[10, 20, 30, 255],
				[40, 50, 60, 255]
			]);
		}
		expect(written).toMatchObject({ type: 'image/jpeg' });
	});

	it('is made smaller where it is larger than wanted, as for the model', async () => {
		const data = Uint8Array.from({ length: 64 * 32 }, (_, i) => (i * 37) % 251);
		await jpegOf({ width: 64, height: 32, stride: 1, data }, 16);
		expect([drawn!.width, drawn!.height]).toEqual([16, 8]);
		const small = resizeChannel(data, 64, 32, 16, 8);
		expect(drawn!.data.filter((_, i) => i % 4 === 0)).toEqual(new Uint8ClampedArray(small));
	});

	it('of a sliver is a pixel high at least, and none without a canvas', async () => {
		await jpegOf({ width: 400, height: 1, stride: 1, data: new Uint8Array(400) }, 100);
		expect([drawn!.width, drawn!.height]).toEqual([100, 1]);
		hasContext = false;
		expect(await jpegOf({ width: 1, height: 1, stride: 1, data: Uint8Array.of(1) }, 9)).toBeNull();
	});
});
