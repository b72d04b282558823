import { describe, expect, it } from 'vitest';
import { firstLine, lengthOf, withinPicture } from '../../../src/lib/viewer/measure';
import { stagePlaces } from '../../../src/lib/viewer/stage-places';

describe('a length on a picture', () => {
	const line = [
		{ x: 10, y: 20 },
		{ x: 40, y: 60 }
	] as const;

	it('is in pixels where nobody knows how large one is', () => {
		// By hand: 30, 40, 50.
		expect(lengthOf(line, null)).toEqual({ value: 50, unit: 'pixels' });
	});

	it('is in millimetres where a pixel has a size, which may differ across and down', () => {
		// By hand: 30 x 0.4 = 12, 40 x 0.125 = 5, 13.
		const { value, unit } = lengthOf(line, { across: 0.4, down: 0.125, source: 'pixel' });
		expect(value).toBeCloseTo(13, 9);
		expect(unit).toBe('mm');
	});
});

describe('the line', () => {
	const picture = { width: 800, height: 400 };
	const frame = { width: 400, height: 300 };

	it('begins level in the middle of what is in sight, on the picture', () => {
		// Twice as large as it is, its left top corner at (-200, -100) of the frame.
		const placed = { scale: 2, x: -200, y: -100 };
		const upright = { quarterTurns: 0, isMirrored: false } as const;
		const places = stagePlaces(picture, upright, placed, frame);
		const [from, to] = firstLine(frame, picture, places.pictureAt);
		// By hand: (0.3 x 400 + 200) / 2, (0.7 x 400 + 200) / 2, (150 + 100) / 2.
		expect([from, to]).toEqual([
			{ x: 160, y: 125 },
			{ x: 240, y: 125 }
		]);
		expect(places.seenAt(from)).toEqual({ x: 120, y: 150 });
	});

	it('stays on the picture', () => {
		expect(withinPicture({ x: -3, y: 500 }, picture)).toEqual({ x: 0, y: 400 });
	});

	it('lies where the picture is, turned and mirrored too', () => {
		// Turned by a quarter the picture is seen 400 x 800, half as large in the frame: 150 x 300.
		const placed = { scale: 0.375, x: 125, y: 0 };
		const quarter = { quarterTurns: 1, isMirrored: false } as const;
		const places = stagePlaces(picture, quarter, placed, frame);
		// The picture's left top corner is seen at the right top.
		expect(places.seenAt({ x: 0, y: 0 })).toEqual({ x: 275, y: 0 });
		expect(places.pictureAt({ x: 275, y: 0 })).toEqual({ x: 0, y: 0 });
	});
});
