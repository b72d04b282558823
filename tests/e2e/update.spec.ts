import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { buildDir } from '../../tools/lib/paths';
import { startServer } from '../../tools/lib/static-server';

test('a new version waits until the user agrees, then it is in use', async ({ page }) => {
	const root = join(await mkdtemp(join(tmpdir(), 'fieldlens-')), 'site');
	await cp(buildDir, root, { recursive: true });
	const server = await startServer({ port: 0, root });
	try {
		await page.goto(server.url);
		await expect(page.getByTestId('offline-ready')).toBeVisible();

		// Another version of the shell: another list, another text on the help page.
		const worker = join(root, 'service-worker.js');
		const script = await readFile(worker, 'utf8');
		await writeFile(worker, script.replace(/(\\"version\\":\\")\w+/, '$1another'));
		const help = join(root, 'help', 'index.html');
		const text = await readFile(help, 'utf8');
		await writeFile(help, text.replace('How to use Fieldlens', 'How to use the new one'));

		await page.reload();
		await expect(page.getByTestId('update-prompt')).toBeVisible();
		await page.goto(`${server.url}help/`);
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('How to use Fieldlens');

		await expect(page.getByTestId('update-prompt')).toBeVisible();
		const reloaded = page.waitForEvent('load');
		await page.getByRole('button', { name: 'Update now' }).click();
		await reloaded;
		expect(await (await page.request.get(`${server.url}help/`)).text()).toContain('the new one');
		const served = await page.evaluate(async () => (await fetch(location.href)).text());
		expect(served).toContain('How to use the new one');
	} finally {
		await server.close();
	}
});
