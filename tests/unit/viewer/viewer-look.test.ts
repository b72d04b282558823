import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KEY_RULES } from '../../../src/lib/viewer/keys';
import { PLAIN_WINDOW } from '../../../src/lib/viewer/window-level';
import { changesReview, ViewerLook } from '../../../src/lib/viewer/viewer-look.svelte';
import { fitted } from '../../../src/lib/viewer/zoom';

const picture = { width: 1000, height: 800 };
let look: ViewerLook;
const page = {
	present: vi.fn(),
	absent: vi.fn(),
	unsure: vi.fn(),
	undo: vi.fn(),
	note: vi.fn(),
	next: vi.fn(),
	previous: vi.fn()
};
const does = () => look.actions(page);

beforeEach(() => {
	vi.clearAllMocks();
	vi.stubGlobal('devicePixelRatio', 2);
	look = new ViewerLook();
	look.frame = { width: 500, height: 400 };
	look.renew(picture);
});

afterEach(() => vi.unstubAllGlobals());

describe('the look of an image in the viewer', () => {
	it('has something to do for every key of the help', () => {
		expect(Object.keys(does()).sort()).toEqual(KEY_RULES.map(({ action }) => action).sort());
	});

	it('zooms about the middle and pans only what is zoomed', () => {
		const fit = fitted(picture, look.frame).scale;
		does().left();
		expect(look.zoom).toBeNull();
		does()['zoom-in']();
		expect(look.zoom?.scale).toBeCloseTo(fit * 1.25, 9);
		expect(look.zoom?.x).toBeCloseTo(-62.5, 9);
		does().right();
		expect(look.zoom?.x).toBeCloseTo(-125, 9);
		// One picture pixel on one of the screen, but no smaller than the whole picture.
		does()['own-size']();
		expect(look.zoom?.scale).toBeCloseTo(0.5, 9);
		does().fit();
		expect(look.zoom).toBeNull();
	});

	it('starts as it is with each image; the heat map stays as it was chosen', () => {
		does()['zoom-in']();
		does().brighter();
		does().invert();
		does()['less-heat']();
		expect(look.windowLevel).toEqual({ brightness: 5, contrast: 0, inverted: true });
		look.renew({ width: 40, height: 30 });
		expect(look).toMatchObject({ zoom: null, windowLevel: PLAIN_WINDOW, heat: 0.4 });
		expect(look.picture).toEqual({ width: 40, height: 30 });
	});

	it('shows no heat map until it is asked for, then as strong as it was', () => {
		expect(look.showsHeat).toBe(false);
		does()['more-heat']();
		does()['heat-map']();
		expect(look.showsHeat).toBe(true);
		look.renew({ width: 40, height: 30 });
		does()['heat-map']();
		expect(look).toMatchObject({ showsHeat: false, heat: 0.6 });
		for (let i = 0; i < 20; i++) does()['more-heat']();
		expect(look.heat).toBe(1);
	});

	it('measures in the middle of what is in sight, until another image is shown', () => {
		does().measure();
		// By hand: 0.3 and 0.7 of the frame's 500 pixels, its half of 400, at half size.
		expect(look.line).toEqual([
			{ x: 300, y: 400 },
			{ x: 700, y: 400 }
		]);
		does().measure();
		expect(look.line).toBeNull();
		does().measure();
		look.renew({ width: 40, height: 30 });
		expect(look.line).toBeNull();
	});

	it('leaves what is said of the image to the page', () => {
		does().present();
		does().next();
		expect([page.present, page.next].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
		const said = KEY_RULES.map(({ action }) => action).filter(changesReview);
		expect(said).toEqual(['present', 'absent', 'unsure', 'undo', 'note']);
	});
});
