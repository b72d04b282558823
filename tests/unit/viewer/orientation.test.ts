import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	isUpright,
	matrixOf,
	mirrored,
	pictureAt,
	sizeSeen,
	turned,
	UPRIGHT,
	type Orientation
} from '../../../src/lib/viewer/orientation';

const SIZE = { width: 30, height: 20 };

/** Where the browser puts a point by the CSS matrix. */
function seenAt(x: number, y: number, orientation: Orientation) {
	const [a, b, c, d, e, f] = matrixOf(SIZE, orientation).slice(7, -1).split(', ').map(Number);
	return { x: a * x + c * y + e, y: b * x + d * y + f };
}

describe('a picture that is turned and mirrored', () => {
	it('has its left top corner where the hand put it', () => {
		const quarter = turned(UPRIGHT);
		expect(sizeSeen(SIZE, quarter)).toEqual({ width: 20, height: 30 });
		// Clockwise: the left top corner goes to the right top.
		expect(seenAt(0, 0, quarter)).toEqual({ x: 20, y: 0 });
		expect(seenAt(0, 0, turned(quarter))).toEqual({ x: 30, y: 20 });
		expect(seenAt(0, 0, turned(turned(quarter)))).toEqual({ x: 0, y: 30 });
		expect(seenAt(0, 0, mirrored(UPRIGHT))).toEqual({ x: 30, y: 0 });
		// What is seen is turned, mirrored or not.
		expect(seenAt(0, 0, turned(mirrored(UPRIGHT)))).toEqual({ x: 20, y: 30 });
	});

	it('is as it was after four turns, and after two mirrors', () => {
		for (const start of [UPRIGHT, mirrored(UPRIGHT)]) {
			expect(turned(turned(turned(turned(start))))).toEqual(start);
			expect(mirrored(mirrored(start))).toEqual(start);
		}
		expect([isUpright(UPRIGHT), isUpright(turned(UPRIGHT))]).toEqual([true, false]);
	});

	it('gives the point of the picture that is under a finger', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(0, 1, 2, 3),
				fc.boolean(),
				fc.integer({ min: 0, max: 30 }),
				fc.integer({ min: 0, max: 20 }),
				(turns, isMirrored, x, y) => {
					const orientation = { quarterTurns: turns as 0 | 1 | 2 | 3, isMirrored };
					const back = pictureAt(seenAt(x, y, orientation), SIZE, orientation);
					expect(back.x).toBeCloseTo(x);
					expect(back.y).toBeCloseTo(y);
				}
			)
		);
	});
});
