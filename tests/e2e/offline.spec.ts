import { expect, test } from '@playwright/test';
import { startServer } from '../../tools/lib/static-server';
import { addFolder, engineReady, finished, folderOf, sample, storeModel } from './app';

test('with the server gone a reload and a new batch work @firefox', async ({ page, context }) => {
	const server = await startServer({ port: 0, base: '/below/this' });
	await page.goto(server.url);
	await storeModel(page);
	await expect(page.getByTestId('offline-ready')).toBeVisible();
	await server.close();
	await context.setOffline(true);

	await page.reload();
	await engineReady(page);
	await expect(page.getByTestId('offline')).toBeVisible();
	await addFolder(page, await folderOf({ 'a.jpg': await sample(1), 'b.jpg': await sample(2) }));
	await finished(page);
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(2);

	for (const name of ['Help', 'Models', 'Screen']) {
		await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
		await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
	}
	// Each page also opens by itself, and the list is kept meanwhile.
	await page.goto(`${server.url}sessions/`);
	await expect(page.getByTestId('session')).toContainText('2 files');
	await page.goto(`${server.url}help/`);
	await expect(page.getByRole('heading', { name: 'How to use Fieldlens' })).toBeVisible();
	await page.getByText('Show all licences').click();
	for (const name of ['svelte', '@tensorflow/tfjs-core', '@cornerstonejs/codec-charls']) {
		await expect(page.getByTestId('licences')).toContainText(`${name} `);
	}
	await page.goto(`${server.url}models/`);
	await expect(page.locator('[data-model=pneumonia-resnet34]')).toHaveAttribute(
		'data-state',
		'stored'
	);
});

test('it can be installed', async ({ page, request }) => {
	await page.goto('./');
	const href = await page.locator('link[rel=manifest]').getAttribute('href');
	const address = new URL(href!, page.url()).href;
	const manifest = await (await request.get(address)).json();
	expect(manifest.display).toBe('standalone');
	for (const icon of manifest.icons) {
		const response = await request.get(new URL(icon.src, address).href);
		expect(response.ok(), icon.src).toBe(true);
		expect(response.headers()['content-type']).toContain(icon.type);
	}
	const cdp = await page.context().newCDPSession(page);
	const { installabilityErrors } = await cdp.send('Page.getInstallabilityErrors');
	// A test's browser is in private mode, which alone forbids installing.
	expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
});
