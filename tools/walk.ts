// `npm run walk -- --out DIR`: goes through the built app as a clinic would and takes a picture of
// each page on a laptop, a tablet and a phone, in light and dark colours and in Arabic.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { onBuiltSite } from './lib/built-site.ts';
import { readOptions } from './lib/options.ts';
import { runMain } from './lib/problem.ts';
import type { Page } from 'playwright';

const USAGE = 'npm run walk -- [--out DIR]';

const DEVICES = {
	laptop: { width: 1366, height: 668 },
	tablet: { width: 800, height: 1280 },
	phone: { width: 412, height: 915 }
} as const;

const LOOKS = [
	{ name: 'light', colorScheme: 'light', language: 'en' },
	{ name: 'dark', colorScheme: 'dark', language: 'en' },
	{ name: 'arabic', colorScheme: 'light', language: 'ar' }
] as const;

/** Pages by their link's place in the head of the page, and what is there when they are drawn. */
const PAGES = [
	{ name: 'sessions', ready: '[data-testid=storage-used]' },
	{ name: 'models', ready: '[data-state=stored]' },
	{ name: 'calibration', ready: 'main h1' },
	{ name: 'help', ready: 'main h1' }
] as const;

/** What is looked for may be out of sight. */
const HIDDEN = { state: 'attached' } as const;

await runMain(async () => {
	const options = readOptions({ out: { type: 'string', default: join('out', 'walk') } }, USAGE);
	const out = resolve(options.out);
	await mkdir(out, { recursive: true });
	await onBuiltSite(async (page, url) => {
		await page.goto(url);
		await page.locator('[data-testid=model-state]:not([data-state=looking])').waitFor(HIDDEN);
		let pictures = 0;
		const take = async (name: string, wholePage = false) => {
			for (const [device, size] of Object.entries(DEVICES)) {
				for (const look of LOOKS) {
					await show(page, size, look);
					const path = join(out, `${name}-${device}-${look.name}.png`);
					await page.screenshot({ path, fullPage: wholePage });
					pictures++;
				}
			}
			await show(page, DEVICES.laptop, LOOKS[0]);
		};
		await take('1-first-visit', true);
		await page.getByTestId('download-model').click();
		await page.locator('[data-testid=model-state][data-engine=ready]').waitFor(HIDDEN);
		await take('2-ready', true);
		await page.getByTestId('samples').click();
		await page.locator('[data-testid=session-status][data-state=done]').waitFor();
		await page.evaluate(() => scrollTo(0, 0));
		await take('3-list');
		await page.locator('[role=row][data-path] button').first().click();
		await page.getByTestId('stage').getByRole('img').first().waitFor();
		await take('4-viewer');
		await page.getByTestId('patient').getByRole('button').last().click();
		await page.getByTestId('record').waitFor();
		await take('5-record');
		await page.keyboard.press('Escape');
		await page.getByTestId('record').waitFor({ state: 'detached' });
		await page.keyboard.press('Escape');
		await page.getByTestId('viewer').waitFor({ state: 'detached' });
		for (const [i, { name, ready }] of PAGES.entries()) {
			await page
				.locator('header nav a')
				.nth(i + 1)
				.click();
			await page.locator(ready).first().waitFor(HIDDEN);
			await take(`${6 + i}-${name}`, true);
		}
		console.log(`${pictures} pictures in ${out}`);
	});
});

/** The page on a device, in its colours and its language. */
async function show(
	page: Page,
	size: { width: number; height: number },
	{ colorScheme, language }: (typeof LOOKS)[number]
): Promise<void> {
	await page.setViewportSize(size);
	await page.emulateMedia({ colorScheme });
	if ((await page.locator('html').getAttribute('lang')) !== language) {
		// Under a dialog it takes no press.
		await page.locator('header select').evaluate((chooser, value) => {
			(chooser as HTMLSelectElement).value = value;
			chooser.dispatchEvent(new Event('change', { bubbles: true }));
		}, language);
		await page.locator(`html[lang=${language}]`).waitFor();
	}
	await page.evaluate(() => document.fonts.ready);
}
