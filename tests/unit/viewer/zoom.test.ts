import { describe, expect, it } from 'vitest';
import { fitted, kept, moved, zoomedTo, type Placement } from '../../../src/lib/viewer/zoom';

const FRAME = { width: 800, height: 600 };
const FILM = { width: 1600, height: 1000 };
const CELL = { width: 100, height: 120 };

describe('a picture in its frame', () => {
	it('is shown whole and in the middle at first, a small one enlarged', () => {
		expect(fitted(FILM, FRAME)).toEqual({ scale: 0.5, x: 0, y: 50 });
		expect(fitted(CELL, FRAME)).toEqual({ scale: 5, x: 150, y: 0 });
	});

	it('keeps the point under the pointer where it is', () => {
		const before = fitted(FILM, FRAME);
		const at = { x: 300, y: 200 };
		const after = zoomedTo(2, at, before, FILM, FRAME);
		const under = ({ scale, x, y }: Placement) => [(at.x - x) / scale, (at.y - y) / scale];
		expect(after.scale).toBe(2);
		expect(under(after)).toEqual(under(before));
	});

	it('is never smaller than whole, and never larger than the limit', () => {
		const at = { x: 0, y: 0 };
		expect(zoomedTo(0.01, at, fitted(FILM, FRAME), FILM, FRAME)).toEqual(fitted(FILM, FRAME));
		expect(zoomedTo(99, at, fitted(FILM, FRAME), FILM, FRAME).scale).toBe(16);
		// A picture smaller than the frame may be seen in its own size.
		expect(zoomedTo(0.01, at, fitted(CELL, FRAME), CELL, FRAME)).toEqual({
			scale: 1,
			x: 350,
			y: 240
		});
	});

	it('cannot be pushed out of sight', () => {
		const large = zoomedTo(1, { x: 400, y: 300 }, fitted(FILM, FRAME), FILM, FRAME);
		expect(large).toEqual({ scale: 1, x: -400, y: -200 });
		expect(moved(large, { x: 30, y: -50 }, FILM, FRAME)).toEqual({ scale: 1, x: -370, y: -250 });
		expect(moved(large, { x: 9999, y: 9999 }, FILM, FRAME)).toEqual({ scale: 1, x: 0, y: 0 });
		expect(moved(large, { x: -9999, y: -9999 }, FILM, FRAME)).toEqual({
			scale: 1,
			x: -800,
			y: -400
		});
	});

	it('stays in sight when the frame gets another size', () => {
		const placed = { scale: 1, x: -800, y: -400 };
		expect(kept(placed, FILM, { width: 1200, height: 1100 })).toEqual({ scale: 1, x: -400, y: 50 });
	});

	it('of no size, or in a frame of none, breaks nothing', () => {
		for (const nothing of [
			fitted(FILM, { width: 0, height: 0 }),
			fitted({ width: 0, height: 0 }, FRAME)
		]) {
			for (const value of Object.values(nothing)) expect(value).not.toBeNaN();
		}
	});
});
