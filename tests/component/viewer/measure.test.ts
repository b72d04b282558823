/** Measuring a length on an image: with the mouse, with a finger, with keys alone. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { NO_FACTS, type PixelSpacing } from '../../../src/lib/formats/facts';
import { readRow } from '../../unit/helpers/rows';
import { boxOf, centreOf } from '../helpers/geometry';
import { pictureOf } from '../helpers/pictures';
import { manifestFor } from '../helpers/shipped';
import ViewerHost from './ViewerHost.svelte';
import { soon } from '../../helpers/soon';

const manifest = manifestFor('chest-xray-pneumonia');
const SIZE = { width: 600, height: 400 };
const start = page.getByRole('button', { name: /^One end of the line/ });
const end = page.getByRole('button', { name: /^The other end of the line/ });
const measured = page.getByTestId('measured');
const picture = () => document.querySelector('[data-testid=stage] img')!;

beforeEach(() => page.viewport(1200, 800));

async function shown(spacing: PixelSpacing | null = null) {
	const onMove = vi.fn();
	const file = new File([await pictureOf(SIZE.width, SIZE.height)], 'a.png', { type: 'image/png' });
	const row = readRow(0, 0.9, 'a.png');
	const entry = { ...row.entry, open: () => Promise.resolve(file) };
	const facts = spacing && { ...NO_FACTS, spacing };
	await render(ViewerHost, { rows: [{ ...row, ...SIZE, entry, facts }], manifest, onMove });
	await soon(() => expect(boxOf(picture()).width).toBeGreaterThan(100));
	return onMove;
}

/** CSS pixels on which one pixel of the picture lies. */
const scale = () => boxOf(picture()).width / SIZE.width;
const lengthSaid = () => Number(/[\d.,]+/.exec(measured.element().textContent)?.[0]);

async function begin() {
	await page.getByRole('button', { name: 'Measure', exact: true }).click();
	await expect.element(start).toBeVisible();
}

/** Drag an end over so many pixels of the picture, with the mouse. */
async function drag(handle: typeof start, x: number, y: number) {
	const from = centreOf(handle);
	const { left, top } = boxOf(picture());
	await userEvent.dragAndDrop(handle, picture(), {
		targetPosition: { x: from.x + x * scale() - left, y: from.y + y * scale() - top }
	});
}

/** The same with a finger. */
async function dragByFinger(handle: typeof start, x: number, y: number) {
	const page = window.frameElement?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth);
	// The frame of the tests may be drawn smaller than it is.
	const drawnAt = page.width / innerWidth;
	const from = centreOf(handle);
	const touch = (type: string, share: number | null) =>
		cdp().send('Input.dispatchTouchEvent', {
			type,
			touchPoints:
				share === null
					? []
					: [
							{
								id: 1,
								x: page.left + drawnAt * (from.x + share * x * scale()),
								y: page.top + drawnAt * (from.y + share * y * scale())
							}
						]
		} as never);
	await touch('touchStart', 0);
	for (const share of [0.3, 0.6, 1]) await touch('touchMove', share);
	await touch('touchEnd', null);
}

describe('a length is measured', () => {
	it('between two ends, which are there at once, in the middle', async () => {
		await shown();
		await begin();
		const frame = boxOf(page.getByTestId('stage'));
		expect(centreOf(start).y).toBeCloseTo(frame.top + frame.height / 2, 0);
		const wanted = (centreOf(end).x - centreOf(start).x) / scale();
		expect(Math.abs(lengthSaid() - wanted)).toBeLessThanOrEqual(1);
		await expect.element(measured).toHaveTextContent(/pixels.*does not say how many millimetres/);
	});

	it.each([
		['with the mouse', drag],
		['with a finger, and the image does not go on', dragByFinger]
	])('%s', async (_, by) => {
		const onMove = await shown();
		await begin();
		const before = lengthSaid();
		const place = boxOf(picture());
		await by(end, 60, 0);
		await soon(() => expect(Math.abs(lengthSaid() - before - 60)).toBeLessThanOrEqual(2));
		expect(onMove).not.toHaveBeenCalled();
		expect(boxOf(picture()).left).toBe(place.left);
	});

	it('with keys alone; the arrows move the end, not the viewer', async () => {
		const onMove = await shown();
		await userEvent.keyboard('d');
		await expect.element(end).toBeVisible();
		const before = lengthSaid();
		end.element().focus();
		for (let i = 0; i < 3; i++) await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}');
		await soon(() => expect(lengthSaid()).toBeGreaterThan(before + 5));
		expect(onMove).not.toHaveBeenCalled();
		await userEvent.keyboard('d');
		await expect.element(end).not.toBeInTheDocument();
	});

	it.each([
		['imager', /at the detector \(Imager Pixel Spacing/],
		['pixel', /by the Pixel Spacing/]
	] as const)(
		'in millimetres where the file says how large a pixel is: %s',
		async (source, says) => {
			await shown({ down: 0.2, across: 0.2, source });
			await begin();
			const pixels = (centreOf(end).x - centreOf(start).x) / scale();
			expect(Math.abs(lengthSaid() - 0.2 * pixels)).toBeLessThan(0.3);
			await expect.element(measured).toHaveTextContent(/mm/);
			await expect.element(measured).toHaveTextContent(says);
		}
	);

	it('on the picture as it is seen: turned and mirrored', async () => {
		await shown({ down: 0.1, across: 0.3, source: 'pixel' });
		await begin();
		const across = lengthSaid();
		await page.getByRole('button', { name: 'Rotate', exact: true }).click();
		await page.getByRole('button', { name: 'Mirror', exact: true }).click();
		// The line is upright now, and as long as it was: it is of the picture.
		await soon(() => expect(centreOf(start).x).toBeCloseTo(centreOf(end).x, 0));
		expect(lengthSaid()).toBe(across);
	});

	it('and is gone with the next press', async () => {
		await shown();
		await begin();
		await page.getByRole('button', { name: 'Measure', exact: true }).click();
		await expect.element(start).not.toBeInTheDocument();
		await expect.element(measured).not.toBeInTheDocument();
	});
});
