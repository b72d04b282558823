import { expect, test } from '@playwright/test';
import { engineReady, finished, openApp, sample, storeModel } from './app';

declare global {
	interface Window {
		/** What ran by itself since this was emptied: timers and animation frames. */
		ranByItself: string[];
	}
}

test('a page that is left alone does nothing', async ({ page }) => {
	await page.addInitScript(() => {
		window.ranByItself = [];
		for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame'] as const) {
			const original = window[name] as (
				run: (...given: unknown[]) => void,
				...rest: unknown[]
			) => number;
			const noted = (run: (...given: unknown[]) => void, ...rest: unknown[]) =>
				original(
					(...given) => {
						window.ranByItself.push(`${name} ${rest[0] as string}`);
						run(...given);
					},
					...rest
				);
			Object.defineProperty(window, name, { value: noted });
		}
	});
	await openApp(page, '?backend=int8');
	await storeModel(page);
	await page.getByTestId('samples').click();
	await finished(page);
	expect(await page.evaluate(() => window.ranByItself.length)).toBeGreaterThan(0);

	// What was begun may end: one quiet stretch is enough, and a poll would leave none.
	const requests: string[] = [];
	page.on('request', (request) => requests.push(request.url()));
	const stretch = async () => {
		requests.length = 0;
		await page.evaluate(() => (window.ranByItself = []));
		await page.waitForTimeout(12_000);
		return [...(await page.evaluate(() => window.ranByItself)), ...requests];
	};
	await expect.poll(stretch).toEqual([]);
});

test('where no folder can be chosen several files are', async ({ page }) => {
	// As on iPhones and iPads before iOS 18.4.
	await page.addInitScript(() => {
		Reflect.deleteProperty(HTMLInputElement.prototype, 'webkitdirectory');
		Reflect.deleteProperty(window, 'showDirectoryPicker');
	});
	await openApp(page, '?backend=int8');
	await storeModel(page);
	await engineReady(page);
	const zone = page.getByTestId('drop-zone');
	await expect(zone.getByRole('button', { name: 'Choose a folder' })).toHaveCount(0);
	const asked = page.waitForEvent('filechooser');
	await zone.getByRole('button', { name: 'Choose images' }).click();
	const chooser = await asked;
	expect(chooser.isMultiple()).toBe(true);
	const images = [1, 2, 3].map(async (number) => ({
		name: `${number}.jpg`,
		mimeType: 'image/jpeg',
		buffer: await sample(number)
	}));
	await chooser.setFiles(await Promise.all(images));
	await finished(page);
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(3);
});
