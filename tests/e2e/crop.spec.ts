/** A film that is only part of its photograph. */
import { expect, test } from '@playwright/test';
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
	await addFolder(page, await folderOf({ 'phone.jpg': await sample(1) }));
	await finished(page);
	const [whole] = (await exportList(page)).images;
	expect(whole.cropped).toBe(false);
	const { 'folder/phone.jpg': before } = await keptScores(page);

	await page.getByRole('button', { name: /^View / }).click();
	await page.getByText('Correct what was read').click();
	await page.getByRole('button', { name: 'The film is only part of the picture' }).click();
	const dialog = page.getByTestId('film-corners');
	const corner = dialog.getByRole('button', { name: 'Upper left corner' });
	await expect(corner).toHaveAccessibleName(/10% from the left, 10% from the top/);
	const { width, height } = (await corner.boundingBox())!;
	expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
	await expectAccessible(page);

	// By keyboard, and none of the viewer's keys acts behind it.
	await corner.focus();
	for (let i = 0; i < 5; i++) await page.keyboard.press('Shift+ArrowRight');
	await expect(corner).toHaveAccessibleName(/20% from the left, 10% from the top/);
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
	await finished(page);

	const [cropped] = (await exportList(page)).images;
	expect(cropped.cropped).toBe(true);
	const { 'folder/phone.jpg': after } = await keptScores(page);
	expect(after).not.toBe(before);
	await page.getByRole('button', { name: /^View / }).click();
	await expect(page.getByText('The score is of the film that was marked by hand')).toBeVisible();
	await page.keyboard.press('Escape');

	// After a reload the score is still that of the film, and says so.
	await page.reload();
	await page.goto(new URL('sessions/', page.url()).href);
	await page.getByTestId('session').getByRole('button', { name: 'Open' }).click();
	await expect(row(page, 'folder/phone.jpg')).toHaveAttribute('data-status', 'done');
	const [kept] = (await exportList(page)).images;
	expect(kept).toMatchObject({ cropped: true, score: cropped.score });
});
