/**
 * Every page has room for its texts: in the pages' font and in wider and narrower ones, in every
 * width of window, and where the texts are 1.4 times as long.
 */
import { expect, test, type Page } from '@playwright/test';
import { engineReady, finished, openApp, storeModel } from './app';
import { useFont, WIDTHS, type FontWidth } from './fonts';
import { lengthen, overflowing } from './room';

/** Windows in CSS pixels: two phones, a tablet and two laptops. */
const PHONES = [
	{ width: 360, height: 740 },
	{ width: 412, height: 915 }
];
const WIDER = [
	{ width: 800, height: 1280 },
	{ width: 1280, height: 800 },
	{ width: 1366, height: 668 }
];

for (const font of Object.keys(WIDTHS) as FontWidth[]) {
	test(`there is room for every text in a font of ${font} letters`, async ({ page }) => {
		test.setTimeout(300_000);
		await useFont(page, font);
		await openApp(page, '?backend=wasm');
		await expectRoom(page, 'the first page');
		await page.reload();
		await storeModel(page);
		await page.getByTestId('samples').click();
		await finished(page);
		await expectRoom(page, 'a list');

		// What a reload offers, and the list anew: texts that were lengthened are not on it.
		const again = () => page.goto('./?backend=wasm');
		await again();
		await expect(page.getByTestId('resume-offer')).toBeVisible();
		await expectRoom(page, 'the offer of the last list');
		await again();
		await page.getByTestId('resume-offer').getByRole('button').first().click();
		await engineReady(page);
		await page.locator('[role=row] button').nth(3).click();
		await expect(page.getByRole('dialog')).toBeVisible();
		await expectRoom(page, 'the viewer');

		await page.goto('./sessions/');
		await expect(page.getByTestId('session')).toBeVisible();
		await expectRoom(page, 'sessions');
		await page.goto('./models/');
		await page.locator('[data-model] details summary').first().click();
		await expect(page.locator('[data-model] details[open] table').first()).toBeVisible();
		await expectRoom(page, 'models');
		await page.goto('./calibration/');
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		await expectRoom(page, 'calibration');
		await page.goto('./help/');
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		await expectRoom(page, 'help');
	});
}

async function expectRoom(page: Page, what: string): Promise<void> {
	const check = async (windows: typeof WIDER, texts: string) => {
		for (const window of windows) {
			await page.setViewportSize(window);
			const found = await overflowing(page);
			expect.soft(found, `${what}, ${window.width} pixels wide, ${texts}`).toEqual([]);
		}
	};
	await check([...PHONES, ...WIDER], 'as it is');
	await lengthen(page);
	await check(WIDER, 'longer');
}
