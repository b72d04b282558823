import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
	fetchResize,
	resizePlain,
	simdResize,
	type Plane,
	type Raster,
	type Resize
} from '../../../src/lib/pixels/resizer';

const MODULE = 'src/lib/pixels/modules/input.wasm';
let simd: Resize;

beforeAll(async () => {
	simd = await simdResize(readFileSync(MODULE));
});

const side = fc.oneof(
	fc.integer({ min: 1, max: 9 }),
	fc.integer({ min: 1, max: 70 }),
	fc.integer({ min: 100, max: 400 })
);
const outSide = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 70 }));

/** Noise of all values, of the two extremes, or one grey. */
function rasterOf(width: number, height: number, stride: number, seed: number): Raster {
	const data = new Uint8Array(width * height * stride);
	let state = seed;
	for (let i = 0; i < data.length; i++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		data[i] = seed % 3 === 0 ? state >>> 24 : seed % 3 === 1 ? (state >>> 31) * 255 : seed;
	}
	return { width, height, stride, data };
}

/** Vitest takes a second to compare pictures of this size one value after the other. */
function isSame(...given: Parameters<Resize>): boolean {
	return Buffer.compare(simd(...given), resizePlain(...given)) === 0;
}

const images = fc
	.tuple(side, side, fc.constantFrom(1, 3, 4), fc.integer({ min: 0, max: 255 }))
	.map((given) => rasterOf(...given));
const planes = fc.constantFrom<Plane>('grey', 0, 1, 2);

describe('resizing in SIMD', () => {
	it('gives the bits of the TypeScript, whatever the sizes, channels and values', () => {
		fc.assert(
			fc.property(images, planes, outSide, outSide, (raster, plane, outWidth, outHeight) => {
				expect(isSame(raster, plane, outWidth, outHeight)).toBe(true);
			}),
			{ numRuns: 300 }
		);
	});

	it.each([
		{ width: 160, height: 300 },
		{ width: 300, height: 160 },
		{ width: 160, height: 160 },
		{ width: 4000, height: 3 },
		{ width: 3, height: 700 },
		{ width: 1296, height: 1082 }
	])('gives them where a side stays, or is far from the other: %j', ({ width, height }) => {
		for (const stride of [1, 3, 4]) {
			const raster = rasterOf(width, height, stride, 1);
			for (const plane of ['grey', 2] as const) {
				expect(isSame(raster, plane, 160, 160)).toBe(true);
			}
		}
	});

	it('leaves the picture as it was, and one result when the next is made', () => {
		const raster = rasterOf(90, 80, 1, 3);
		const before = raster.data.slice();
		const first = simd(raster, 'grey', 16, 16);
		const kept = first.slice();
		simd(rasterOf(900, 800, 4, 6), 'grey', 64, 64);
		expect(raster.data.every((value, i) => value === before[i])).toBe(true);
		expect(first).toEqual(kept);
	});

	it('refuses a picture that is not whole: nothing of another one gets into it', () => {
		const raster = rasterOf(90, 80, 1, 3);
		const short = { ...raster, data: raster.data.subarray(0, -1) };
		expect(() => simd(short, 'grey', 16, 16)).toThrow(RangeError);
	});

	it('needs no more memory for a film of many rows than for their middle', async () => {
		const grown: number[] = [];
		const { grow } = WebAssembly.Memory.prototype;
		const spy = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
		spy.mockImplementation(function (this: WebAssembly.Memory, pages) {
			grown.push(pages);
			return grow.call(this, pages);
		});
		const fresh = await simdResize(readFileSync(MODULE));
		fresh(rasterOf(2000, 4000, 1, 1), 'grey', 160, 160);
		spy.mockRestore();
		// 8 MB of pixels: 64 kB of rows at a time and 0.6 MB between the passes fit into what it has.
		expect(grown).toEqual([]);
	});
});

describe('the way of resizing', () => {
	it('is SIMD where the module is there, else TypeScript', async () => {
		vi.stubGlobal('fetch', () => Promise.resolve(new Response(readFileSync(MODULE))));
		expect(await fetchResize()).not.toBe(resizePlain);
		vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })));
		expect(await fetchResize()).toBe(resizePlain);
		vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
		expect(await fetchResize()).toBe(resizePlain);
		vi.stubGlobal('fetch', () => Promise.resolve(new Response('no module')));
		expect(await fetchResize()).toBe(resizePlain);
		vi.unstubAllGlobals();
	});
});
