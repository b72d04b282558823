/** A folder of microscope fields: counted as a slide, looked at by keyboard, kept. */
import { expect, test } from '@playwright/test';
import { encode } from 'fast-png';
import { cellCases, drawnField } from '../unit/helpers/cells';
import { colourPackage } from '../unit/helpers/colour-package';
import {
	addFolder,
	expectAccessible,
	finished,
	folderOf,
	offerPackage,
	openApp,
	storeModel
} from './app';

// A service worker would answer for the index of the models.
test.use({ serviceWorkers: 'block' });

/** The drawn field that holds the most cells, which are 69. */
const { field } = cellCases.find(({ found }) => found.cells.length === 69)!;
const { width, height, data } = drawnField(field);
const png = encode({ width, height, data, depth: 8, channels: 3 });

test('a sample slide is there to try', async ({ page }) => {
	await offerPackage(page, colourPackage());
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await page.getByTestId('sample-slide').click();
	await finished(page);
	const slide = page.getByTestId('slides').locator('[data-slide="Sample slide"]');
	await expect(slide.locator('dd').first()).toHaveText('3');
});

test('a folder of fields is a slide, whose cells are confirmed by keys', async ({ page }) => {
	await offerPackage(page, colourPackage());
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, await folderOf({ '1.png': png, '2.png': png, '3.png': png }));
	await finished(page);

	const slide = page.getByTestId('slides').locator('[data-slide=folder]');
	await expect(slide.locator('dd').first()).toHaveText('3');
	await expect(page.getByTestId('slides')).toContainText('Species and stages');
	await slide.getByRole('button').click();
	const dialog = page.getByTestId('slide');
	const cells = dialog.getByRole('option');
	await expect(cells.first().locator('img')).toBeVisible();
	await expectAccessible(page);

	await page.keyboard.press('1');
	await expect(dialog.getByTestId('confirmed')).toHaveText('1');
	await expect(cells.first()).toHaveAttribute('data-finding', 'parasite');
	await expect(cells.nth(1)).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('f');
	await expect(dialog.getByTestId('field-boxes').locator('g.selected')).toHaveCount(1);
	await expectAccessible(page);
	await page.keyboard.press('Escape');
	await page.keyboard.press('Escape');
	await expect(slide).toHaveAttribute('data-category', 'likely');

	// What was said is there again after a reload, with the pictures that are kept.
	await page.reload();
	await page.getByRole('button', { name: 'Open it' }).click();
	await slide.getByRole('button').click();
	await expect(dialog.getByTestId('confirmed')).toHaveText('1');
	await expect(dialog.getByTestId('absent')).toBeVisible();
	await expect(cells.first().locator('img')).toBeVisible();
});

test('photographs of two folders become one slide, which is kept under its name @firefox', async ({
	page
}) => {
	await offerPackage(page, colourPackage());
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, await folderOf({ 'a/1.png': png, 'a/2.png': png, 'b/1.png': png }));
	await finished(page);
	const slides = page.getByTestId('slides').locator('[data-slide]');
	await expect(slides).toHaveCount(2);

	await page.getByRole('button', { name: 'Put fields together' }).click();
	const dialog = page.getByTestId('fields-together');
	await dialog.getByRole('button', { name: 'Fields of folder/a' }).click();
	await dialog.getByRole('checkbox', { name: '2.png', exact: true }).check();
	await dialog.getByRole('checkbox', { name: /^folder\/b/ }).check();
	await expectAccessible(page);
	await dialog.getByRole('textbox').fill('12/2026');
	await page.keyboard.press('Enter');
	const together = page.locator('[data-slide="12/2026"]');
	await expect(together.locator('dd').first()).toHaveText('2');
	await expect(slides).toHaveCount(2);

	await page.reload();
	await page.getByRole('button', { name: 'Open it' }).click();
	await together.getByRole('button').click();
	await page.getByTestId('slide').getByRole('button', { name: 'Take out 1.png' }).click();
	await page.keyboard.press('Escape');
	await expect(slides).toHaveCount(3);
	await expect(together.locator('dd').first()).toHaveText('1');
});
