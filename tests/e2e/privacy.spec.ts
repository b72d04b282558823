import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { buildDir } from '../../tools/lib/paths';
import {
	addFolder,
	exportCsv,
	finished,
	folderOf,
	greyPng,
	openApp,
	sample,
	storeModel
} from './app';
import { startRecorder } from './recorder';

/** The paths of the shell's own files, as the service worker of the built site lists them. */
async function shellPaths(): Promise<Set<string>> {
	const script = await readFile(join(buildDir, 'service-worker.js'), 'utf8');
	const literal = /JSON\.parse\(("(?:[^"\\]|\\.)*")\)/.exec(script)![1];
	const { paths } = JSON.parse(JSON.parse(literal) as string) as { paths: string[] };
	expect(paths.length).toBeGreaterThan(20);
	return new Set([...paths, 'service-worker.js'].map((path) => `/${path}`));
}

/** Wait until nothing is asked any more. */
async function quiet(asked: readonly unknown[]): Promise<void> {
	let before = -1;
	await expect
		.poll(
			() => {
				const isQuiet = before === asked.length;
				before = asked.length;
				return isQuiet;
			},
			{ intervals: [2000] }
		)
		.toBe(true);
}

/** Import, screening, a review, every way of saving, and a look at every page. */
async function aDay(page: Page): Promise<void> {
	await addFolder(
		page,
		await folderOf({
			'amina-diallo.jpg': await sample(1),
			'b.jpg': await sample(2),
			'deep.png': greyPng(300, 300, 16),
			'notes.txt': 'no image'
		})
	);
	await finished(page);
	await page
		.getByRole('button', { name: /^View / })
		.first()
		.click();
	await expect(page.getByTestId('stage').getByRole('img').first()).toBeVisible();
	await page.keyboard.press('3');
	await page.keyboard.press('Escape');
	const [line] = (await exportCsv(page)).filter(({ Review: review }) => review !== '');
	expect(line).toBeDefined();
	await page.locator('summary', { hasText: 'More' }).click();
	const json = page.waitForEvent('download');
	await page.getByRole('button', { name: /^Export JSON/ }).click();
	await json;
	for (const name of ['Models', 'Calibration', 'Help', 'Sessions']) {
		await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
		await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
	}
	const backup = page.waitForEvent('download');
	await page.getByRole('button', { name: 'Save a backup' }).click();
	await backup;
}

test('a whole session asks for the shell alone, of no other origin, and sends nothing', async ({
	page,
	context
}) => {
	const shell = await shellPaths();
	const recorder = await startRecorder();
	const { asked } = recorder;
	const { origin } = new URL(recorder.url);
	const seen: { url: URL; method: string; body: string | null }[] = [];
	context.on('request', (request) =>
		seen.push({
			url: new URL(request.url()),
			method: request.method(),
			body: request.postData()
		})
	);
	const sockets: string[] = [];
	page.on('websocket', (socket) => sockets.push(socket.url()));
	try {
		await page.goto(`${recorder.url}?backend=wasm`);
		await storeModel(page);
		await expect(page.getByTestId('offline-ready')).toBeVisible();
		// The second lane may still be starting.
		await quiet(asked);
		const [setUp, setUpSeen] = [asked.length, seen.length];
		await aDay(page);
		// The check for an update, as the browser does it and as a visit does it.
		await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
		await page.reload();
		await expect(page.getByTestId('session')).toBeVisible();
		await quiet(asked);

		expect(setUp).toBeGreaterThan(shell.size / 2);
		// All that came to the server: the shell and, before the first image, the model.
		for (const [i, { method, path, query, body }] of asked.entries()) {
			const isModel = i < setUp && path.startsWith('/models/');
			const isKnown = shell.has(path) || isModel;
			expect({ path, isKnown, method, body }).toEqual({
				path,
				isKnown: true,
				method: 'GET',
				body: 0
			});
			expect(i < setUp ? query.replace('backend=wasm', '') : query).toBe('');
		}
		// With an image on the page the server hears only whether there is a new version.
		const later = new Set(asked.slice(setUp).map(({ path }) => path));
		expect([...later]).toEqual(['/service-worker.js']);
		// All that the page asked of anybody, whoever answered.
		for (const { url, method, body } of seen) {
			if (!url.protocol.startsWith('http')) continue;
			expect({ origin: url.origin, method, body }).toEqual({ origin, method: 'GET', body: null });
		}
		const ofOthers = seen
			.slice(setUpSeen)
			.filter(({ url }) => url.protocol.startsWith('http') && !shell.has(url.pathname));
		expect(ofOthers.map(({ url }) => url.href)).toEqual([]);
		expect(sockets).toEqual([]);
	} finally {
		await recorder.close();
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
