/** Marking the film in a photograph of it. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import FilmCorners from '../../../src/lib/components/viewer/FilmCorners.svelte';
import { FIRST_CORNERS, type Corners } from '../../../src/lib/intake/corners';
import { readRow } from '../../unit/helpers/rows';
import { boxOf, centreOf, isWithin } from '../helpers/geometry';
import { pictureOf } from '../helpers/pictures';
import { soon } from '../../helpers/soon';

const corner = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} corner`) });
const NAMES = ['Upper left', 'Upper right', 'Lower right', 'Lower left'];
const picture = () => document.querySelector('dialog .picture')!;

/** Where a corner's middle is, as shares of the picture. */
function placeOf(name: string) {
	const { left, top, width, height } = boxOf(picture());
	const { x, y } = centreOf(corner(name));
	return { x: (x - left) / width, y: (y - top) / height };
}

/** No other picture of the list may be a photograph. */
const NO_MORE = { count: 0, read: () => undefined };

/** A film on a lit box: its corners lie at 20 % and 80 %, 15 % and 90 %. */
async function photographOf(width: number, height: number): Promise<Blob> {
	const canvas = new OffscreenCanvas(width, height);
	const context = canvas.getContext('2d')!;
	context.fillStyle = '#eee';
	context.fillRect(0, 0, width, height);
	context.fillStyle = '#555';
	context.fillRect(0.2 * width, 0.15 * height, 0.6 * width, 0.75 * height);
	context.fillStyle = '#aaa';
	for (let i = 0; i < 10; i++) {
		context.fillRect((0.2 + i * 0.06) * width, 0.15 * height, 18, 0.75 * height);
	}
	return canvas.convertToBlob();
}

beforeEach(() => page.viewport(1000, 800));

/** @param photo what is opened; else a picture without a film. */
async function opened(photo?: Blob) {
	const file = new File([photo ?? (await pictureOf(600, 400))], 'photo.png', { type: 'image/png' });
	const row = readRow(0, 0.5, 'photo.png');
	const onCrop = vi.fn<(corners: Corners | null) => void>();
	const entry = { ...row.entry, open: () => Promise.resolve(file) };
	await render(FilmCorners, { row: { ...row, entry }, photographs: NO_MORE, onCrop });
	await page.getByRole('button', { name: /mark it/ }).click();
	await expect.element(corner('Upper left')).toBeVisible();
	await soon(() => expect(boxOf(picture()).width).toBeGreaterThan(150));
	return onCrop;
}

it('all photographs of the list are offered to be read again, and how many', async () => {
	const read = vi.fn();
	const row = readRow(0, 0.5, 'photo.png');
	await render(FilmCorners, { row, photographs: { count: 12, read }, onCrop: vi.fn() });
	await page.getByRole('button', { name: /All pictures are photographs of films.*\(12\)/ }).click();
	expect(read).toHaveBeenCalledOnce();
});

describe('the corners of a film', () => {
	it('begin inside the photograph, in the order of their names', async () => {
		await opened();
		const places = NAMES.map(placeOf);
		for (const { x, y } of places) expect(x > 0 && x < 1 && y > 0 && y < 1).toBe(true);
		expect(places.map(({ x, y }) => [x > 0.5, y > 0.5])).toEqual([
			[false, false],
			[true, false],
			[true, true],
			[false, true]
		]);
	});

	it('begin where the program finds the film, which it says', async () => {
		await opened(await photographOf(600, 400));
		await expect.element(page.getByText(/The program found these corners/)).toBeVisible();
		const places = NAMES.map(placeOf);
		const wanted = [
			[0.2, 0.15],
			[0.8, 0.15],
			[0.8, 0.9],
			[0.2, 0.9]
		];
		places.forEach(({ x, y }, i) => {
			expect(Math.abs(x - wanted[i][0])).toBeLessThan(0.02);
			expect(Math.abs(y - wanted[i][1])).toBeLessThan(0.02);
		});
	});

	it('are not there while the program looks for them: nothing moves under the hand', async () => {
		const row = readRow(0, 0.5, 'photo.png');
		const file = new File([await pictureOf(600, 400)], 'photo.png', { type: 'image/png' });
		// The picture is opened twice: to be shown, and to be looked through.
		let give: (file: File) => void = () => undefined;
		const waiting = new Promise<File>((resolve) => (give = resolve));
		const open = vi.fn().mockResolvedValueOnce(file).mockReturnValue(waiting);
		const entry = { ...row.entry, open };
		await render(FilmCorners, { row: { ...row, entry }, photographs: NO_MORE, onCrop: vi.fn() });
		await page.getByRole('button', { name: /mark it/ }).click();
		await expect.element(page.getByText(/Looking for the film/)).toBeVisible();
		await expect.element(corner('Upper left')).not.toBeInTheDocument();
		await expect.element(page.getByRole('button', { name: /^Read the marked/ })).toBeDisabled();
		give(file);
		await expect.element(corner('Upper left')).toBeVisible();
	});

	it('have names that are seen, within the picture', async () => {
		await opened();
		for (const name of NAMES) {
			const label = page.getByText(`${name} corner`, { exact: true });
			await expect.element(label).toBeVisible();
			expect(isWithin(boxOf(label), boxOf(picture()))).toBe(true);
		}
	});

	it('stay where they are where no film is found, which it says, until one is moved', async () => {
		await opened();
		await expect.element(page.getByText(/No film was found/)).toBeVisible();
		corner('Upper left').element().focus();
		await userEvent.keyboard('{ArrowRight}');
		await expect.element(page.getByText(/No film was found/)).not.toBeInTheDocument();
	});

	it('are enlarged while they are held', async () => {
		await opened();
		await expect.element(page.getByTestId('loupe')).not.toBeInTheDocument();
		corner('Upper left').element().focus();
		await expect.element(page.getByTestId('loupe')).toBeVisible();
		// In the other half: it does not lie on what is marked.
		const { left } = boxOf(page.getByTestId('loupe'));
		expect(left).toBeGreaterThan(centreOf(corner('Upper left')).x);
	});

	it('go round with the film that lies on its side', async () => {
		const onCrop = await opened();
		const before = placeOf('Upper left');
		await page.getByRole('button', { name: /^Rotate/ }).click();
		expect(placeOf('Upper right').x).toBeCloseTo(before.x, 5);
		expect(placeOf('Upper right').y).toBeCloseTo(before.y, 5);
		await page.getByRole('button', { name: /^Read the marked/ }).click();
		const corners = onCrop.mock.lastCall![0]!;
		expect(corners[1]).toEqual(FIRST_CORNERS[0]);
	});

	it('are dragged to where the pointer is, and no further than the photograph', async () => {
		const onCrop = await opened();
		const { width, height } = boxOf(picture());
		const start = placeOf('Upper left');
		await userEvent.dragAndDrop(corner('Upper left'), picture(), {
			targetPosition: { x: 0.3 * width, y: 0.25 * height }
		});
		const now = placeOf('Upper left');
		expect(now.x).toBeCloseTo(0.3, 1);
		expect(now.y).toBeCloseTo(0.25, 1);
		expect(now).not.toEqual(start);
		await userEvent.dragAndDrop(corner('Lower right'), document.querySelector('dialog')!, {
			targetPosition: { x: boxOf(document.querySelector('dialog')!).width - 5, y: 5 }
		});
		const last = placeOf('Lower right');
		expect(last.x).toBeLessThanOrEqual(1.001);
		expect(last.y).toBeGreaterThanOrEqual(-0.001);
		expect(onCrop).not.toHaveBeenCalled();
	});

	it('are moved by the arrow keys, in small steps and with Shift in larger ones', async () => {
		await opened();
		corner('Upper left').element().focus();
		const start = placeOf('Upper left');
		await userEvent.keyboard('{ArrowRight}');
		const small = placeOf('Upper left').x - start.x;
		await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}');
		const large = placeOf('Upper left').x - start.x - small;
		expect(small).toBeGreaterThan(0);
		expect(large).toBeGreaterThan(5 * small);
	});

	it('are given to the reader when they are confirmed', async () => {
		const onCrop = await opened();
		await page.getByRole('button', { name: /^Read/ }).click();
		expect(onCrop).toHaveBeenCalledOnce();
		const corners = onCrop.mock.lastCall![0]!;
		expect(corners).toHaveLength(4);
		await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
	});

	it('are refused where they enclose no film', async () => {
		const onCrop = await opened();
		const { width, height } = boxOf(picture());
		// Left and right changed places.
		await userEvent.dragAndDrop(corner('Upper left'), picture(), {
			targetPosition: { x: 0.97 * width, y: 0.9 * height }
		});
		await expect.element(page.getByRole('button', { name: /^Read/ })).toBeDisabled();
		await expect.element(page.getByRole('status')).not.toHaveTextContent(/^\s*$/);
		expect(onCrop).not.toHaveBeenCalled();
	});

	it('have handles that a finger can hold, all in the window of a phone', async () => {
		await page.viewport(360, 740);
		await opened();
		for (const name of NAMES) {
			const box = boxOf(corner(name));
			expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24);
			expect(isWithin(box, new DOMRect(0, 0, 360, 740)), name).toBe(true);
		}
	});
});
