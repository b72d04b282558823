import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { startServer } from '../../tools/lib/static-server';
import {
	addFolder,
	expectAccessible,
	exportCsv,
	finished,
	folderOf,
	greyPng,
	openApp,
	storeModel
} from './app';

/** A language is a folder of messages. */
const LOCALES = readdirSync(new URL('../../messages', import.meta.url)).sort();

const html = (page: Page) => page.locator('html');
const status = (page: Page) => page.getByTestId('session-status');
const done = async (page: Page) => Number(await status(page).getAttribute('data-done'));
const chooser = (page: Page) => page.locator('header select');
const toPage = (page: Page, path: string) => page.locator(`header nav a[href$="${path}"]`).click();

/** A message of the shell as the page shows it: English where there is no translation. */
function shell(locale: string, key: string): string {
	const read = (id: string): Record<string, string> => {
		const file = new URL(`../../messages/${id}/shell.json`, import.meta.url);
		return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
	};
	return read(locale)[key] ?? read('en')[key];
}

async function someImages(count: number): Promise<string> {
	const files: Record<string, Uint8Array> = {};
	for (let i = 0; i < count; i++) files[`image ${i}.png`] = greyPng(500, 400, 8, i + 1);
	return folderOf(files);
}

test.describe('a browser in French', () => {
	test.use({ locale: 'fr-FR' });
	test('gets the page in French', async ({ page }) => {
		await openApp(page);
		await expect(html(page)).toHaveAttribute('lang', 'fr');
		await expect(html(page)).toHaveAttribute('dir', 'ltr');
		await expect(chooser(page)).toHaveValue('fr');
		await expect(page.locator('footer')).toHaveText(shell('fr', 'shell_footer'));
	});
});

test.describe("a page's scripts", () => {
	test.use({ locale: 'fr-FR', serviceWorkers: 'block' });
	test('hold English and the language that is spoken, and no other', async ({ page }) => {
		const scripts: Promise<string>[] = [];
		page.on('response', (response) => {
			if (response.request().resourceType() === 'script') scripts.push(response.text());
		});
		const spoken = async () => {
			const text = (await Promise.all(scripts)).join('\n');
			return LOCALES.filter((id) => text.includes(shell(id, 'shell_footer')));
		};
		await openApp(page);
		await expect(html(page)).toHaveAttribute('lang', 'fr');
		expect(await spoken()).toEqual(['en', 'fr']);
		await chooser(page).selectOption('ar');
		await expect(html(page)).toHaveAttribute('lang', 'ar');
		expect(await spoken()).toEqual(['ar', 'en', 'fr']);
	});
});

test.describe('a browser in a language that is not there', () => {
	test.use({ locale: 'fi-FI' });
	test('gets the page in English', async ({ page }) => {
		await openApp(page);
		await expect(html(page)).toHaveAttribute('lang', 'en');
	});
});

test('a language that was chosen is kept, without a network, too @firefox', async ({
	page,
	context
}) => {
	const server = await startServer({ port: 0, base: '/below/this' });
	await page.goto(server.url);
	await expect(page.getByTestId('offline-ready')).toBeVisible();
	await expect(html(page)).toHaveAttribute('lang', 'en');
	await chooser(page).selectOption('ar');
	await expect(html(page)).toHaveAttribute('lang', 'ar');
	await expect(html(page)).toHaveAttribute('dir', 'rtl');
	await expect(page.locator('footer')).toHaveText(shell('ar', 'shell_footer'));
	await expectAccessible(page);

	await server.close();
	await context.setOffline(true);
	await page.reload();
	await expect(html(page)).toHaveAttribute('dir', 'rtl');
	await expect(chooser(page)).toHaveValue('ar');
	await expect(page.getByTestId('offline')).toHaveText(shell('ar', 'shell_offline'));
	await toPage(page, '/help/');
	await expect(html(page)).toHaveAttribute('lang', 'ar');
});

test('a change of language in the middle of a list leaves it going', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, await someImages(60));
	await expect.poll(() => done(page)).toBeGreaterThan(2);
	await chooser(page).selectOption('ar');
	await expect(html(page)).toHaveAttribute('dir', 'rtl');
	await expect(status(page)).not.toHaveAttribute('data-done', '60');
	await finished(page);
	await expect(status(page)).toHaveAttribute('data-done', '60');
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(60);
	await chooser(page).selectOption('en');
	await expect(status(page)).toContainText('Done: ');
	expect(await exportCsv(page)).toHaveLength(60);
});

/** The scripts whose font the page has asked for. */
const fontsOf = (page: Page) =>
	page.evaluate(() =>
		[...document.fonts]
			.filter(({ family, status }) => /^"?Noto Sans"?$/.test(family) && status === 'loaded')
			.map(({ unicodeRange }) => unicodeRange)
			.map((range) =>
				/U\+600/i.test(range) ? 'Arabic' : /U\+900/i.test(range) ? 'Devanagari' : 'Latin'
			)
			.sort()
	);

test('the font of a script is loaded when it is shown, and there without a network', async ({
	page,
	context
}) => {
	const server = await startServer({ port: 0, base: '/below/this' });
	await page.goto(server.url);
	await expect(page.getByTestId('offline-ready')).toBeVisible();
	expect(await fontsOf(page)).toEqual(['Latin']);
	await server.close();
	await context.setOffline(true);
	await page.reload();
	expect(await fontsOf(page)).toEqual(['Latin']);
	await chooser(page).selectOption('ar');
	await expect(html(page)).toHaveAttribute('lang', 'ar');
	expect(await fontsOf(page)).toEqual(['Arabic', 'Latin']);
	await chooser(page).selectOption('hi');
	await expect(html(page)).toHaveAttribute('lang', 'hi');
	expect(await fontsOf(page)).toEqual(['Arabic', 'Devanagari', 'Latin']);
});
