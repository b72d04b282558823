/** A picture is taken with the camera of the device, and read. */
import { expect, test } from '@playwright/test';
import { launchOptions } from '../../tools/lib/browser';
import { expectAccessible, finished, openApp, row, sample, storeModel } from './app';

const own = launchOptions();

// A camera of Chromium's own that is always allowed.
test.use({
	launchOptions: {
		...own,
		args: [...own.args, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
	}
});

test.describe('a camera at hand', () => {
	test('is asked for when it is wanted; what is taken is read', async ({ page }) => {
		await openApp(page, '?backend=int8');
		await storeModel(page);
		await page.getByRole('button', { name: 'Take a picture' }).click();
		const dialog = page.getByTestId('camera');
		const take = dialog.getByRole('button', { name: 'Take this picture' });
		await expect(take).toBeEnabled();
		await expectAccessible(page);
		await take.click();
		await take.click();
		await expect(dialog).toContainText('2 taken');
		await dialog.getByRole('button', { name: 'Done' }).click();
		await expect(dialog).toBeHidden();
		await finished(page);
		await expect(page.locator('[data-path$=".jpg"]')).toHaveCount(2);
		await expect(page.locator('[data-path$="/001.jpg"]')).toHaveAttribute('data-status', 'done');
	});
});

test.describe('a phone', () => {
	test.use({ viewport: { width: 412, height: 915 }, hasTouch: true, isMobile: true });

	test('takes a picture with its own camera program', async ({ page }) => {
		await openApp(page, '?backend=int8');
		await storeModel(page);
		const chooser = page.waitForEvent('filechooser');
		await page.getByRole('button', { name: 'Take a picture' }).tap();
		const chosen = await chooser;
		expect(await chosen.element().getAttribute('capture')).toBe('environment');
		await chosen.setFiles({ name: 'image.jpg', mimeType: 'image/jpeg', buffer: await sample(1) });
		await finished(page);
		await expect(row(page, 'image.jpg')).toHaveAttribute('data-status', 'done');
	});
});
