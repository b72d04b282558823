import { expect, test, type Page } from '@playwright/test';
import {
	addFolder,
	engineReady,
	expectAccessible,
	exportList,
	finished,
	folderOf,
	keptScores,
	greyPng,
	openApp,
	row,
	sample,
	savedFile,
	storeModel
} from './app';

const status = (page: Page) => page.getByTestId('session-status');
const done = async (page: Page) => Number(await status(page).getAttribute('data-done'));
const offer = (page: Page) => page.getByTestId('resume-offer');
const entries = (page: Page) => page.getByTestId('session');
const toPage = (page: Page, name: string) =>
	page.getByRole('navigation').getByRole('link', { name, exact: true }).click();

async function manyImages(count: number): Promise<string> {
	const files: Record<string, Uint8Array> = {};
	for (let i = 0; i < count; i++) files[`image ${i}.png`] = greyPng(500, 400, 8, i + 1);
	return folderOf(files);
}

async function smallList(page: Page, name = 'a.jpg'): Promise<void> {
	await addFolder(page, await folderOf({ [name]: await sample(1), 'b.jpg': await sample(2) }));
	await finished(page);
}

/** Scores by path, as the list holds them. */
async function scores(page: Page): Promise<Record<string, number | null>> {
	const { images } = await exportList(page);
	return Object.fromEntries(images.map(({ path, score }) => [path, score]));
}

test('a reload in the middle of a list loses nothing, and the list goes on @firefox', async ({
	page
}) => {
	const folder = await manyImages(24);
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, folder);
	await expect.poll(() => done(page)).toBeGreaterThan(3);
	const before = await page.locator('[data-path][data-status=done]').evaluateAll((all) =>
		all.map((one) => {
			const { path, score } = (one as HTMLElement).dataset;
			return [path, score] as const;
		})
	);
	page.on('dialog', (dialog) => void dialog.accept());
	await page.reload();

	await expect(offer(page)).toContainText(/unfinished list from today, \d\d:\d\d: \d+ of 24/);
	await expectAccessible(page);
	await offer(page).getByRole('button', { name: 'Go on' }).click();
	await expect(status(page)).toHaveAttribute('data-state', 'interrupted');
	for (const [path, score] of before) {
		await expect(row(page, path!)).toHaveAttribute('data-score', score!);
		await expect(row(page, path!).locator('img')).toBeVisible();
	}
	const kept = await done(page);
	expect(kept).toBeGreaterThanOrEqual(before.length);
	await expect(page.getByTestId('missing')).toContainText(`${24 - kept} files still to read`);
	await engineReady(page);
	const times = await page.evaluate(() => performance.now());
	await addFolder(page, folder);
	await finished(page);
	const { images } = await exportList(page);
	expect(images).toHaveLength(24);
	expect(images.every(({ category }) => category !== null)).toBe(true);
	const scored = await keptScores(page);
	for (const [path, score] of before) expect(scored[path!]).toBe(score);
	// What was done was not read twice.
	const start = await page.evaluate((now) => performance.timeOrigin + now, times);
	const readAgain = images.filter(({ time }) => Date.parse(time ?? '') >= start);
	expect(readAgain.length).toBeLessThanOrEqual(24 - kept);

	// All of it is saved: it is offered all the same, until a new list begins.
	await openApp(page, '?backend=wasm');
	await expect(page.getByTestId('drop-zone')).toBeVisible();
	await expect(offer(page)).toContainText('saved to a file');
});

test('a second tab shows the list live, and takes it over when the first closes @firefox', async ({
	page,
	context
}) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	const folder = await manyImages(60);
	await addFolder(page, folder);
	await expect.poll(() => done(page)).toBeGreaterThan(1);
	// Paused, so that the list is still being read when the second tab is there.
	await page.getByRole('button', { name: 'Pause' }).click();

	const second = await context.newPage();
	await openApp(second, '?backend=wasm');
	await expect(offer(second)).toContainText('open in another tab');
	await offer(second).getByRole('button', { name: 'Show it here' }).click();
	await expect(status(second)).toHaveAttribute('data-state', 'following');
	await expect(second.getByTestId('following')).toContainText('another tab');
	const now = await done(second);
	await page.getByRole('button', { name: 'Go on' }).click();
	await expect.poll(() => done(second)).toBeGreaterThan(now);
	await page.getByRole('button', { name: 'Pause' }).click();
	await expect(status(page)).toHaveAttribute('data-state', 'paused');
	await toPage(second, 'Sessions');
	await expect(entries(second)).toContainText('open in another tab');
	await expect(entries(second).getByRole('button', { name: /^Delete/ })).toBeDisabled();
	await toPage(second, 'Screen');

	await page.close();
	await expect(status(second)).toHaveAttribute('data-state', 'interrupted');
	await expect(second.getByTestId('missing')).toContainText('this one has the list now');
	await engineReady(second);
	await addFolder(second, folder);
	await finished(second);
	expect(await done(second)).toBe(60);
});

test('a session is named, opened, deleted and brought back @firefox', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await smallList(page);
	const before = await scores(page);
	await page.getByRole('button', { name: 'New list' }).click();
	await smallList(page, 'another.jpg');
	await toPage(page, 'Sessions');
	await expect(entries(page)).toHaveCount(2);
	await expectAccessible(page);

	const older = entries(page).nth(1);
	await expect(older).toContainText('2 files');
	await expect(older).toContainText('saved to a file');
	await expect(older).toContainText(/version \d+\.\d+\.\d+/);
	await older.getByRole('button', { name: 'Rename' }).click();
	await page.getByRole('searchbox', { name: 'Name' }).fill('Ward 3, Tuesday');
	await page.keyboard.press('Enter');
	await expect(older.getByRole('heading')).toHaveText('Ward 3, Tuesday');

	await older.getByRole('button', { name: 'Delete Ward 3, Tuesday' }).click();
	await expect(entries(page)).toHaveCount(1);
	await page.getByTestId('undo').getByRole('button', { name: 'Undo' }).click();
	await expect(entries(page)).toHaveCount(2);

	await older.getByRole('button', { name: 'Open Ward 3, Tuesday' }).click();
	await expect(row(page, 'folder/a.jpg')).toBeVisible();
	expect(await scores(page)).toEqual(before);

	await toPage(page, 'Sessions');
	await page.getByRole('button', { name: 'Delete all' }).click();
	await page.getByRole('button', { name: 'Keep them' }).click();
	await expect(entries(page)).toHaveCount(2);
	await page.getByRole('button', { name: 'Delete all' }).click();
	await page.getByRole('button', { name: 'Delete them all' }).click();
	await expect(page.getByTestId('no-sessions')).toBeVisible();
	await page.reload();
	await expect(page.getByTestId('no-sessions')).toBeVisible();
});

test('a backup brings everything to another device; a bad one changes nothing @firefox', async ({
	page,
	browser
}) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await smallList(page);
	const before = await scores(page);
	await toPage(page, 'Sessions');
	const { name, text } = await savedFile(page, () =>
		page.getByRole('button', { name: 'Save a backup' }).click()
	);
	expect(name).toMatch(/^fieldlens-backup-\d{4}-\d\d-\d\d\.jsonl$/);
	await expect(page.getByTestId('backup-done')).toContainText('Saved');
	const backup = Buffer.from(text);

	const elsewhere = await browser.newContext();
	const other = await elsewhere.newPage();
	await openApp(other);
	await toPage(other, 'Sessions');
	const cut = { name: 'cut.jsonl', mimeType: '', buffer: backup.subarray(0, -40) };
	await other.getByTestId('backup-input').setInputFiles(cut);
	await expect(other.locator('[data-problem=backup-cut-off]')).toBeVisible();
	await expect(other.getByTestId('no-sessions')).toBeVisible();

	await other
		.getByTestId('backup-input')
		.setInputFiles({ name: 'whole.jsonl', mimeType: '', buffer: backup });
	await expect(other.getByTestId('backup-done')).toContainText('1 session added');
	await entries(other).getByRole('button', { name: /^Open/ }).click();
	// No model is on that device: the results are there all the same.
	await expect(row(other, 'folder/a.jpg')).toHaveAttribute('data-status', 'done');
	await expect(row(other, 'folder/a.jpg').locator('img')).toBeVisible();
	expect(await scores(other)).toEqual(before);
	await elsewhere.close();
});

test('a full disk is said at once, and nothing is torn @firefox', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await smallList(page);
	const before = await scores(page);
	await page.evaluate(() => {
		const { put } = IDBObjectStore.prototype;
		Object.assign(globalThis, { room: () => (IDBObjectStore.prototype.put = put) });
		IDBObjectStore.prototype.put = () => {
			throw new DOMException('full', 'QuotaExceededError');
		};
	});
	await addFolder(page, await folderOf({ 'c.jpg': await sample(3), 'd.jpg': await sample(4) }));
	await finished(page);
	await expect(page.locator('[data-problem=sessions-disk-full]')).toContainText('no more room');
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(4);
	// A new list would lose these.
	await page.getByRole('button', { name: 'New list' }).click();
	await expect(page.getByText('Results that are not saved are lost.')).toBeVisible();
	await page.getByRole('button', { name: 'Keep', exact: true }).click();

	await page.evaluate(() => (globalThis as unknown as { room(): void }).room());
	await page.getByRole('button', { name: 'Try again' }).click();
	await expect(page.locator('[data-problem=sessions-disk-full]')).toHaveCount(0);
	await page.reload();
	await offer(page).getByRole('button', { name: 'Open it' }).click();
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(4);
	expect(await scores(page)).toMatchObject(before);
});

for (const colorScheme of ['light', 'dark'] as const) {
	test.describe(colorScheme, () => {
		test.use({ colorScheme });
		test(`the sessions and the offer are accessible in ${colorScheme} colours`, async ({
			page
		}) => {
			const folder = await manyImages(200);
			await openApp(page, '?backend=wasm');
			await storeModel(page);
			await smallList(page);
			await page.getByRole('button', { name: 'New list' }).click();
			await addFolder(page, folder);
			await expect.poll(() => done(page)).toBeGreaterThan(1);
			await page.getByRole('button', { name: 'Pause' }).click();
			page.on('dialog', (dialog) => void dialog.accept());
			await page.reload();
			await expect(offer(page)).toBeVisible();
			await expectAccessible(page);
			await toPage(page, 'Sessions');
			await expect(entries(page)).toHaveCount(2);
			await expectAccessible(page);
			await page.setViewportSize({ width: 800, height: 1280 });
			await entries(page)
				.first()
				.getByRole('button', { name: /^Go on/ })
				.click();
			await expect(page.getByTestId('missing')).toBeVisible();
			await expectAccessible(page);
		});
	});
}

test('a kept list of 10,000 files opens in a moment @firefox', async ({ page }) => {
	await openApp(page);
	await page.getByTestId('samples').click();
	await expect(status(page)).toHaveAttribute('data-total', '4');
	await toPage(page, 'Sessions');
	await expect(entries(page)).toContainText('of 4 files');
	await page.evaluate(async () => {
		const opening = indexedDB.open('fieldlens');
		await new Promise((resolve) => (opening.onsuccess = resolve));
		const transaction = opening.result.transaction(['sessions', 'results'], 'readwrite');
		const sessions = transaction.objectStore('sessions');
		const results = transaction.objectStore('results');
		const asked = sessions.getAll();
		await new Promise((resolve) => (asked.onsuccess = resolve));
		const session = { ...asked.result[0], id: 'f'.repeat(32), name: 'Large', total: 10_000 };
		sessions.put(session);
		for (let index = 0; index < 10_000; index++) {
			results.put({
				session: session.id,
				index,
				path: `ward/image ${index}.jpg`,
				file: { size: 1, modified: index, sha256: '' },
				status: 'done',
				probability: index / 10_000,
				distance: null,
				map: new Uint8Array(49),
				thumbnail: new Uint8Array(4000).buffer,
				width: 640,
				height: 480,
				backend: 'wasm',
				time: session.startedAt,
				problem: null,
				review: null
			});
		}
		await new Promise((resolve) => (transaction.oncomplete = resolve));
		opening.result.close();
	});
	await page.reload();
	const large = entries(page).filter({ hasText: 'Large' });
	const start = performance.now();
	await large.getByRole('button', { name: /^(Open|Go on) Large/ }).click();
	await expect(status(page)).toHaveAttribute('data-done', '10000');
	const milliseconds = performance.now() - start;
	// A slow machine may be busy; without reading in groups it takes minutes.
	expect(milliseconds).toBeLessThan(15_000);
	expect(await page.locator('[data-path]').count()).toBeLessThan(100);
});
