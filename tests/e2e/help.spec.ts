/** The help: contents, search, glossary, and how to install. */
import { expect, test } from '@playwright/test';
import { expectAccessible } from './app';

test('the help is gone through by its contents and searched', async ({ page }) => {
	await page.goto('./help/');
	const contents = page.getByRole('navigation', { name: 'Contents' });
	await contents.getByRole('link', { name: 'Glossary' }).click();
	await expect(page.getByRole('heading', { name: 'Glossary' })).toBeInViewport();
	await expectAccessible(page);

	const search = page.getByRole('searchbox', { name: 'Search the help' });
	await search.fill('HEIC');
	await expect(page.getByRole('heading', { level: 2 })).toHaveText(['If something goes wrong']);
	await expect(contents.getByRole('link')).toHaveText(['If something goes wrong']);
	await expect(page.locator('main li:visible').filter({ hasText: 'HEIC' })).toHaveCount(1);
	await search.fill('no such word at all');
	await expect(page.getByText('Nothing here has these words.')).toBeVisible();
	await expect(page.getByRole('heading', { level: 2 })).toHaveCount(0);
	await search.fill('');
	await expect(page.getByRole('heading', { name: 'What to do with a likely image' })).toBeVisible();
	await expect(page.getByRole('heading', { level: 2 })).toHaveText(
		await contents.getByRole('link').allInnerTexts()
	);
});

test('an installed program leads to its lists and to the help by shortcuts', async ({ page }) => {
	await page.goto('./');
	const address = await page.locator('link[rel=manifest]').evaluate((link) => {
		return (link as HTMLLinkElement).href;
	});
	const manifest = (await (await page.request.get(address)).json()) as {
		shortcuts: { url: string }[];
	};
	for (const { url } of manifest.shortcuts) {
		const found = await page.request.get(new URL(url, address).href);
		expect(found.status(), url).toBe(200);
	}
	expect(manifest.shortcuts).toHaveLength(2);
});

test('the first page offers to install where the browser does', async ({ page }) => {
	await page.goto('./');
	await expect(page.getByTestId('model-state')).not.toHaveAttribute('data-state', 'looking');
	await expect(page.getByTestId('install')).toHaveCount(0);
	await page.evaluate(() => {
		const offered = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
			prompt: () => Promise.resolve((document.documentElement.dataset.asked = 'to install'))
		});
		dispatchEvent(offered);
	});
	await page.getByTestId('install').getByRole('button', { name: 'Install Fieldlens' }).click();
	await expect(page.locator('html')).toHaveAttribute('data-asked', 'to install');
	await expect(page.getByTestId('install')).toHaveCount(0);
});
