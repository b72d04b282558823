import { expect, test } from '@playwright/test';
import {
	addFolder,
	expectAccessible,
	finished,
	folderOf,
	inFirefox,
	openApp,
	openControls,
	sample,
	savedFile,
	storeModel
} from './app';

for (const colorScheme of ['light', 'dark'] as const) {
	test.describe(colorScheme, () => {
		test.use({ colorScheme });
		test(`every page is accessible in ${colorScheme} colours${inFirefox(colorScheme)}`, async ({
			page
		}) => {
			await openApp(page, '?backend=wasm');
			await expectAccessible(page);
			await storeModel(page);
			await addFolder(
				page,
				await folderOf({ 'a.jpg': await sample(1), 'b.jpg': await sample(2), 'c.jpg': 'no image' })
			);
			await finished(page);
			await openControls(page);
			await page.getByTestId('engine-panel').locator('summary').click();
			await expectAccessible(page);
			await page.getByRole('button', { name: /^View .*a\.jpg/ }).click();
			await expect(page.getByTestId('stage').getByRole('img').first()).toBeVisible();
			await expectAccessible(page);
			await page.keyboard.press('Escape');
			for (const path of ['Models', 'Help']) {
				await page.getByRole('link', { name: path, exact: true }).click();
				await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
				await expectAccessible(page);
			}
		});
	});
}

test('everything that is pressed is at least 44 pixels high @firefox', async ({ page }) => {
	await page.setViewportSize({ width: 800, height: 1200 });
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await page.getByTestId('samples').click();
	await finished(page);
	const small = await page
		.locator('button:visible, nav a:visible, select:visible, input:visible, summary:visible')
		.evaluateAll((all) =>
			all
				.filter((one) => one.getBoundingClientRect().height < 43.5)
				.map((one) => one.outerHTML.slice(0, 120))
		);
	expect(small).toEqual([]);
});

test('the whole job can be done with the keyboard @firefox', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	const press = async (name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab') => {
		for (let i = 0; i < 40; i++) {
			await page.keyboard.press(key);
			const text = await page.evaluate(
				() =>
					document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent
			);
			if (name.test(text?.replace(/\s+/g, ' ').trim() ?? '')) {
				await page.keyboard.press('Enter');
				return;
			}
		}
		throw new Error(`no way to ${name} by keyboard`);
	};
	await press(/^Download \(/);
	await expect(page.getByTestId('model-state')).toHaveAttribute('data-state', 'stored');
	await press(/^Try four samples/);
	await finished(page);
	await press(/^View /);
	await expect(page.getByTestId('stage').getByRole('img').first()).toBeVisible();
	await page.keyboard.press('Escape');
	// Backwards: past its last stop a page without a window has no focus any more in Firefox.
	const { name } = await savedFile(page, () => press(/^Export CSV/, 'Shift+Tab'));
	expect(name).toMatch(/\.csv$/);
});
