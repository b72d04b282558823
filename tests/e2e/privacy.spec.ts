import { expect, test } from '@playwright/test';
import { addFolder, exportCsv, finished, folderOf, openApp, sample, storeModel } from './app';

test('a whole session asks no other origin, sends nothing, and fetches nothing for images', async ({
	page,
	context
}) => {
	const requests: { url: URL; method: string; body: string | null }[] = [];
	context.on('request', (request) =>
		requests.push({
			url: new URL(request.url()),
			method: request.method(),
			body: request.postData()
		})
	);
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	const { origin } = new URL(page.url());
	await expect(page.getByTestId('offline-ready')).toBeVisible();
	// The second lane may still be starting.
	let before = -1;
	await expect
		.poll(
			() => {
				const quiet = before === requests.length;
				before = requests.length;
				return quiet;
			},
			{ intervals: [2000] }
		)
		.toBe(true);
	await addFolder(page, await folderOf({ 'a.jpg': await sample(1), 'b.jpg': await sample(2) }));
	await finished(page);
	await exportCsv(page);
	await page
		.getByRole('button', { name: /^View / })
		.first()
		.click();
	await expect(page.getByTestId('heat-map')).toBeVisible();

	const fetched = requests.slice(before).filter(({ url }) => url.protocol.startsWith('http'));
	expect(fetched.map(({ url }) => url.href)).toEqual([]);
	for (const { url, method, body } of requests) {
		if (!url.protocol.startsWith('http')) continue;
		expect(url.origin).toBe(origin);
		expect(method).toBe('GET');
		expect(body).toBeNull();
	}
});

test('the policy allows no other origin, no inline script and no eval', async ({ page }) => {
	const violations: string[] = [];
	page.on('console', (message) => {
		if (/content security policy/i.test(message.text())) violations.push(message.text());
	});
	await openApp(page);
	const policy = await page
		.locator('meta[http-equiv="content-security-policy" i]')
		.getAttribute('content');
	expect(policy).toContain("default-src 'self'");
	expect(policy).toMatch(/script-src [^;]*'sha256-/);
	const scripts = /script-src ([^;]*)/.exec(policy!)![1];
	expect(scripts).not.toContain("'unsafe-inline'");
	expect(scripts).not.toContain("'unsafe-eval'");
	expect(policy).not.toMatch(/https?:/);
	for (const path of ['./models/', './help/']) await page.goto(path);
	expect(violations).toEqual([]);
	const blocked = await page.evaluate(async () => {
		try {
			await fetch('https://example.com/');
			return false;
		} catch {
			return true;
		}
	});
	expect(blocked).toBe(true);
});
