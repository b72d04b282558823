/** A package that finds the lungs before it reads: the real finder, a classifier of a few nodes. */
import { expect, test } from '@playwright/test';
import { encode } from 'fast-png';
import { turnedBack } from '../../src/lib/regions/lungs/turning';
import { referenceFilms, regionPackage } from '../unit/helpers/region-package';
import {
	addFolder,
	exportList,
	finished,
	folderOf,
	keptScores,
	offerPackage,
	openApp,
	row,
	storeModel
} from './app';

// A service worker would answer for the index of the models.
test.use({ serviceWorkers: 'block' });

const png = (data: Uint8Array) => encode({ width: 224, height: 224, data, depth: 8, channels: 1 });
const film = referenceFilms.get('clear-lungs')!;
/** The film turned by 25 degrees. */
const turned = turnedBack(film, { across: Math.cos(0.44), down: -Math.sin(0.44) }, 1);

for (const query of ['', '?backend=wasm']) {
	test(`lungs are found, shown and said to be missing: ${query || 'as the page chooses'}`, async ({
		page
	}) => {
		await offerPackage(page, regionPackage());
		await openApp(page, query);
		await storeModel(page);
		await addFolder(
			page,
			await folderOf({
				'film.png': png(film),
				'turned.png': png(turned),
				'black.png': png(new Uint8Array(224 * 224))
			})
		);
		await finished(page);

		const read = row(page, 'folder/film.png');
		await expect(read).not.toHaveAttribute('data-score', '');
		const black = row(page, 'folder/black.png');
		await expect(black).toHaveAttribute('data-category', 'unrecognised');
		await expect(black).toContainText('No lungs were found in this picture.');
		await expect(row(page, 'folder/turned.png')).toContainText(/turned by 2\d degrees/);

		await read.getByRole('button').click();
		const viewer = page.getByTestId('viewer');
		const outline = viewer.getByTestId('region-outline');
		await expect(outline.locator('path').first()).toHaveAttribute('d', /^M.*ZM.*Z$/);
		await expect(viewer.getByTestId('heat-map')).toHaveCount(0);
		// Within the picture, and not all of it.
		const [line, picture] = await Promise.all([
			outline.locator('path').first().boundingBox(),
			viewer.getByRole('img').first().boundingBox()
		]);
		expect(line!.width / picture!.width).toBeGreaterThan(0.6);
		expect(line!.width / picture!.width).toBeLessThan(0.95);
		await page.keyboard.press('l');
		await expect(outline).toHaveCount(0);
		await viewer.getByRole('button', { name: 'Outline of the lungs' }).click();
		await expect(outline).toBeVisible();
	});
}

test('a wrong outline takes the score away, and one drawn by hand is read', async ({ page }) => {
	await offerPackage(page, regionPackage());
	await openApp(page);
	await storeModel(page);
	await addFolder(page, await folderOf({ 'film.png': png(film) }));
	await finished(page);
	const read = row(page, 'folder/film.png');
	const [found] = (await exportList(page)).images;
	expect(found.region).toEqual({
		outline: 'found',
		notes: []
	});
	const { 'folder/film.png': whole } = await keptScores(page);

	await read.getByRole('button').click();
	const viewer = page.getByTestId('viewer');
	const wrong = viewer.getByRole('button', { name: 'The outline is wrong' });
	await expect(wrong).toBeHidden();
	await viewer.getByText('Correct what was read').click();
	await wrong.click();
	await expect(wrong).toHaveAttribute('aria-pressed', 'true');
	await expect(viewer).toContainText('No score: the outline of the lungs is wrong');
	await expect(read).toHaveAttribute('data-score', '');
	await expect(read).toHaveAttribute('data-category', 'unrecognised');
	await viewer.getByRole('button', { name: 'Undo' }).click();
	await expect(read).not.toHaveAttribute('data-score', '');
	await wrong.click();
	await page.keyboard.press('Escape');
	const [marked] = (await exportList(page)).images;
	expect(marked).toMatchObject({ score: null, region: { outline: 'marked as wrong' } });

	// By hand: the box by the keyboard, then one lung drawn anew by the pointer.
	await read.getByRole('button').click();
	await viewer.getByText('Correct what was read').click();
	await viewer.getByRole('button', { name: 'Correct the outline' }).click();
	const dialog = page.getByTestId('lung-outlines');
	const corner = dialog.getByRole('button', { name: /^Lower right corner/ });
	const before = await corner.getAttribute('aria-label');
	await corner.focus();
	await page.keyboard.press('Shift+ArrowUp');
	await page.keyboard.press('Shift+ArrowUp');
	expect(await corner.getAttribute('aria-label')).not.toBe(before);
	await dialog.getByRole('button', { name: 'Left of picture' }).click();
	await dialog.getByRole('button', { name: 'Draw anew' }).click();
	const { x, y, width, height } = (await dialog.getByTestId('paper').boundingBox())!;
	const at = (share: number, down: number) =>
		page.mouse.move(x + share * width, y + down * height, { steps: 4 });
	await at(0.15, 0.2);
	await page.mouse.down();
	await at(0.42, 0.2);
	await at(0.42, 0.8);
	await at(0.15, 0.8);
	await page.mouse.up();
	await dialog.getByRole('button', { name: 'Read within these outlines' }).click();
	await finished(page);
	await expect(read).toContainText('The lungs were outlined by hand.');
	const [drawn] = (await exportList(page)).images;
	expect(drawn.region?.outline).toBe('drawn by hand');
	const { 'folder/film.png': after } = await keptScores(page);
	expect(after).not.toBe('');
	expect(after).not.toBe(whole);

	await page.reload();
	await page.goto(new URL('sessions/', page.url()).href);
	await page.getByTestId('session').getByRole('button', { name: 'Open' }).click();
	await expect(row(page, 'folder/film.png')).toContainText('The lungs were outlined by hand.');
});
