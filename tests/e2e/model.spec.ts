import { readFile } from 'node:fs/promises';
import { expect, test, type Page } from '@playwright/test';
import type { Manifest } from '../../src/lib/models/manifest';
import { packModel } from '../../tools/lib/pack';
import { engineReady, finished, MODEL, openApp, storeModel } from './app';

const SHARD = /group1-shard3of\d+(\.deflate)?\.bin$/;

/** Paths of the model's files that are asked for, from now on. */
function watchModelFiles(page: Page): string[] {
	const asked: string[] = [];
	page.on('request', (request) => {
		const { pathname } = new URL(request.url());
		if (/\/models\/[^/]+\/(model\.json|.*\.bin)$/.test(pathname)) asked.push(pathname);
	});
	return asked;
}

test('a shard that arrives damaged is fetched again @firefox', async ({ page }) => {
	let damaged = 0;
	await page.route(SHARD, async (route) => {
		const response = await route.fetch();
		const body = await response.body();
		if (damaged++ === 0) body[1000] ^= 0xff;
		await route.fulfill({ response, body });
	});
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	expect(damaged).toBe(2);
});

test('a download that is cut off says so and goes on where it stopped @firefox', async ({
	page
}) => {
	await page.route(SHARD, (route) => route.abort('connectionreset'));
	await openApp(page, '?backend=wasm');
	await page.getByTestId('download-model').click();
	const notice = page.locator('[data-problem=model-offline]');
	await expect(notice).toContainText('goes on where it stopped');
	await expect(page.getByTestId('download-waits')).toContainText(
		/\d+\.\d MB of \d+\.\d MB are here/
	);

	await page.unroute(SHARD);
	const asked = watchModelFiles(page);
	// Also after the page was closed in between.
	await page.reload();
	await storeModel(page);
	expect(asked.some((path) => path.endsWith('/model.json'))).toBe(false);
	expect(asked.some((path) => /\/group1-shard[12]of/.test(path))).toBe(false);
	expect(asked.some((path) => SHARD.test(path))).toBe(true);
});

test('a download that lost the network goes on by itself when that is back @firefox', async ({
	page
}) => {
	await page.route(SHARD, (route) => route.abort('connectionreset'));
	await openApp(page, '?backend=wasm');
	await page.getByTestId('download-model').click();
	await expect(page.getByTestId('download-waits')).toBeVisible();
	await page.unroute(SHARD);
	await page.evaluate(() => dispatchEvent(new Event('online')));
	await engineReady(page);
});

test('a stored part that was changed is noticed, and only it is fetched again @firefox', async ({
	page
}) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await page.evaluate(async () => {
		const db = await new Promise<IDBDatabase>((resolve, reject) => {
			const request = indexedDB.open('fieldlens');
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(new Error('no database'));
		});
		await new Promise<void>((resolve) => {
			const transaction = db.transaction('files', 'readwrite');
			const cursor = transaction.objectStore('files').openCursor();
			cursor.onsuccess = () => {
				const value = cursor.result!.value as { bytes: ArrayBuffer };
				new Uint8Array(value.bytes)[10] ^= 1;
				cursor.result!.update(value);
			};
			transaction.oncomplete = () => resolve();
		});
		db.close();
	});
	const asked = watchModelFiles(page);
	await page.reload();
	await expect(page.locator('[data-problem=model-parts-lost]')).toBeVisible();
	await page.getByTestId('download-model').click();
	await engineReady(page);
	expect(asked).toHaveLength(1);
});

test('a full disk is named with the room that is needed', async ({ page, context }) => {
	const cdp = await context.newCDPSession(page);
	await openApp(page);
	const { origin } = new URL(page.url());
	await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 3_000_000 });
	await page.getByTestId('download-model').click();
	const notice = page.locator('[data-problem=disk-full]');
	await expect(notice).toContainText(/\d+ MB are needed/);
	await cdp.send('Storage.overrideQuotaForOrigin', { origin });
	await storeModel(page);
});

test('a download shows how far it is and can be stopped @firefox', async ({ page }) => {
	let shards = 0;
	await page.route(/\.bin$/, async (route) => {
		if (++shards > 3) await new Promise((resolve) => setTimeout(resolve, 1500));
		await route.continue();
	});
	await openApp(page);
	await page.getByTestId('download-model').click();
	const panel = page.getByTestId('model-panel');
	await expect(panel.getByRole('progressbar')).toBeVisible();
	await expect(panel).toContainText(/\d+\.\d MB of \d+\.\d MB/);
	await panel.getByRole('button', { name: 'Stop' }).click();
	await expect(panel.getByTestId('download-model')).toContainText('Go on with the download');
});

test('a model can be removed and downloaded again @firefox', async ({ page }) => {
	await openApp(page);
	await storeModel(page);
	await page.getByRole('link', { name: 'Models' }).click();
	const model = page.locator('[data-model=pneumonia-resnet34]');
	await model.getByRole('button', { name: 'Remove from this device' }).click();
	await model.getByRole('button', { name: 'Remove it' }).click();
	await expect(model).toHaveAttribute('data-state', 'not-stored');
	await model.getByTestId('download-model').click();
	await expect(model).toHaveAttribute('data-state', 'stored');
});

test('what the browser lacks is said before anything is downloaded @firefox', async ({ page }) => {
	await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'));
	await openApp(page);
	const notice = page.locator('[data-problem=no-webassembly]');
	await expect(notice).toContainText('does not allow WebAssembly');
	await expect(notice).toContainText('Lockdown Mode');
});

test('an old browser and little memory are said before anything is downloaded @firefox', async ({
	page
}) => {
	await page.addInitScript(() => {
		Reflect.deleteProperty(ArrayBuffer.prototype, 'resize');
		Object.defineProperty(navigator, 'deviceMemory', { value: 1 });
	});
	await openApp(page);
	await expect(page.locator('[data-problem=browser-old]')).toContainText(
		'Chrome or Edge 123, Firefox 128, Safari 17.5'
	);
	await expect(page.locator('[data-problem=little-memory]')).toContainText('little memory');
	// Neither keeps anybody from trying.
	await expect(page.getByTestId('download-model')).toBeEnabled();
});

test('without storage the page says what to do @firefox', async ({ page }) => {
	await page.addInitScript(() => {
		IDBFactory.prototype.open = () => {
			throw new DOMException('The user denied permission', 'SecurityError');
		};
	});
	await openApp(page);
	await expect(page.getByTestId('model-panel')).toBeVisible();
	// Before a download that would be of no use, and after it.
	const notices = page.locator('[data-problem=storage-refused]');
	await expect(notices).toHaveCount(1);
	await expect(notices).toContainText('private browsing');
	await page.getByTestId('download-model').click();
	await expect(notices).toHaveCount(2);
});

test('a model comes from a stick, as one file, where nothing can be fetched @firefox', async ({
	page,
	context
}) => {
	const manifest = JSON.parse(
		await readFile(new URL(`../../static/models/${MODEL}/manifest.json`, import.meta.url), 'utf8')
	) as Manifest;
	const { name, bytes } = await packModel(manifest);
	await openApp(page, '?backend=wasm');
	await expect(page.getByTestId('offline-ready')).toBeVisible();
	await context.setOffline(true);
	const input = page.getByTestId('file-input');
	const damaged = Buffer.from(bytes);
	damaged[damaged.length >> 1] ^= 1;
	await input.setInputFiles({ name, mimeType: 'application/zip', buffer: damaged });
	await expect(page.locator('[data-problem^=model-file]')).toBeVisible();
	await expect(page.getByTestId('model-panel')).toBeVisible();

	await input.setInputFiles({ name, mimeType: 'application/zip', buffer: Buffer.from(bytes) });
	await expect(
		page.getByText(`“Pneumonia in children (ResNet34) ${manifest.version}” is on this device now.`)
	).toBeVisible();
	await engineReady(page);
	await page.getByTestId('samples').click();
	await finished(page);
});
