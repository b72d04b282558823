/** Outlines as a person corrects them. */
import { describe, expect, it } from 'vitest';
import {
	areOutlinesUsable,
	boxOfOutlines,
	dragged,
	drawnOutline,
	firstOutlines,
	placeOf,
	plainLungs
} from '../../../src/lib/viewer/outline-edit';
import type { Polygon } from '../../../src/lib/intake/polygon';

const square = (left: number, top: number, side: number): Polygon => [
	[left, top],
	[left + side, top],
	[left + side, top + side],
	[left, top + side]
];
const rounded = (outlines: Polygon[]) =>
	outlines.map((points) => points.map((point) => point.map((at) => Math.round(at * 1e6) / 1e6)));

describe('outlines to begin with', () => {
	it('are those that were read, that on the left first', () => {
		const [left, right] = [square(0.1, 0.2, 0.3), square(0.6, 0.2, 0.3)];
		expect(firstOutlines([right, left])).toEqual([left, right]);
	});

	it('are plain shapes where there are not two', () => {
		expect(firstOutlines([])).toEqual(plainLungs());
		expect(firstOutlines([square(0.1, 0.1, 0.2)])).toEqual(plainLungs());
		expect(areOutlinesUsable(plainLungs())).toBe(true);
		expect(boxOfOutlines(plainLungs()).left).toBeCloseTo(0.12);
		expect(boxOfOutlines(plainLungs()).right).toBeCloseTo(0.88);
	});
});

describe('a box', () => {
	const both = [square(0.2, 0.2, 0.2), square(0.6, 0.2, 0.2)];

	it('is moved by its middle, within the picture', () => {
		expect(rounded(dragged(both, 'middle', { x: 0.6, y: 0.4 }))).toEqual(
			rounded([square(0.3, 0.3, 0.2), square(0.7, 0.3, 0.2)])
		);
		const { left, top } = boxOfOutlines(dragged(both, 'middle', { x: -1, y: -1 }));
		expect([left, top]).toEqual([0, 0]);
	});

	it('takes what lies in it along with a corner', () => {
		const [first, second] = dragged(both, 2, { x: 0.8, y: 0.6 });
		expect(rounded([first])[0][2]).toEqual([0.4, 0.6]);
		expect(rounded([second])[0][2]).toEqual([0.8, 0.6]);
		expect(placeOf(2, boxOfOutlines([first, second]))).toEqual({ x: 0.8, y: 0.6 });
	});

	it('does not turn over or vanish', () => {
		const box = boxOfOutlines(dragged(both, 0, { x: 2, y: 2 }));
		expect(box.right - box.left).toBeCloseTo(0.04);
		expect(box.bottom - box.top).toBeCloseTo(0.04);
	});
});

describe('a drawn line', () => {
	it('is a polygon within the picture, without points that hardly differ', () => {
		const line = [
			{ x: 0.1, y: 0.1 },
			{ x: 0.101, y: 0.1 },
			{ x: 0.4, y: -0.2 },
			{ x: 0.4, y: 0.7 }
		];
		expect(drawnOutline(line)).toEqual([
			[0.1, 0.1],
			[0.4, 0],
			[0.4, 0.7]
		]);
	});

	it('is a lung where it is large enough', () => {
		expect(areOutlinesUsable([square(0.1, 0.1, 0.2), square(0.5, 0.1, 0.05)])).toBe(false);
		expect(areOutlinesUsable([square(0.1, 0.1, 0.2), square(0.5, 0.1, 0.2)])).toBe(true);
		expect(areOutlinesUsable([square(0.1, 0.1, 0.2)])).toBe(false);
	});
});
