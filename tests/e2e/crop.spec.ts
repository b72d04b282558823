/** A film that is only part of its photograph. */
import { expect, test, type Page } from '@playwright/test';
import {
	addFolder,
	expectAccessible,
	exportList,
	finished,
	folderOf,
	keptScores,
	openApp,
	row,
	sample,
	storeModel
} from './app';

test('the film of a photograph is marked, read alone, and stays marked', async ({ page }) => {
	await openApp(page);
	await storeModel(page);
	await addFolder(page, await folderOf({ 'phone.png': await photographed(page, await sample(1)) }));
	await finished(page);
	const [whole] = (await exportList(page)).images;
	expect(whole.cropped).toBe(false);
	const { 'folder/phone.png': before } = await keptScores(page);

	await page.getByRole('button', { name: /^View / }).click();
	await page.getByText('Correct what was read').click();
	await page.getByRole('button', { name: 'The film is only part of the picture' }).click();
	const dialog = page.getByTestId('film-corners');
	const corner = dialog.getByRole('button', { name: 'Upper left corner' });
	// The film lies from 20 % and 10 % on; a part of its dark edge may go.
	await expect(corner).toHaveAccessibleName(/(19|2\d)% from the left, (9|1\d)% from the top/);
	const { x: left, y: top } = placeIn(await corner.getAttribute('aria-label'));
	const { width, height } = (await corner.boundingBox())!;
	expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
	await expectAccessible(page);

	// By keyboard, and none of the viewer's keys acts behind it.
	await corner.focus();
	for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+ArrowRight');
	await expect
		.poll(async () => placeIn(await corner.getAttribute('aria-label')).x)
		.toBeGreaterThanOrEqual(left + 9);
	const moved = placeIn(await corner.getAttribute('aria-label'));
	expect(moved.x).toBeLessThanOrEqual(left + 11);
	expect(moved.y).toBe(top);
	await page.keyboard.press('n');
	await expect(dialog).toBeVisible();

	// By mouse: over the opposite corner, which makes no film, and back.
	const drag = async (x: number, y: number) => {
		const from = (await corner.boundingBox())!;
		const picture = (await dialog.locator('img').boundingBox())!;
		await page.mouse.move(from.x + 30, from.y + 30);
		await page.mouse.down();
		await page.mouse.move(
			picture.x + x * picture.width + 30 - from.width / 2,
			picture.y + y * picture.height + 30 - from.height / 2,
			{ steps: 4 }
		);
		await page.mouse.up();
	};
	await drag(0.95, 0.95);
	await expect(dialog.getByText('These corners make no film')).toBeVisible();
	await expect(dialog.getByRole('button', { name: 'Read the marked film' })).toBeDisabled();
	await drag(0.3, 0.25);
	await expect(corner).toHaveAccessibleName(/30% from the left, 25% from the top/);
	await page.screenshot({ path: test.info().outputPath('corners.png') });
	await dialog.getByRole('button', { name: 'Read the marked film' }).click();
	await expect(dialog).toHaveCount(0);
	// The viewer stays with the image, and says what was read.
	await expect(page.getByText('The score is of the film that was marked by hand')).toBeVisible();
	await page.keyboard.press('Escape');
	await finished(page);

	const [cropped] = (await exportList(page)).images;
	expect(cropped.cropped).toBe(true);
	const { 'folder/phone.png': after } = await keptScores(page);
	expect(after).not.toBe(before);

	// After a reload the score is still that of the film, and says so.
	await page.reload();
	await page.goto(new URL('sessions/', page.url()).href);
	await page.getByTestId('session').getByRole('button', { name: 'Open' }).click();
	await expect(row(page, 'folder/phone.png')).toHaveAttribute('data-status', 'done');
	const [kept] = (await exportList(page)).images;
	expect(kept).toMatchObject({ cropped: true, score: cropped.score });
});

test('the films of all photographs are found and read at once, and the viewer stays', async ({
	page
}) => {
	await openApp(page);
	await storeModel(page);
	const photo = await photographed(page, await sample(1));
	const folder = await folderOf({ 'a.png': photo, 'b.png': photo, 'c.jpg': await sample(2) });
	await addFolder(page, folder);
	await finished(page);
	const { 'folder/a.png': before } = await keptScores(page);

	await page.getByRole('button', { name: /^View .*a\.png/ }).click();
	await page.getByText('Correct what was read').click();
	await page.getByRole('button', { name: /All pictures are photographs of films.*\(3\)/ }).click();
	await expect(page.getByTestId('viewer')).toBeVisible();
	await expect(page.getByText('the film that the program found in this picture')).toBeVisible();
	await expect(page.getByText(/Nobody has confirmed its corners/)).toBeVisible();
	await expectAccessible(page);

	// The corners are those of the film, to be confirmed or moved.
	await page.getByText('Correct what was read').click();
	await page.getByRole('button', { name: 'Mark the film anew' }).click();
	const dialog = page.getByTestId('film-corners');
	const corner = dialog.getByRole('button', { name: 'Lower right corner' });
	await expect(corner).toHaveAccessibleName(
		/(7[5-9]|8[0-2])% from the left, (8[5-9]|9[01])% from the top/
	);
	await corner.focus();
	await expect(dialog.getByTestId('loupe')).toBeVisible();
	await page.screenshot({ path: test.info().outputPath('found.png') });
	await dialog.getByRole('button', { name: 'Cancel' }).click();
	await page.keyboard.press('Escape');
	await finished(page);

	const { images } = await exportList(page);
	const found = images.filter(({ path }) => path.endsWith('.png'));
	expect(found).toMatchObject([
		{ cropped: true, filmFound: true },
		{ cropped: true, filmFound: true }
	]);
	const { 'folder/a.png': after } = await keptScores(page);
	expect(after).not.toBe(before);
});

/** Where a corner says that it is, in per cent of the picture. */
function placeIn(name: string | null): { x: number; y: number } {
	const [x, y] = [...(name ?? '').matchAll(/(\d+)%/g)].map(([, share]) => Number(share));
	return { x, y };
}

/** A photograph of a film on a lit box: it lies from 20 % to 81 % and from 10 % to 90 %. */
async function photographed(page: Page, film: Buffer): Promise<Buffer> {
	const base64 = await page.evaluate(async (bytes) => {
		const jpeg = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
		const picture = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
		const canvas = new OffscreenCanvas(900, 700);
		const context = canvas.getContext('2d');
		if (!context) throw new Error('no canvas');
		context.fillStyle = '#f0f0f0';
		context.fillRect(0, 0, 900, 700);
		context.drawImage(picture, 180, 70, 549, 560);
		const drawn = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
		return btoa(Array.from(drawn, (byte) => String.fromCharCode(byte)).join(''));
	}, film.toString('base64'));
	return Buffer.from(base64, 'base64');
}
