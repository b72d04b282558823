/** The help: contents, search, glossary, and how to install. */
import { imageSize } from 'image-size';
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

test('the pictures that the system shows before it installs are there, and not kept offline', async ({
	page
}) => {
	await page.goto('./');
	const address = await page.locator('link[rel=manifest]').evaluate((link) => {
		return (link as HTMLLinkElement).href;
	});
	const manifest = (await (await page.request.get(address)).json()) as {
		screenshots: { src: string; sizes: string; type: string; form_factor: string }[];
	};
	expect(manifest.screenshots.map(({ form_factor }) => form_factor)).toEqual(['wide', 'narrow']);
	for (const { src, sizes, type } of manifest.screenshots) {
		const answer = await page.request.get(new URL(src, address).href);
		expect(answer.headers()['content-type'], src).toBe(type);
		const { width = 0, height = 0 } = imageSize(await answer.body());
		expect(`${width}x${height}`).toBe(sizes);
		// What Chromium shows (web.dev/articles/add-manifest).
		expect(Math.min(width, height)).toBeGreaterThanOrEqual(320);
		expect(Math.max(width, height) / Math.min(width, height)).toBeLessThanOrEqual(2.3);
	}
	const worker = await (await page.request.get(new URL('service-worker.js', address).href)).text();
	expect(worker).toContain('manifest.webmanifest');
	expect(worker).not.toContain('screenshots/');
});

test('installing is drawn for each kind of device, in a page that reads from the right, too', async ({
	page
}) => {
	await page.goto('./help/');
	const steps = page.getByTestId('install-steps');
	await expect(steps).toHaveCount(4);
	for (const one of await steps.all()) {
		const pictures = one.locator('svg');
		await expect(pictures).toHaveCount(3);
		for (const picture of await pictures.all()) {
			const { width, height } = (await picture.boundingBox())!;
			expect(Math.min(width, height)).toBeGreaterThan(40);
		}
	}
	const first = steps.first().locator('svg').first();
	await expect(first).toHaveCSS('transform', 'none');
	await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
	await expect(first).toHaveCSS('transform', 'matrix(-1, 0, 0, 1, 0, 0)');
	// A search that finds one device leaves the others out.
	await page.getByRole('searchbox').fill('Safari, menu File');
	await expect(steps.locator('visible=true')).toHaveCount(1);
});
