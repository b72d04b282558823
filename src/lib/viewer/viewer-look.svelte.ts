/** How the viewer shows its image, zoom, window and level, and heat map, and what its keys do to that. */
import type { ViewerAction } from './keys';
import { firstLine, type MeasuredLine } from './measure';
import { PLAIN_WINDOW, withWindow, type WindowLevel } from './window-level';
import { mirrored, sizeSeen, turned, UPRIGHT, type Orientation } from './orientation';
import { stagePlaces } from './stage-places';
import { moved, placedBy, zoomedTo, type Placement, type Size } from './zoom';

const ZOOM_STEP = 1.25;
/** CSS pixels that a key moves the picture. */
const PAN_STEP = 80;
const WINDOW_STEP = 5;
const HEAT_STEP = 0.1;

/** Actions that change what is said of the image. */
const REVIEWS = ['present', 'absent', 'unsure', 'undo', 'note'] as const;
type ReviewAction = (typeof REVIEWS)[number];
const CHANGES_REVIEW: ReadonlySet<ViewerAction> = new Set(REVIEWS);

/** What the page does for the keys that do not change the look. */
export type PageActions = Record<ReviewAction | 'next' | 'previous', () => void>;

/** Whether an action changes a review, which a page that only follows must not. */
export function changesReview(action: ViewerAction): boolean {
	return CHANGES_REVIEW.has(action);
}

export class ViewerLook {
	/** Size of the image; of one whose header was not read, of what the browser drew. */
	picture: Size = $state.raw({ width: 4, height: 3 });
	/** Size of the frame, CSS pixels. */
	frame: Size = $state.raw({ width: 0, height: 0 });
	/** Null shows the whole picture. */
	zoom: Placement | null = $state.raw(null);
	windowLevel: WindowLevel = $state.raw(PLAIN_WINDOW);
	/** How the picture is turned here; it was read as the file has it. */
	orientation: Orientation = $state.raw(UPRIGHT);
	/** Whether the person asks which places counted, of this image and of the next ones. */
	showsHeat = $state(false);
	/** Opacity of the heat map, 0..1. */
	heat = $state(0.5);
	/** Whether dragging changes window and level in place of the picture's place. */
	dragsWindow = $state(false);
	/** Whether the outline of what was read lies over the picture. */
	showsOutline = $state(true);
	showsKeys = $state(false);
	/** The line that is measured, in pixels of the picture; null where none is. */
	line: MeasuredLine | null = $state.raw(null);

	/** Another image: it is seen first as it is, what helped with the last one may hide something. */
	renew(picture: Size): void {
		this.picture = picture;
		this.zoom = null;
		this.windowLevel = PLAIN_WINDOW;
		this.orientation = UPRIGHT;
		this.line = null;
	}

	/** Turn what is seen by a quarter clockwise, and show the whole of it. */
	turn(): void {
		this.orientation = turned(this.orientation);
		this.zoom = null;
	}

	/** Exchange left and right of what is seen. */
	mirror(): void {
		this.orientation = mirrored(this.orientation);
		this.zoom = null;
	}

	/** Begin to measure in the middle of what is in sight, or end it. */
	measure(): void {
		if (this.line) {
			this.line = null;
			return;
		}
		const { picture, orientation, frame } = this;
		const placed = placedBy(this.zoom, this.seen, frame);
		this.line = firstLine(
			frame,
			picture,
			stagePlaces(picture, orientation, placed, frame).pictureAt
		);
	}

	/** Size of the picture as it is seen. */
	private get seen(): Size {
		return sizeSeen(this.picture, this.orientation);
	}

	changeZoom(to: 'in' | 'out' | 'fit' | 'own-size'): void {
		const { frame } = this;
		const picture = this.seen;
		const placed = placedBy(this.zoom, picture, frame);
		const scales = {
			in: placed.scale * ZOOM_STEP,
			out: placed.scale / ZOOM_STEP,
			// One picture pixel on one pixel of the screen.
			'own-size': 1 / devicePixelRatio
		};
		const middle = { x: frame.width / 2, y: frame.height / 2 };
		this.zoom = to === 'fit' ? null : zoomedTo(scales[to], middle, placed, picture, frame);
	}

	resetWindow(): void {
		this.windowLevel = PLAIN_WINDOW;
	}

	/** What each action does. */
	actions(page: PageActions): Record<ViewerAction, () => void> {
		return {
			...page,
			'zoom-in': () => this.changeZoom('in'),
			'zoom-out': () => this.changeZoom('out'),
			fit: () => this.changeZoom('fit'),
			'own-size': () => this.changeZoom('own-size'),
			left: () => this.pan(1, 0),
			right: () => this.pan(-1, 0),
			up: () => this.pan(0, 1),
			down: () => this.pan(0, -1),
			brighter: () => this.changeWindow(WINDOW_STEP, 0),
			darker: () => this.changeWindow(-WINDOW_STEP, 0),
			'more-contrast': () => this.changeWindow(0, WINDOW_STEP),
			'less-contrast': () => this.changeWindow(0, -WINDOW_STEP),
			rotate: () => this.turn(),
			mirror: () => this.mirror(),
			measure: () => this.measure(),
			invert: () =>
				(this.windowLevel = { ...this.windowLevel, inverted: !this.windowLevel.inverted }),
			'reset-window': () => this.resetWindow(),
			'heat-map': () => (this.showsHeat = !this.showsHeat),
			'more-heat': () => this.changeHeat(HEAT_STEP),
			'less-heat': () => this.changeHeat(-HEAT_STEP),
			outline: () => (this.showsOutline = !this.showsOutline),
			keys: () => (this.showsKeys = !this.showsKeys)
		};
	}

	private pan(x: number, y: number): void {
		const by = { x: x * PAN_STEP, y: y * PAN_STEP };
		if (this.zoom) this.zoom = moved(this.zoom, by, this.seen, this.frame);
	}

	private changeWindow(brightness: number, contrast: number): void {
		const { windowLevel } = this;
		this.windowLevel = withWindow(
			windowLevel,
			windowLevel.brightness + brightness,
			windowLevel.contrast + contrast
		);
	}

	private changeHeat(by: number): void {
		this.heat = Math.min(1, Math.max(0, Math.round((this.heat + by) * 20) / 20));
	}
}
