/** The picture in its frame: whole at first, then wherever it is moved, never out of sight. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { Region } from '../../../src/lib/regions/region';
import type { WindowLevel } from '../../../src/lib/viewer/window-level';
import { areApart, boxOf, centreOf, drawn, isWithin } from '../helpers/geometry';
import { pictureOf } from '../helpers/pictures';
import StageHost from './StageHost.svelte';
import { soon } from '../../helpers/soon';

const stage = page.getByTestId('stage');
const picture = page.getByRole('img', { name: 'A film' });
const heatMap = page.getByTestId('heat-map');
const SIZE = { width: 800, height: 400 };

let address: string;
beforeEach(async () => {
	await page.viewport(1000, 800);
	scrollTo(0, 0);
	address = URL.createObjectURL(await pictureOf(SIZE.width, SIZE.height));
});
afterEach(() => URL.revokeObjectURL(address));

async function shown(props: Partial<Parameters<typeof render<typeof StageHost>>[1]> = {}) {
	await render(StageHost, { address, ...props });
	// As wide as its frame once its size is known.
	await soon(() => expect(boxOf(picture).width).toBeCloseTo(400, 0));
}

/** Which point of the picture is at a point of the frame, as shares of the picture's sides. */
function underFrame(at: { x: number; y: number }) {
	const frame = boxOf(stage);
	const { left, top, width, height } = boxOf(picture);
	return { x: (frame.left + at.x - left) / width, y: (frame.top + at.y - top) / height };
}

const magnified = () => boxOf(picture).width / SIZE.width;

const dragged = (from: { x: number; y: number }, to: { x: number; y: number }) =>
	userEvent.dragAndDrop(stage, stage, { sourcePosition: from, targetPosition: to });

/** Turn the wheel over a point of the frame. */
async function wheeled(at: { x: number; y: number }, deltaY: number) {
	const { left, top } = boxOf(stage);
	const event = new WheelEvent('wheel', {
		deltaY,
		clientX: left + at.x,
		clientY: top + at.y,
		bubbles: true,
		cancelable: true
	});
	stage.element().dispatchEvent(event);
	await drawn();
	return event;
}

describe('a picture', () => {
	it('is whole and in the middle at first, with its own shape', async () => {
		await shown();
		const box = boxOf(picture);
		expect(isWithin(box, boxOf(stage))).toBe(true);
		expect(box.width / box.height).toBeCloseTo(SIZE.width / SIZE.height, 2);
		expect(centreOf(picture).y).toBeCloseTo(centreOf(stage).y, 0);
	});

	it('grows under the wheel with the point under the pointer in its place', async () => {
		await shown();
		const at = { x: 120, y: 140 };
		const before = underFrame(at);
		const event = await wheeled(at, -400);
		expect(magnified()).toBeGreaterThan(0.75);
		expect(underFrame(at).x).toBeCloseTo(before.x, 2);
		expect(underFrame(at).y).toBeCloseTo(before.y, 2);
		// The page does not scroll too.
		expect(event.defaultPrevented).toBe(true);
	});

	it('follows the mouse, and never leaves its frame', async () => {
		await shown();
		await wheeled({ x: 200, y: 150 }, -1200);
		const { x, y } = boxOf(picture);
		await dragged({ x: 200, y: 150 }, { x: 170, y: 130 });
		expect(boxOf(picture).x).toBeCloseTo(x - 30, 0);
		expect(boxOf(picture).y).toBeCloseTo(y - 20, 0);
		for (let i = 0; i < 8; i++) await dragged({ x: 20, y: 20 }, { x: 380, y: 280 });
		const [inner, frame] = [boxOf(picture), boxOf(stage)];
		// Its corner is in the frame's corner: no gap, and not beyond.
		expect(inner.left).toBeCloseTo(frame.left, 0);
		expect(inner.top).toBeCloseTo(frame.top, 0);
		expect(areApart(inner, frame)).toBe(false);
	});

	it('is shown pixel by pixel after a double click, and whole after another', async () => {
		await shown();
		await userEvent.dblClick(stage);
		await soon(() => expect(magnified() * devicePixelRatio).toBeCloseTo(1, 2));
		await userEvent.dblClick(stage);
		await soon(() => expect(isWithin(boxOf(picture), boxOf(stage))).toBe(true));
	});

	it('is stretched by two fingers, and the page under them stays', async () => {
		await shown();
		const { left, top } = boxOf(stage);
		const offset = window.frameElement?.getBoundingClientRect() ?? { left: 0, top: 0 };
		const finger = (id: number, x: number, y: number) => ({
			id,
			x: offset.left + left + x,
			y: offset.top + top + y
		});
		const touch = (type: string, touchPoints: object[]) =>
			cdp().send('Input.dispatchTouchEvent', { type, touchPoints } as never);
		await touch('touchStart', [finger(1, 180, 150), finger(2, 220, 150)]);
		for (const by of [10, 20, 30, 40]) {
			await touch('touchMove', [finger(1, 180 - by, 150), finger(2, 220 + by, 150)]);
		}
		await touch('touchEnd', []);
		// The fingers are three times as far apart.
		await soon(() => expect(magnified()).toBeCloseTo(1.5, 1));
		expect(visualViewport?.scale).toBe(1);
		expect(scrollY).toBe(0);
	});
});

describe('the heat map', () => {
	const map = Uint8Array.from([0, 255, 0, 0]);

	it('lies exactly over the picture, wherever that is', async () => {
		await shown({ map });
		for (const turn of [0, -600, -900]) {
			await wheeled({ x: 90, y: 200 }, turn);
			const [over, under] = [boxOf(heatMap), boxOf(picture)];
			for (const side of ['left', 'top', 'width', 'height'] as const) {
				expect(over[side], side).toBeCloseTo(under[side], 1);
			}
		}
	});

	it('is strong where its value is high', async () => {
		await shown({ map });
		await drawn();
		const canvas = heatMap.element() as HTMLCanvasElement;
		const { width, height } = canvas;
		const opacity = (x: number, y: number) =>
			canvas.getContext('2d')!.getImageData(x * width, y * height, 1, 1).data[3];
		expect(opacity(0.9, 0.1)).toBeGreaterThan(100);
		expect(opacity(0.1, 0.9)).toBeLessThan(20);
	});
});

it('dragging changes brightness and contrast instead where that was chosen', async () => {
	const onWindow = vi.fn<(windowLevel: WindowLevel) => void>();
	await shown({ dragsWindow: true, onWindow });
	const before = boxOf(picture);
	await dragged({ x: 100, y: 200 }, { x: 160, y: 140 });
	const { brightness, contrast } = onWindow.mock.lastCall![0];
	expect(brightness).toBeGreaterThan(10);
	expect(contrast).toBeGreaterThan(10);
	expect(boxOf(picture).x).toBe(before.x);
});

it('a picture that is not there yet is said to be opened', async () => {
	await render(StageHost, { address: null });
	await expect.element(page.getByRole('status')).toHaveTextContent(/opening|open/i);
});

describe('the outline of what was read', () => {
	const region: Region = {
		outlines: [
			[
				[0.1, 0.2],
				[0.4, 0.2],
				[0.4, 0.9]
			],
			[
				[0.6, 0.25],
				[0.9, 0.3],
				[0.7, 0.8]
			]
		],
		notes: [],
		box: [0, 0, 1, 1],
		turnedBack: 0
	};
	const outline = page.getByRole('img', { name: 'Outline of the lungs that were read' });

	/** The least box around the lines, in shares of the picture. */
	function extent() {
		const path = outline.element().querySelector('path')!.getBoundingClientRect();
		const { left, top, width, height } = boxOf(picture);
		return [
			(path.left - left) / width,
			(path.top - top) / height,
			(path.right - left) / width,
			(path.bottom - top) / height
		];
	}

	it('lies where it was found, and stays there when the picture is moved and enlarged', async () => {
		await shown({ region });
		const expected = [0.1, 0.2, 0.9, 0.9];
		extent().forEach((share, i) => expect(share).toBeCloseTo(expected[i], 2));
		await wheeled({ x: 100, y: 100 }, -600);
		expect(magnified()).toBeGreaterThan(0.6);
		extent().forEach((share, i) => expect(share).toBeCloseTo(expected[i], 2));
		await dragged({ x: 200, y: 150 }, { x: 120, y: 100 });
		extent().forEach((share, i) => expect(share).toBeCloseTo(expected[i], 2));
	});

	it('is not there where nothing was found', async () => {
		await shown({ region: { ...region, outlines: [] } });
		await expect.element(outline).not.toBeInTheDocument();
	});

	it('is not there where the whole picture was read, or where it is switched off', async () => {
		await shown({ region: null });
		await expect.element(outline).not.toBeInTheDocument();
	});
});
