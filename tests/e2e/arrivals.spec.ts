/** "Open with Fieldlens" and "Share to Fieldlens". */
import { expect, test, type Page } from '@playwright/test';
import { startServer } from '../../tools/lib/static-server';
import { engineReady, finished, openApp, row, sample, storeModel } from './app';

interface Shared {
	name: string;
	type: string;
	bytes: number[];
}

async function photo(name: string, seed: number): Promise<Shared> {
	return { name, type: 'image/jpeg', bytes: [...(await sample(seed))] };
}

/** Post a form as an operating system's share does: from no page of the site. */
async function share(page: Page, target: string, files: Shared[]): Promise<void> {
	await page.goto('about:blank');
	const navigated = page.waitForURL((url) => url.href.startsWith(new URL('..', target).href));
	await page.evaluate(
		({ target, files }) => {
			const transfer = new DataTransfer();
			for (const { name, type, bytes } of files) {
				transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
			}
			const form = document.createElement('form');
			Object.assign(form, { method: 'post', action: target, enctype: 'multipart/form-data' });
			const input = document.createElement('input');
			Object.assign(input, { type: 'file', name: 'images', multiple: true });
			input.files = transfer.files;
			form.append(input);
			document.body.append(form);
			form.submit();
		},
		{ target, files }
	);
	await navigated;
}

/** Names of the files that wait in the inbox. */
function inbox(page: Page): Promise<string[]> {
	return page.evaluate(async () => {
		const kept = await (await caches.open('inbox')).keys();
		return kept.map(({ url }) => decodeURIComponent(url.split('/').at(-1) ?? ''));
	});
}

test('images that are shared are read, with the server gone, too @firefox', async ({
	page,
	context
}) => {
	const server = await startServer({ port: 0, base: '/below/this' });
	await page.goto(server.url);
	// The address as an installed program has it.
	const href = (await page.locator('link[rel=manifest]').getAttribute('href')) ?? '';
	const manifestUrl = new URL(href, page.url()).href;
	const manifest = await (await page.request.get(manifestUrl)).json();
	const target = new URL(manifest.share_target.action, manifestUrl).href;
	expect(target).toBe(`${server.url}share/`);
	expect(manifest.share_target.params.files[0].name).toBe('images');
	await expect(page.getByTestId('offline-ready')).toBeVisible();

	// Before there is a model they wait, and a reload does not lose them.
	await share(page, target, [await photo('image.jpg', 1), await photo('صورة.jpg', 2)]);
	await expect(page.locator('[role=row][data-path]')).toHaveCount(2);
	expect((await inbox(page)).sort()).toEqual(['image.jpg', 'صورة.jpg']);
	await page.reload();
	await expect(page.locator('[role=row][data-path]')).toHaveCount(2);
	expect(new URL(page.url()).search).toBe('');
	await storeModel(page);
	await finished(page);
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(2);
	await expect.poll(() => inbox(page)).toEqual([]);

	await page.getByRole('button', { name: 'New list' }).click();
	await server.close();
	await context.setOffline(true);
	await share(page, target, [await photo('night.jpg', 3)]);
	await engineReady(page);
	await finished(page);
	await expect(row(page, 'night.jpg')).toHaveAttribute('data-status', 'done');
	await expect.poll(() => inbox(page)).toEqual([]);
});

test('a share without a file gets a sentence, once @firefox', async ({ page }) => {
	await openApp(page);
	await expect(page.getByTestId('offline-ready')).toBeVisible();
	await share(page, new URL('share/', page.url()).href, []);
	await expect(page.getByText('What was shared holds no file.')).toBeVisible();
	await expect(page).toHaveURL((url) => url.search === '');
	await page.reload();
	await expect(page.getByTestId('drop-zone')).toBeVisible();
	await expect(page.getByText('What was shared holds no file.')).toHaveCount(0);
});

test('files that are opened with it go into the list, whatever page it shows @firefox', async ({
	page
}) => {
	await page.addInitScript(() => {
		Object.defineProperty(window, 'launchQueue', {
			value: { setConsumer: (consumer: unknown) => Object.assign(window, { consumer }) }
		});
	});
	await page.goto('./help/');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await page.waitForFunction(() => 'consumer' in window);
	await page.evaluate(
		async (bytes) => {
			const root = await navigator.storage.getDirectory();
			const handle = await root.getFileHandle('opened.jpg', { create: true });
			const writable = await handle.createWritable();
			await writable.write(new Uint8Array(bytes));
			await writable.close();
			(window as unknown as { consumer: (launch: object) => void }).consumer({ files: [handle] });
		},
		[...(await sample(1))]
	);
	await expect(row(page, 'opened.jpg')).toBeVisible();
	await storeModel(page);
	await finished(page);
	await expect(row(page, 'opened.jpg')).toHaveAttribute('data-status', 'done');
});
