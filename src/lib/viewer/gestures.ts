/** What fingers, pen, mouse and wheel do to the picture in its frame. Knows no events, no DOM. */
import { moved, zoomedTo, type Placement, type Size } from './zoom';

/** A place in the frame, CSS pixels from its left top corner. */
export interface Point {
	x: number;
	y: number;
}

/** The picture in its frame. */
export interface StageView {
	placed: Placement;
	picture: Size;
	frame: Size;
}

/** What a drag does: it moves or zooms the picture, or changes window and level by so many steps. */
export type DragEffect =
	{ kind: 'zoom'; zoom: Placement } | { kind: 'window'; brightness: number; contrast: number };

/** So far a finger moves at least for a swipe, CSS pixels; and so many times as far across as along. */
const SWIPE_REACH = 56;
const SWIPE_SLOPE = 1.5;

/** Which way a lone finger swiped over a whole picture; null where it did not. */
export function swipeOf({ x, y }: Point): 'left' | 'right' | null {
	if (Math.abs(x) < SWIPE_REACH || Math.abs(x) < SWIPE_SLOPE * Math.abs(y)) return null;
	return x < 0 ? 'left' : 'right';
}

/** CSS pixels that are dragged for one step of brightness or contrast. */
const PIXELS_PER_STEP = 3;

/** The fingers, pen or mouse that are down on the stage. */
export class StageGestures {
	readonly #pointers = new Map<number, Point & { isRight: boolean }>();
	/** What of a drag was less than a step. */
	#rest: Point = { x: 0, y: 0 };

	/** @param isRight whether it is the mouse's right button, which changes window and level. */
	press(id: number, at: Point, isRight: boolean): void {
		this.#pointers.set(id, { ...at, isRight });
	}

	/**
	 * A pointer moved.
	 * @param dragsWindow whether every drag changes window and level.
	 * @returns null where the pointer is not down.
	 */
	drag(id: number, now: Point, view: StageView, dragsWindow: boolean): DragEffect | null {
		const before = this.#pointers.get(id);
		if (!before) return null;
		const { isRight } = before;
		const other = [...this.#pointers].find(([one]) => one !== id)?.[1];
		this.#pointers.set(id, { ...now, isRight });
		if (other) return { kind: 'zoom', zoom: pinched(before, now, other, view) };
		const by = { x: now.x - before.x, y: now.y - before.y };
		if (isRight || dragsWindow) return this.#windowSteps(by);
		return { kind: 'zoom', zoom: moved(view.placed, by, view.picture, view.frame) };
	}

	/** However it ended: a finger that is forgotten here would make the next one a pinch. */
	release(id: number): void {
		this.#pointers.delete(id);
	}

	#windowSteps({ x, y }: Point): DragEffect {
		const sum = { x: this.#rest.x + x, y: this.#rest.y + y };
		const steps = {
			x: Math.trunc(sum.x / PIXELS_PER_STEP),
			y: Math.trunc(sum.y / PIXELS_PER_STEP)
		};
		this.#rest = {
			x: sum.x - steps.x * PIXELS_PER_STEP,
			y: sum.y - steps.y * PIXELS_PER_STEP
		};
		// Up is brighter, right has more contrast.
		return { kind: 'window', brightness: 0 - steps.y, contrast: steps.x };
	}
}

/** One of two fingers moved: what was between them stays between them. */
function pinched(
	before: Point,
	now: Point,
	other: Point,
	{ placed, picture, frame }: StageView
): Placement {
	const gap = (point: Point) => Math.hypot(point.x - other.x, point.y - other.y);
	const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
	const by = { x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 };
	const scale = placed.scale * (gap(now) / Math.max(1, gap(before)));
	return zoomedTo(scale, middle, moved(placed, by, picture, frame), picture, frame);
}

/** The picture after the wheel was turned over a place. */
export function wheeled(
	{ deltaY, deltaMode, ctrlKey }: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>,
	at: Point,
	{ placed, picture, frame }: StageView
): Placement {
	// Lines and pages in place of pixels: some mice in Firefox. A pinch on a pad is a wheel
	// with Ctrl, in small steps.
	const unit = deltaMode === 0 ? 1 : deltaMode === 1 ? 30 : 300;
	const strength = ctrlKey ? 0.01 : 0.0015;
	const scale = placed.scale * Math.exp(-deltaY * unit * strength);
	return zoomedTo(scale, at, placed, picture, frame);
}

/**
 * The picture after a double click on it while it was whole: one picture pixel on one pixel of the
 * screen, or twice the fit where that is no change.
 * @param pixelRatio pixels of the screen a CSS pixel.
 */
export function enlarged(
	at: Point,
	{ placed, picture, frame }: StageView,
	pixelRatio: number
): Placement {
	const own = 1 / pixelRatio;
	const scale = own > placed.scale * 1.01 ? own : placed.scale * 2;
	return zoomedTo(scale, at, placed, picture, frame);
}
