import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import { buildDir } from '../../tools/lib/paths';
import { startServer, type RunningServer } from '../../tools/lib/static-server';
import { colourPackage, colourProbability } from '../unit/helpers/colour-package';
import type { ExamplePackage } from '../unit/helpers/manifest';
import {
	addFolder,
	engineReady,
	expectAccessible,
	exportList,
	finished,
	folderOf,
	keptScores,
	MODEL,
	openControls,
	row,
	sample,
	storeModel
} from './app';

const CELLS = colourPackage();
const LARGE = colourPackage({ id: 'colour-cells-large' }, 4000);
const XRAYS = 'Chest X-rays of children: pneumonia';
const BLOOD = 'Red blood cells: malaria';
const PURPLE = [170, 60, 160] as const;
const GREEN = [90, 190, 110] as const;
const DARK_PURPLE = [120, 0, 140] as const;
const PINK = [200, 150, 170] as const;

let server: RunningServer;

/** The built site with generated models beside its own. */
test.beforeAll(async () => {
	const root = join(await mkdtemp(join(tmpdir(), 'fieldlens-')), 'site');
	await cp(buildDir, root, { recursive: true });
	const packages: ExamplePackage[] = [LARGE, CELLS];
	for (const { manifest, files } of packages) {
		const folder = join(root, 'models', manifest.id);
		await mkdir(folder, { recursive: true });
		await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
		for (const [path, content] of files) await writeFile(join(folder, path), content);
	}
	const models = [LARGE.manifest.id, CELLS.manifest.id, MODEL];
	await writeFile(join(root, 'models', 'index.json'), JSON.stringify({ models }));
	server = await startServer({ port: 0, root });
});
test.afterAll(() => server.close());

async function openSite(page: Page, path = ''): Promise<void> {
	await page.goto(`${server.url}${path}`);
}

const choice = (page: Page, name: string) => page.getByRole('radio', { name });

async function openBlood(page: Page): Promise<void> {
	await openSite(page, '?backend=wasm');
	await choice(page, BLOOD).check();
	await storeModel(page);
}

const card = (page: Page, id: string) => page.locator(`[data-testid=model][data-model=${id}]`);

/** A PNG of one colour, or of two, one above the other; its left and right edges black. */
function colourPng(top: readonly number[], bottom = top, alpha?: number, frame = 0): Uint8Array {
	const [width, height] = [120, 130];
	const channels = alpha === undefined ? 3 : 4;
	const data = new Uint8Array(width * height * channels);
	for (let i = 0; i < width * height; i++) {
		const isFrame = Math.min(i % width, width - 1 - (i % width)) < frame;
		const colour = i < (width * height) / 2 ? top : bottom;
		data.set(isFrame ? [0, 0, 0] : colour, i * channels);
		if (alpha !== undefined) data[i * channels + 3] = alpha;
	}
	return encode({ width, height, data, depth: 8, channels });
}

/** The red, green and blue of a shown picture at a place, 0..1 of its width and height. */
function colourAt(picture: Locator, x: number, y: number): Promise<number[]> {
	return picture.evaluate(
		(image: HTMLImageElement, [across, down]) => {
			const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
			const context = canvas.getContext('2d')!;
			context.drawImage(image, 0, 0);
			const at = [across * canvas.width, down * canvas.height].map(Math.floor);
			return [...context.getImageData(at[0], at[1], 1, 1).data.slice(0, 3)];
		},
		[x, y]
	);
}

function expectNear(found: number[], wanted: readonly number[]): void {
	wanted.forEach((value, i) => expect(Math.abs(found[i] - value)).toBeLessThan(14));
}

test('the task is chosen in words and pictures, and remembered', async ({ page }) => {
	await openSite(page);
	const chooser = page.getByTestId('task-chooser');
	await expect(choice(page, XRAYS)).toBeChecked();
	await expect(chooser.locator('svg')).toHaveCount(2);
	await expect(chooser).not.toContainText('ResNet');
	await expect(page.getByTestId('drop-zone')).toContainText('Drop a folder of X-rays');
	const shipped = new URL(`../../static/models/${MODEL}/manifest.json`, import.meta.url);
	const { totalBytes } = JSON.parse(await readFile(shipped, 'utf8')) as { totalBytes: number };
	await expect(page.getByTestId('download-model')).toContainText(
		`${(totalBytes / 1e6).toFixed(1)} MB`
	);

	await choice(page, BLOOD).check();
	await expect(page.getByTestId('drop-zone')).toContainText('Drop a folder of cell pictures');
	await expect(chooser).toContainText('Photographs of fields of a stained thin blood smear');
	await expect(page.getByTestId('model-panel')).toContainText(CELLS.manifest.id);
	await expect(page.getByTestId('download-model')).toContainText('0.0 MB');

	await page.reload();
	await expect(choice(page, BLOOD)).toBeChecked();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(/blood cells/);
});

test('both models are stored and each reads its own images; one can be removed', async ({
	page
}) => {
	await openSite(page, '?backend=wasm');
	await storeModel(page);
	await choice(page, BLOOD).check();
	await storeModel(page);
	await expect(page.getByTestId('task-chooser')).toContainText(/Ready[\s\S]*Ready/);

	await page.getByTestId('samples').click();
	await finished(page);
	await expect(page.getByTestId('promise')).toContainText(
		'Finds 95 of 100 infected cells. Of 100 healthy cells, 3 are also flagged.'
	);
	expect((await exportList(page)).model.id).toBe(CELLS.manifest.id);
	// Two of the four are averages of infected cells.
	const scores = await keptScores(page);
	expect(Number(scores['synthetic-1.jpg'])).toBeGreaterThan(Number(scores['synthetic-2.jpg']));
	expect(Number(scores['synthetic-3.jpg'])).toBeGreaterThan(Number(scores['synthetic-4.jpg']));

	// All is saved, so nothing is asked.
	await openControls(page);
	await page.getByRole('button', { name: 'Look at something else' }).click();
	await choice(page, XRAYS).check();
	await engineReady(page);
	await addFolder(page, await folderOf({ 'a.jpg': await sample(1) }));
	await finished(page);
	await expect(row(page, 'folder/a.jpg')).toContainText(/Pneumonia likely|Pneumonia possible/);
	expect((await exportList(page)).model.id).toBe(MODEL);

	await page.getByRole('link', { name: 'Models', exact: true }).click();
	await expect(card(page, MODEL)).toHaveAttribute('data-state', 'stored');
	const entry = card(page, CELLS.manifest.id);
	await expect(entry).toHaveAttribute('data-state', 'stored');
	await entry.getByRole('button', { name: 'Remove from this device' }).click();
	await entry.getByRole('button', { name: 'Remove it' }).click();
	await expect(entry).toHaveAttribute('data-state', 'not-stored');
	await page.reload();
	await expect(entry).toHaveAttribute('data-state', 'not-stored');
	await expect(card(page, MODEL)).toHaveAttribute('data-state', 'stored');
	await page.getByRole('link', { name: 'Screen', exact: true }).click();
	await engineReady(page);
	await expect(page.getByTestId('task-chooser')).toContainText('To download once');
});

test('a list is kept when another task is chosen', async ({ page }) => {
	await openBlood(page);
	await page.getByTestId('samples').click();
	await finished(page);
	await openControls(page);
	await page.getByRole('button', { name: 'Look at something else' }).click();
	await expect(page.locator('[data-path]')).toHaveCount(0);
	await page.getByRole('link', { name: 'Sessions', exact: true }).click();
	await page.getByTestId('session').getByRole('button', { name: /^Open/ }).click();
	await expect(page.locator('[data-path][data-status=done]')).toHaveCount(4);
	await expect(page.getByTestId('task-bar')).toContainText(BLOOD);
});

test('a list that cannot be kept is not given up without a question', async ({ page }) => {
	await openBlood(page);
	await page.evaluate(() => {
		IDBObjectStore.prototype.put = () => {
			throw new DOMException('full', 'QuotaExceededError');
		};
	});
	await page.getByTestId('samples').click();
	await finished(page);
	const bar = page.getByTestId('task-bar');
	await openControls(page);
	await expect(bar).toContainText(BLOOD);
	await bar.getByRole('button', { name: 'Look at something else' }).click();
	await expect(bar.getByRole('alert')).toContainText('not saved are lost');
	await expectAccessible(page);
	await bar.getByRole('button', { name: 'Keep this list' }).click();
	await expect(page.locator('[data-path]')).toHaveCount(4);
	await bar.getByRole('button', { name: 'Look at something else' }).click();
	await bar.getByRole('button', { name: 'Begin a new list' }).click();
	await expect(page.locator('[data-path]')).toHaveCount(0);
	await expect(choice(page, BLOOD)).toBeFocused();
	await expect(choice(page, BLOOD)).toBeChecked();
});

test('colours are read as they are, with and without alpha, and shown so', async ({ page }) => {
	await openBlood(page);
	await addFolder(
		page,
		await folderOf({
			'purple.png': colourPng(PURPLE),
			'green.png': colourPng(GREEN),
			'see-through.png': colourPng(PURPLE, PURPLE, 40),
			'two.png': colourPng(PURPLE, GREEN)
		})
	);
	await finished(page);
	const scoreOf = async (name: string) =>
		Number(await row(page, `folder/${name}`).getAttribute('data-score'));
	expect(await scoreOf('purple.png')).toBeCloseTo(colourProbability([...PURPLE]), 4);
	expect(await scoreOf('see-through.png')).toBeCloseTo(colourProbability([...PURPLE]), 4);
	expect(await scoreOf('green.png')).toBeCloseTo(colourProbability([...GREEN]), 4);
	await expect(row(page, 'folder/purple.png')).toContainText('Parasite likely');
	await expect(row(page, 'folder/green.png')).toContainText('No parasite seen');

	const thumbnail = row(page, 'folder/two.png').locator('img');
	expectNear(await colourAt(thumbnail, 0.5, 0.2), PURPLE);
	expectNear(await colourAt(thumbnail, 0.5, 0.8), GREEN);
});

test('a picture that its camera turned is upright and in colour', async ({ page }) => {
	await openBlood(page);
	// Stored lying on its side: purple on the left. Orientation 6 puts the left on top.
	const stored = await page.evaluate(
		async ([left, right]) => {
			const canvas = new OffscreenCanvas(160, 120);
			const context = canvas.getContext('2d')!;
			[left, right].forEach((colour, i) => {
				context.fillStyle = `rgb(${colour.join(' ')})`;
				context.fillRect(i * 80, 0, 80, 120);
			});
			const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
			return [...new Uint8Array(await blob.arrayBuffer())];
		},
		[[...PURPLE], [...GREEN]]
	);
	const exif = Buffer.from(
		'ffe1002245786966000049492a00080000000100120103000100000006000000' + '00000000',
		'hex'
	);
	const turned = Buffer.concat([
		Buffer.from(stored.slice(0, 2)),
		exif,
		Buffer.from(stored.slice(2))
	]);
	await addFolder(page, await folderOf({ 'turned.jpg': turned }));
	await finished(page);

	const line = row(page, 'folder/turned.jpg');
	expectNear(await colourAt(line.locator('img'), 0.5, 0.15), PURPLE);
	expectNear(await colourAt(line.locator('img'), 0.5, 0.85), GREEN);
	await line.getByRole('button', { name: /^View / }).click();
	const picture = page.getByRole('img', { name: 'The red blood cell folder/turned.jpg' });
	await expect(picture).toBeVisible();
	expectNear(await colourAt(picture, 0.5, 0.15), PURPLE);
	const box = (await picture.boundingBox())!;
	expect(box.width / box.height).toBeCloseTo(120 / 160, 2);
});

test('which places counted is shown to who asks, and only where one stands out', async ({
	page
}) => {
	await openBlood(page);
	await addFolder(
		page,
		await folderOf({
			// Half of its edge is black, as of cells that are cut out: it is read as it is.
			'half.png': colourPng(DARK_PURPLE, PINK, undefined, 2),
			'all.png': colourPng(DARK_PURPLE),
			'none.png': colourPng(GREEN)
		})
	);
	await finished(page);
	const heat = page.getByTestId('heat-map');
	const ask = page.getByRole('button', { name: 'Heat map', exact: true });

	await row(page, 'folder/half.png')
		.getByRole('button', { name: /^View / })
		.click();
	await expect(ask).toHaveAttribute('aria-pressed', 'false');
	await expect(heat).toHaveCount(0);
	await ask.click();
	await expect(heat).toBeVisible();
	await expect(page.getByTestId('viewer')).toContainText('blurring the bright places lowered');
	const alphas = await heat.evaluate((canvas: HTMLCanvasElement) => {
		const context = canvas.getContext('2d')!;
		const alphaAt = (share: number) =>
			context.getImageData(canvas.width / 2, Math.floor(canvas.height * share), 1, 1).data[3];
		return [alphaAt(0.4), alphaAt(0.9)];
	});
	// Blurred, the purple beside the pink grows pale.
	expect(alphas[0]).toBeGreaterThan(150);
	expect(alphas[1]).toBe(0);
	await page.getByRole('slider', { name: 'Heat map: opacity' }).fill('0.2');
	await expect(heat).toHaveCSS('opacity', '0.2');
	await expectAccessible(page);
	await page.keyboard.press('h');
	await expect(heat).toHaveCount(0);
	// Kept with the row: it is there at once.
	await page.keyboard.press('h');
	await expect(heat).toBeVisible();
	await page.keyboard.press('Escape');

	await row(page, 'folder/all.png')
		.getByRole('button', { name: /^View / })
		.click();
	await ask.click();
	await expect(page.getByTestId('explanation')).toHaveAttribute('data-state', 'none');
	await expect(heat).toHaveCount(0);
	await page.keyboard.press('Escape');

	await row(page, 'folder/none.png')
		.getByRole('button', { name: /^View / })
		.click();
	await expect(page.getByTestId('stage').getByRole('img').first()).toBeVisible();
	await expect(ask).toHaveCount(0);
});

test('of two models for one task the smaller reads, and the other can be chosen', async ({
	page
}) => {
	await openBlood(page);
	const change = page.getByRole('link', { name: 'Change', exact: true });
	await expect(page.getByText(`Reads with “${CELLS.manifest.id}”`)).toBeVisible();
	await change.click();
	// The link leads to the card of the model in use, and only that is open.
	const small = card(page, CELLS.manifest.id);
	const large = card(page, LARGE.manifest.id);
	await expect(small.getByTestId('confusion-matrix')).toBeVisible();
	await expect(page.getByTestId('confusion-matrix')).toHaveCount(1);
	await expect(small).toContainText('recommended');
	await expect(large).toContainText(/\d\.\d times as large/);

	await large.locator('summary').click();
	await expect(large.getByTestId('confusion-matrix')).toBeVisible();
	await expect(page.getByTestId('confusion-matrix')).toHaveCount(1);
	await large.getByTestId('download-model').click();
	await expect(large).toHaveAttribute('data-state', 'stored');
	await large.getByRole('button', { name: 'Read with this one' }).click();
	await expect(large).toContainText('in use');
	await page.getByRole('link', { name: 'Screen', exact: true }).click();
	await engineReady(page);
	await page.getByTestId('samples').click();
	await finished(page);
	expect((await exportList(page)).model.id).toBe(LARGE.manifest.id);
});

test('the confusion matrix is a table that follows the setting', async ({ page }) => {
	await openSite(page, `models/#${CELLS.manifest.id}`);
	const matrix = card(page, CELLS.manifest.id).getByTestId('confusion-matrix');
	const table = matrix.getByRole('table', { name: /Right and wrong answers: Test, 300 cells/ });
	const cell = (truth: string, column: number) =>
		table.getByRole('row', { name: truth }).getByRole('cell').nth(column);
	await expect(table.getByRole('columnheader')).toHaveText(['Flagged', 'Not flagged', 'In all']);
	await expect(cell('Infected', 0)).toContainText('190');
	await expect(cell('Infected', 1)).toContainText('10');
	await expect(cell('Healthy', 0)).toContainText('3');
	await matrix.getByRole('combobox', { name: 'Setting' }).selectOption('balanced');
	await expect(cell('Infected', 0)).toContainText('180');
	await expect(cell('Infected', 1)).toContainText('20');
});

for (const colorScheme of ['light', 'dark'] as const) {
	test.describe(colorScheme, () => {
		test.use({ colorScheme });
		test(`the pages of two tasks are accessible in ${colorScheme} colours`, async ({ page }) => {
			await openBlood(page);
			await expectAccessible(page);
			await page.getByTestId('samples').click();
			await finished(page);
			await expectAccessible(page);
			for (const path of [`models/#${CELLS.manifest.id}`, `models/#${MODEL}`, 'help/']) {
				page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined));
				await openSite(page, path);
				await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
				if (path !== 'help/') await expect(page.getByTestId('confusion-matrix')).toBeVisible();
				else await expect(page.getByRole('heading', { name: BLOOD }).first()).toBeVisible();
				await expectAccessible(page);
			}
		});
	});
}

test('on a phone every row shows its category and a button of its own', async ({ page }) => {
	await page.setViewportSize({ width: 360, height: 740 });
	await openBlood(page);
	await page.getByTestId('samples').click();
	await finished(page);
	for (const name of ['synthetic-1.jpg', 'synthetic-2.jpg']) {
		const line = row(page, name);
		const button = line.getByRole('button', { name: /^View / });
		await expect(button).toHaveText('View');
		const boxes = await Promise.all(
			[button, line.locator('img'), line.locator('.chip')].map((one) => one.boundingBox())
		);
		const frame = (await line.boundingBox())!;
		boxes.forEach((box, i) => {
			expect(box!.width).toBeGreaterThan(40);
			expect(box!.x).toBeGreaterThanOrEqual(frame.x);
			expect(box!.x + box!.width).toBeLessThanOrEqual(frame.x + frame.width);
			for (const other of boxes.slice(i + 1)) {
				const apart =
					box!.x + box!.width <= other!.x ||
					other!.x + other!.width <= box!.x ||
					box!.y + box!.height <= other!.y ||
					other!.y + other!.height <= box!.y;
				expect(apart).toBe(true);
			}
		});
	}
	/** Pixels by which the page is wider than its place beside the scroll bar's. */
	const tooWide = () =>
		page.evaluate(() => {
			const root = document.documentElement;
			return root.scrollWidth - root.getBoundingClientRect().width;
		});
	expect(await tooWide()).toBe(0);
	page.on('dialog', (dialog) => void dialog.accept());
	for (const path of [`models/#${MODEL}`, 'help/', '']) {
		await openSite(page, path);
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		if (path.startsWith('models')) await expect(page.getByTestId('confusion-matrix')).toBeVisible();
		expect(await tooWide(), path).toBe(0);
	}
});
