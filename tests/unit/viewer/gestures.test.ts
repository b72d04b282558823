import { beforeEach, describe, expect, it } from 'vitest';
import {
	enlarged,
	StageGestures,
	swipeOf,
	wheeled,
	type StageView
} from '../../../src/lib/viewer/gestures';
import { fitted, type Placement } from '../../../src/lib/viewer/zoom';

const picture = { width: 1000, height: 800 };
const frame = { width: 500, height: 400 };
/** Twice as large as the frame, in its middle. */
const zoomed: StageView = { placed: { scale: 1, x: -250, y: -200 }, picture, frame };
const whole: StageView = { placed: fitted(picture, frame), picture, frame };
/** The place of the picture that lies at a place of the frame. */
const under = ({ scale, x, y }: Placement, at: { x: number; y: number }) => [
	(at.x - x) / scale,
	(at.y - y) / scale
];

let gestures: StageGestures;
beforeEach(() => {
	gestures = new StageGestures();
});

describe('a drag', () => {
	it('moves the picture by as much', () => {
		gestures.press(1, { x: 100, y: 100 }, false);
		expect(gestures.drag(1, { x: 110, y: 80 }, zoomed, false)).toEqual({
			kind: 'zoom',
			zoom: { scale: 1, x: -240, y: -220 }
		});
	});

	it('of a pointer that is not down is nothing', () => {
		expect(gestures.drag(1, { x: 110, y: 80 }, zoomed, false)).toBeNull();
		gestures.press(1, { x: 100, y: 100 }, false);
		gestures.release(1);
		expect(gestures.drag(1, { x: 110, y: 80 }, zoomed, false)).toBeNull();
	});

	it.each([
		['with the right button', true, false],
		['where that is chosen', false, true]
	])('changes window and level %s, a step every three pixels', (_, isRight, dragsWindow) => {
		gestures.press(1, { x: 0, y: 0 }, isRight);
		const drag = (x: number, y: number) => gestures.drag(1, { x, y }, zoomed, dragsWindow);
		expect(drag(7, -4)).toEqual({ kind: 'window', brightness: 1, contrast: 2 });
		// What was less than a step counts with the next.
		expect(drag(9, -5)).toEqual({ kind: 'window', brightness: 0, contrast: 1 });
		expect(drag(9, -6)).toEqual({ kind: 'window', brightness: 1, contrast: 0 });
	});
});

describe('a swipe', () => {
	it('goes far enough, and along rather than across', () => {
		expect(swipeOf({ x: -90, y: 20 })).toBe('left');
		expect(swipeOf({ x: 90, y: -20 })).toBe('right');
		expect(swipeOf({ x: 30, y: 0 })).toBeNull();
		expect(swipeOf({ x: 80, y: 80 })).toBeNull();
	});
});

describe('a pinch', () => {
	it('zooms by what the fingers move apart, and keeps what lies between them there', () => {
		gestures.press(1, { x: 200, y: 200 }, false);
		gestures.press(2, { x: 300, y: 200 }, false);
		const effect = gestures.drag(2, { x: 400, y: 200 }, zoomed, false);
		expect(effect).toMatchObject({ kind: 'zoom', zoom: { scale: 2 } });
		const { zoom } = effect as { zoom: Placement };
		expect(under(zoom, { x: 300, y: 200 })).toEqual(under(zoomed.placed, { x: 250, y: 200 }));
	});
});

describe('the wheel', () => {
	const up = { deltaY: -100, deltaMode: 0, ctrlKey: false };
	const at = { x: 120, y: 90 };

	it('zooms about the place under it', () => {
		const zoom = wheeled(up, at, zoomed);
		expect(zoom.scale).toBeCloseTo(Math.exp(0.15), 9);
		under(zoom, at).forEach((place, i) =>
			expect(place).toBeCloseTo(under(zoomed.placed, at)[i], 6)
		);
	});

	it('counts lines and pages as many pixels, and a pinch on a pad more', () => {
		const scaleOf = (changes: object) =>
			wheeled({ ...up, deltaY: -1, ...changes }, at, zoomed).scale;
		expect(scaleOf({ deltaMode: 1 })).toBeCloseTo(Math.exp(0.045), 9);
		expect(scaleOf({ deltaMode: 2 })).toBeCloseTo(Math.exp(0.45), 9);
		expect(scaleOf({ ctrlKey: true })).toBeCloseTo(Math.exp(0.01), 9);
	});
});

describe('a double click', () => {
	it('shows one picture pixel on one of the screen, or twice the whole', () => {
		expect(enlarged({ x: 250, y: 200 }, whole, 1).scale).toBeCloseTo(1, 9);
		// On a fine screen the whole picture is that already.
		expect(enlarged({ x: 250, y: 200 }, whole, 2).scale).toBeCloseTo(1, 9);
		expect(enlarged({ x: 250, y: 200 }, whole, 1.5).scale).toBeCloseTo(1 / 1.5, 9);
	});
});
