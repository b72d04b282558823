import { expect, test } from '@playwright/test';
import { copied } from '../unit/helpers/dicom';
import {
	addFolder,
	engineReady,
	exportCsv,
	exportList,
	finished,
	folderOf,
	greyPng,
	MODEL,
	openApp,
	row,
	sample,
	storeModel
} from './app';

test('a folder is read, sorted by urgency and saved, on the processor @firefox', async ({
	page
}) => {
	const folder = await folderOf({
		'ward a/sick.jpg': await sample(1),
		'ward a/deep/er/sick too.jpg': await sample(3),
		'ward b/well.jpg': await sample(2),
		'ward b/well too.jpg': await sample(4),
		'sixteen bits.png': greyPng(300, 200, 16),
		'same name.png': greyPng(64, 64, 8)
	});
	await openApp(page);
	await expect(page.getByTestId('model-panel')).toContainText('MB');
	await storeModel(page);
	await expect(page.getByTestId('engine-panel')).toHaveAttribute('data-backend', 'int8');

	await addFolder(page, folder);
	await finished(page);

	const worklist = page.getByRole('table', { name: 'Worklist' });
	await expect(worklist).toBeVisible();
	const rows = worklist.locator('[data-path]');
	await expect(rows).toHaveCount(6);
	const shown = await rows.evaluateAll((all) =>
		all.map((one) => ({ ...(one as HTMLElement).dataset }))
	);
	for (const { score } of shown) expect(Number(score) >= 0 && Number(score) <= 1).toBe(true);
	// Generated greys are no film: they stand by themselves, whatever their score.
	const known = shown.filter(({ category }) => category !== 'unrecognised');
	expect(known).toHaveLength(4);
	const scores = known.map(({ score }) => Number(score));
	expect(scores).toEqual([...scores].sort((a, b) => b - a));

	const sick = row(page, 'folder/ward a/sick.jpg');
	await expect(sick).toHaveAttribute('data-status', 'done');
	await expect(sick).toHaveAttribute('data-category', /likely|uncertain/);
	await expect(sick.locator('img')).toBeVisible();
	const scoreOf = async (path: string) => Number(await row(page, path).getAttribute('data-score'));
	expect(await scoreOf('folder/ward a/sick.jpg')).toBeGreaterThan(
		await scoreOf('folder/ward b/well.jpg')
	);

	const { images, model } = await exportList(page);
	expect(images).toHaveLength(6);
	expect(model).toMatchObject({ id: MODEL, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
	const line = images.find(({ path }) => path === 'folder/ward a/sick.jpg')!;
	expect(line).toMatchObject({ backend: 'int8', reason: null });
	expect(line.score?.toFixed(6)).toBe(await sick.getAttribute('data-score'));
	expect(line.category).toBe(await sick.getAttribute('data-category'));
	expect(Date.parse(line.time ?? '')).not.toBeNaN();
	// The table says the same as the screen.
	const written = (await exportCsv(page)).find((one) => one['File'] === line.path)!;
	await expect(sick).toContainText(written['Category']);
	await expect(sick.locator('.number')).toHaveText(written['Score (0 to 100)']);
});

test('an image is shown as it is, without a heat map that nobody asked for', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await page.getByTestId('samples').click();
	await finished(page);
	await page.getByRole('button', { name: 'View synthetic-1.jpg' }).click();
	const image = page.getByRole('img', { name: /X-ray synthetic-1/ });
	expect(await image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(640);
	await expect(page.getByTestId('heat-map')).toHaveCount(0);
	await page.keyboard.press('Escape');
	await expect(image).toBeHidden();
});

test('bad files are named and the rest goes on @firefox', async ({ page }) => {
	const good = await sample(1);
	const bomb = Buffer.from(greyPng(8, 8, 8));
	bomb.writeUInt32BE(60_000, 16);
	bomb.writeUInt32BE(60_000, 20);
	const folder = await folderOf({
		'good.jpg': good,
		'cut off.jpg': good.subarray(0, good.length - 4000),
		'garbage.jpg': Buffer.concat([good.subarray(0, 3), Buffer.alloc(5000, 7)]),
		'empty.png': '',
		'empty.txt': '',
		'notes.txt': 'not an image',
		'text named.jpg': 'not an image either',
		'bomb.png': bomb,
		'report.dcm': copied('reportsi.dcm'),
		'=cmd.jpg': await sample(2),
		'@<img src=x onerror=alert(1)>.jpg': await sample(4)
	});
	page.on('dialog', () => {
		throw new Error('a file name was run as a script');
	});
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, folder);
	await finished(page);

	await expect(row(page, 'folder/good.jpg')).toHaveAttribute('data-status', 'done');
	for (const name of ['cut off.jpg', 'garbage.jpg', 'bomb.png', 'empty.png', 'text named.jpg']) {
		await expect(row(page, `folder/${name}`)).toHaveAttribute('data-status', 'failed');
	}
	await expect(row(page, 'folder/cut off.jpg')).toContainText('The end of the image is missing');
	await expect(page.getByTestId('session-status')).toContainText('5 not read');
	await page.getByRole('button', { name: /^Left out/ }).click();
	for (const name of ['empty.txt', 'notes.txt', 'report.dcm']) {
		await expect(row(page, `folder/${name}`)).toHaveAttribute('data-status', 'left-out');
	}
	await expect(row(page, 'folder/report.dcm')).toContainText('DICOM');

	const { images } = await exportList(page);
	expect(images).toHaveLength(11);
	for (const { category, reason } of images) expect(category === null).toBe(reason !== null);
});

test('a name that a spreadsheet would run as a formula is neutralised', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await page.getByTestId('file-input').setInputFiles([
		{ name: '=1+2.jpg', mimeType: 'image/jpeg', buffer: await sample(1) },
		{ name: '=1+2.jpg', mimeType: 'image/jpeg', buffer: await sample(2) }
	]);
	await finished(page);
	const csv = await exportCsv(page);
	expect(csv.map((line) => line['File']).sort()).toEqual(["'=1+2 (2).jpg", "'=1+2.jpg"]);
});

test('a list that begins is seen from its top, on a phone, too @firefox', async ({ page }) => {
	await page.setViewportSize({ width: 412, height: 915 });
	await openApp(page);
	await storeModel(page);
	await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
	expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
	await addFolder(page, await folderOf({ 'a.jpg': await sample(1), 'b.jpg': await sample(2) }));
	await finished(page);
	expect(await page.evaluate(() => scrollY)).toBe(0);
	await expect(page.locator('[data-path]').first()).toBeInViewport();
});

test('a batch can be paused, resumed and stopped, and nothing done is lost @firefox', async ({
	page
}) => {
	const files: Record<string, Uint8Array> = {};
	for (let i = 0; i < 40; i++) files[`image ${i}.png`] = greyPng(900, 700, 8, i + 1);
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, await folderOf(files));
	const status = page.getByTestId('session-status');
	await expect(status).toHaveAttribute('data-state', 'running');
	await page.getByRole('button', { name: 'Pause' }).click();
	await expect(status).toHaveAttribute('data-state', 'paused');
	const done = async () => Number(await status.getAttribute('data-done'));
	// What is in the lanes still ends; then it stands still.
	let before = -1;
	await expect
		.poll(
			async () => {
				const now = await done();
				const still = now === before;
				before = now;
				return still;
			},
			{ intervals: [1500] }
		)
		.toBe(true);
	expect(before).toBeLessThan(40);
	await page.getByRole('button', { name: 'Go on' }).click();
	await expect.poll(done).toBeGreaterThan(before);
	await page.getByRole('button', { name: 'Stop' }).click();
	await expect(status).toHaveAttribute('data-state', 'done');
	const { images } = await exportList(page);
	expect(images).toHaveLength(40);
	const stopped = images.filter(({ reason }) => reason?.includes('stopped'));
	expect(stopped.length + images.filter(({ category }) => category !== null).length).toBe(40);

	if (stopped.length > 0) {
		await page.getByRole('button', { name: 'Try the unread again' }).click();
		await finished(page);
		const again = (await exportList(page)).images;
		expect(again.every(({ category }) => category !== null)).toBe(true);
	}
});

test('images dropped before the model is there wait for it @firefox', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	await addFolder(page, await folderOf({ 'a.jpg': await sample(1), 'b.jpg': await sample(2) }));
	await expect(page.getByTestId('session-status')).toContainText('wait for the model');
	await storeModel(page);
	await finished(page);
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(2);
});

test('a lane that hangs up is replaced and its images are read again', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	const files: Record<string, Uint8Array> = {};
	for (let i = 0; i < 12; i++) files[`image ${i}.png`] = greyPng(900, 700, 8, i + 1);
	const lane = page.workers().find((worker) => worker.url().includes('lane.worker'))!;
	// The next read of this lane fails as it would when memory runs out.
	await lane.evaluate(() => {
		Array.from = () => {
			throw new RangeError('out of memory');
		};
	});
	const replaced = page.waitForEvent('worker', (worker) => worker.url().includes('lane.worker'));
	await addFolder(page, await folderOf(files));
	await replaced;
	await finished(page);
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(12);
});

test('filters, search and sorting change what is shown @firefox', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await page.getByTestId('samples').click();
	await finished(page);
	const paths = () =>
		page
			.locator('[data-path]')
			.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.path));
	await page.getByRole('button', { name: 'File' }).click();
	expect(await paths()).toEqual([1, 2, 3, 4].map((i) => `synthetic-${i}.jpg`));
	await page.getByRole('button', { name: 'File' }).click();
	expect((await paths())[0]).toBe('synthetic-4.jpg');
	await page.getByRole('searchbox', { name: 'Find a patient or file' }).fill('TIC-3');
	await expect(page.locator('[data-path]')).toHaveCount(1);
	await page.getByRole('searchbox', { name: 'Find a patient or file' }).fill('');
	await page.getByRole('button', { name: /^Likely/ }).click();
	for (const category of await page
		.locator('[data-path]')
		.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.category))) {
		expect(category).toBe('likely');
	}
});

test('a list of 10,000 files keeps few rows in the page @firefox', async ({ page }) => {
	await openApp(page);
	await page.evaluate(() => {
		const transfer = new DataTransfer();
		for (let i = 0; i < 10_000; i++) transfer.items.add(new File(['x'], `image ${i}.jpg`));
		document.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
	});
	await expect(page.getByTestId('session-status')).toHaveAttribute('data-total', '10000');
	expect(await page.locator('[data-path]').count()).toBeLessThan(100);
	const worklist = page.getByRole('table', { name: 'Worklist' });
	await expect(worklist).toHaveAttribute('aria-rowcount', '10001');
	await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
	await expect(row(page, 'image 9999.jpg')).toBeVisible();
});

test('the model stays: a second visit downloads nothing and is ready by itself @firefox', async ({
	page
}) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	const asked: string[] = [];
	page.on('request', (request) => asked.push(new URL(request.url()).pathname));
	await openApp(page, '?backend=wasm');
	await engineReady(page);
	expect(asked.filter((path) => path.endsWith('.bin') || path.endsWith('model.json'))).toEqual([]);
});
