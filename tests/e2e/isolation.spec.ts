/** One copy of the weights for all lanes where the page is cross-origin isolated. */
import { createServer } from 'node:http';
import { expect, test, type Page } from '@playwright/test';
import sirv from 'sirv';
import { buildDir } from '../../tools/lib/paths';
import {
	addFolder,
	engineReady,
	finished,
	folderOf,
	openApp,
	row,
	sample,
	storeModel
} from './app';

interface Call {
	name: string;
	/** Whether it carries a memory that is shared. */
	shares: boolean;
}

/** Note how the page asks its lanes to start. */
async function watchLanes(page: Page): Promise<() => Promise<Call[]>> {
	await page.addInitScript(() => {
		// Two lanes, on a machine of one core too.
		Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => 2 });
		const calls: Call[] = [];
		const lanes = new WeakSet<Worker>();
		const Started = Worker;
		class Noted extends Started {
			constructor(script: string | URL, options?: WorkerOptions) {
				super(script, options);
				// Not the worker that finds what is read: its network is its own.
				if (String(script).includes('lane.worker')) lanes.add(this);
			}
		}
		Object.assign(window, { laneCalls: calls, Worker: Noted });
		const send = Worker.prototype.postMessage as (message: unknown, transfer?: unknown) => void;
		Worker.prototype.postMessage = function (message: unknown, transfer?: unknown) {
			const { path, argumentList } = message as {
				path?: string[];
				argumentList?: { value?: { memory?: WebAssembly.Memory } }[];
			};
			const name = path?.at(-1) ?? '';
			if (lanes.has(this) && (name === 'open' || name === 'join')) {
				const memory = argumentList?.[1]?.value?.memory;
				const shares =
					Object.prototype.toString.call(memory?.buffer) === '[object SharedArrayBuffer]';
				calls.push({ name, shares });
			}
			send.call(this, message, transfer);
		};
	});
	return () => page.evaluate(() => (window as unknown as { laneCalls: Call[] }).laneCalls);
}

const PAGE = '?backend=int8';

/** Scores of two images, read twice each so that all lanes are at it. */
async function scores(page: Page): Promise<string[]> {
	const images = { 'a.jpg': await sample(1), 'b.jpg': await sample(2) };
	const again = { 'c.jpg': await sample(1), 'd.jpg': await sample(2) };
	await addFolder(page, await folderOf({ ...images, ...again }));
	await finished(page);
	const found: string[] = [];
	for (const name of ['a', 'b', 'c', 'd']) {
		found.push((await row(page, `folder/${name}.jpg`).getAttribute('data-score')) ?? '');
	}
	return found;
}

test('lanes of an isolated page share the weights, and read what others read', async ({
	page,
	browser,
	baseURL
}) => {
	const calls = await watchLanes(page);
	await openApp(page, PAGE);
	await storeModel(page);
	expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
	await expect.poll(calls).toEqual([
		{ name: 'open', shares: false },
		{ name: 'join', shares: true }
	]);
	const shared = await scores(page);
	expect(shared.slice(2)).toEqual(shared.slice(0, 2));

	// The same page on a host without the headers, at its first visit.
	const context = await browser.newContext({ baseURL, serviceWorkers: 'block' });
	try {
		const other = await context.newPage();
		await other.route('**/*', async (route) => {
			const response = await route.fetch();
			const headers = response.headers();
			delete headers['cross-origin-embedder-policy'];
			await route.fulfill({ response, headers });
		});
		const otherCalls = await watchLanes(other);
		await openApp(other, PAGE);
		await storeModel(other);
		expect(await other.evaluate(() => crossOriginIsolated)).toBe(false);
		await expect.poll(otherCalls).toEqual([
			{ name: 'open', shares: false },
			{ name: 'open', shares: false }
		]);
		expect(await scores(other)).toEqual(shared);
	} finally {
		await context.close();
	}
});

test('on a host that sends no headers the page is isolated from the second visit on', async ({
	page
}) => {
	const server = createServer(sirv(buildDir, { dev: true }));
	await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
	const address = server.address();
	const port = typeof address === 'object' ? address?.port : 0;
	try {
		const calls = await watchLanes(page);
		await page.goto(`http://localhost:${port}/?backend=int8`);
		expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
		await storeModel(page);
		await expect(page.getByTestId('offline-ready')).toBeVisible();

		await page.reload();
		await engineReady(page);
		expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
		await expect.poll(calls).toContainEqual({ name: 'join', shares: true });
		const found = await scores(page);
		expect(found.every(Boolean)).toBe(true);
	} finally {
		server.close();
		server.closeAllConnections();
	}
});
