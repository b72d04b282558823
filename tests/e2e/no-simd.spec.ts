import { expect, test } from '@playwright/test';
import { launchOptions } from '../../tools/lib/browser';
import { finished, openApp, sample, storeModel } from './app';

const { args, ...options } = launchOptions();

// V8 then takes the processor for one without vectors.
test.use({ launchOptions: { ...options, args: [...args, '--js-flags=--no-enable-sse4-1'] } });

test('a processor without vectors is said to be slow, and reads', async ({ page }) => {
	await openApp(page);
	const notice = page.locator('[data-problem=no-simd]');
	await expect(notice).toContainText('much longer');
	await storeModel(page);
	await expect(notice).toHaveCount(0);
	await expect(page.getByTestId('engine-panel')).toHaveAttribute('data-backend', 'wasm');
	const images = [1, 2].map(async (number) => ({
		name: `${number}.jpg`,
		mimeType: 'image/jpeg',
		buffer: await sample(number)
	}));
	await page.getByTestId('file-input').setInputFiles(await Promise.all(images));
	await finished(page);
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(2);
});
