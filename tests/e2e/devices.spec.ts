import { expect, test } from '@playwright/test';
import { engineReady, finished, openApp, sample, storeModel } from './app';

test('where no folder can be chosen several files are @firefox', async ({ page }) => {
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
