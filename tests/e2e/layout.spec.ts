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

test('the header takes two lines on a phone, in every language @firefox', async ({ page }) => {
	await page.setViewportSize(PHONES[0]);
	await openApp(page);
	const chooser = page.locator('header select');
	const languages = await chooser
		.locator('option')
		.evaluateAll((options: HTMLOptionElement[]) => options.map(({ value }) => value));
	for (const language of languages) {
		await chooser.selectOption(language);
		await expect(page.locator('html')).toHaveAttribute('lang', language);
		const lines = await page.locator('header').evaluate((header) => {
			const middles = [...header.querySelectorAll('a, select, button')].map((each) => {
				const { top, bottom } = each.getBoundingClientRect();
				return Math.round((top + bottom) / 2);
			});
			return new Set(middles).size;
		});
		expect.soft(lines, language).toBe(2);
	}
});

test('what is said of the stored program covers no button of a page', async ({ page }) => {
	await page.setViewportSize(WIDER[2]);
	for (const path of ['', 'sessions/', 'models/', 'calibration/', 'help/']) {
		await page.goto(`./${path}`);
		await expect(page.getByTestId('offline-ready')).toBeVisible();
		if (path === 'models/') await expect(page.getByTestId('download-model').first()).toBeVisible();
		const covered = await page.getByTestId('offline-ready').evaluate((bar) => {
			const { left, top, right, bottom } = bar.getBoundingClientRect();
			return [...document.querySelectorAll('main button, main a, main summary')]
				.filter((each) => !bar.contains(each))
				.filter((each) => {
					const box = each.getBoundingClientRect();
					return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
				})
				.map((each) => each.textContent);
		});
		expect.soft(covered, `/${path}`).toEqual([]);
		// The next page is a first visit again.
		await page.evaluate(async () => {
			for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister();
			for (const key of await caches.keys()) await caches.delete(key);
		});
	}
});

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
