import { chromium, expect, test, type Page } from '@playwright/test';
import { launchOptions } from '../../tools/lib/browser';
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

/** Scores of two samples with a backend. */
async function scoresWith(page: Page, backend: string): Promise<number[]> {
	const folder = await folderOf({ 'a.jpg': await sample(1), 'b.jpg': await sample(2) });
	await openApp(page, `?backend=${backend}`);
	await storeModel(page);
	await expect(page.getByTestId('engine-panel')).toHaveAttribute('data-backend', backend);
	await addFolder(page, folder);
	await finished(page, 400_000);
	return Promise.all(
		['a.jpg', 'b.jpg'].map(async (name) =>
			Number(await row(page, `folder/${name}`).getAttribute('data-score'))
		)
	);
}

async function scoresOnProcessor(page: Page): Promise<number[]> {
	await openApp(page, '?backend=wasm');
	await engineReady(page);
	await addFolder(page, await folderOf({ 'a.jpg': await sample(1), 'b.jpg': await sample(2) }));
	await finished(page);
	return Promise.all(
		['a.jpg', 'b.jpg'].map(async (name) =>
			Number(await row(page, `folder/${name}`).getAttribute('data-score'))
		)
	);
}

for (const backend of ['webgl', 'webgpu'] as const) {
	test(`${backend} gives the scores that the processor gives`, async ({ baseURL }) => {
		// A software adapter stands in for the chip: right, but slow.
		test.setTimeout(900_000);
		const browser = await chromium.launch(launchOptions(backend));
		try {
			const page = await browser.newPage({ baseURL });
			const scores = await scoresWith(page, backend);
			const expected = await scoresOnProcessor(page);
			scores.forEach((score, i) => expect(Math.abs(score - expected[i])).toBeLessThan(0.01));
		} finally {
			await browser.close();
		}
	});
}

test('whole numbers give the categories of exact ones, and scores next to theirs', async ({
	page
}) => {
	const folder = await folderOf(
		Object.fromEntries(
			await Promise.all([1, 2, 3, 4].map(async (i) => [`${i}.jpg`, await sample(i)]))
		)
	);
	const readWith = async (backend: string) => {
		await openApp(page, `?backend=${backend}`);
		if (backend === 'int8') await storeModel(page);
		await engineReady(page);
		const panel = page.getByTestId('engine-panel');
		await expect(panel).toHaveAttribute('data-backend', backend);
		await addFolder(page, folder);
		await finished(page);
		return Promise.all(
			[1, 2, 3, 4].map(async (i) => {
				const found = row(page, `folder/${i}.jpg`);
				return {
					category: await found.getAttribute('data-category'),
					score: Number(await found.getAttribute('data-score'))
				};
			})
		);
	};
	const rounded = await readWith('int8');
	const exact = await readWith('wasm');
	expect(rounded.map(({ category }) => category)).toEqual(exact.map(({ category }) => category));
	expect(exact.every(({ category }) => Boolean(category))).toBe(true);
	rounded.forEach(({ score }, i) => expect(Math.abs(score - exact[i].score)).toBeLessThan(0.02));
});

test('where WebGPU is absent another way is used, and the page says so', async ({ page }) => {
	await openApp(page, '?backend=webgpu');
	await storeModel(page);
	const panel = page.getByTestId('engine-panel');
	await expect(panel).toHaveAttribute('data-backend', 'int8');
	await panel.locator('summary').click();
	await expect(panel).toContainText('WebGPU (graphics chip) is not there in this browser.');
	await page.getByTestId('samples').click();
	await finished(page);
});

test('a software graphics adapter is not chosen by itself', async ({ page }) => {
	await openApp(page);
	await storeModel(page);
	const panel = page.getByTestId('engine-panel');
	await expect(panel).toHaveAttribute('data-backend', 'int8');
	await panel.locator('summary').click();
	await expect(panel).toContainText('WebGL (graphics chip)');
});

test('the user can choose another way of reading', async ({ page }) => {
	await openApp(page);
	await storeModel(page);
	const panel = page.getByTestId('engine-panel');
	await panel.locator('summary').click();
	await panel.getByRole('combobox').selectOption('wasm');
	await engineReady(page);
	await expect(panel).toContainText('You chose it.');
	// The choice is kept.
	await openApp(page);
	await engineReady(page);
	await panel.locator('summary').click();
	await expect(panel.getByRole('combobox')).toHaveValue('wasm');
});

test('the processor is measured once, and the page says what was found', async ({ page }) => {
	await openApp(page);
	await storeModel(page);
	await engineReady(page);
	const panel = page.getByTestId('engine-panel');
	await panel.locator('summary').click();
	const kernel = panel.getByTestId('kernel');
	await expect(kernel).toHaveAttribute('data-reason', 'measured');
	await expect(kernel).toContainText('Fastest of the ways to calculate');
	await expect(kernel).toContainText(/sums in 16 bits \([\d.]+ ms\)/);
	await expect(kernel).toContainText(/sums in 32 bits \([\d.]+ ms\)/);
	const chosen = (await kernel.getAttribute('data-kernel')) ?? '';
	expect(['pairs', 'relaxed', 'plain']).toContain(chosen);

	await page.reload();
	await engineReady(page);
	await panel.locator('summary').click();
	await expect(kernel).toHaveAttribute('data-reason', 'kept');
	await expect(kernel).toHaveAttribute('data-kernel', chosen);
});
