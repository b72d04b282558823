/** A model that says what it does not know, made of a few nodes: no shipped one has to be there. */
import { expect, test, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import type { Task } from '../../src/lib/tasks/task';
import { smallPackage } from '../unit/helpers/small-model';
import {
	addFolder,
	expectAccessible,
	exportList,
	finished,
	folderOf,
	greyPng,
	openApp,
	openControls,
	row,
	sample,
	storeModel
} from './app';

// A service worker would answer for the index of the models.
test.use({ serviceWorkers: 'block' });

/** Let the site offer the small model alone. */
async function offerSmallModel(page: Page, task: Task, channels: 1 | 3): Promise<void> {
	const { manifest, files } = smallPackage(task, channels);
	await page.route('**/models/index.json', (route) =>
		route.fulfill({ json: { models: [manifest.id] } })
	);
	await page.route(`**/models/${manifest.id}/*`, (route) => {
		const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
		if (name === 'manifest.json') return route.fulfill({ json: manifest });
		return route.fulfill({ body: Buffer.from(files.get(name)!) });
	});
}

/** An image of one colour; nearly white and nearly black are unlike what the model knows. */
function plainPng(...colour: [number, number, number]): Uint8Array {
	const data = Uint8Array.from({ length: 3 * 40 * 30 }, (_, i) => colour[i % 3]);
	return encode({ width: 40, height: 30, data, depth: 8, channels: 3 });
}

test('a file that is not recognised says so, stays in sight, is counted and saved', async ({
	page
}) => {
	await offerSmallModel(page, 'chest-xray-pneumonia', 1);
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(
		page,
		await folderOf({
			'film.jpg': await sample(1),
			'pattern.png': greyPng(64, 64, 8),
			'white.png': plainPng(255, 255, 255),
			'black.png': plainPng(0, 0, 0)
		})
	);
	await finished(page);

	const words = 'Not recognised as a chest X-ray: it has no score.';
	const white = row(page, 'folder/white.png');
	for (const odd of [white, row(page, 'folder/black.png')]) {
		await expect(odd).toHaveAttribute('data-category', 'unrecognised');
		await expect(odd).toContainText(words);
	}
	// By its score alone the white one would be "not seen".
	expect(Number(await white.getAttribute('data-score'))).toBeLessThan(0.1);
	await expect(row(page, 'folder/film.jpg')).not.toContainText('Not recognised');
	const categories = await page
		.locator('[data-path]')
		.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.category!));
	const order = ['likely', 'unrecognised', 'uncertain', 'not-seen'];
	expect(categories).toHaveLength(4);
	expect(categories).toEqual([...categories].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
	await expect(page.getByTestId('session-status')).toContainText(
		'Done: 2 images read · 2 not recognised, look at those yourself'
	);

	// Another operating point changes nothing of it.
	await openControls(page);
	await page.getByRole('combobox', { name: 'How careful' }).selectOption('balanced');
	await expect(white).toHaveAttribute('data-category', 'unrecognised');

	await page.getByRole('button', { name: 'Not recognised 2' }).click();
	await expect(page.locator('[data-path]')).toHaveCount(2);
	await expectAccessible(page);

	const { images } = await exportList(page);
	expect(images).toHaveLength(4);
	for (const line of images) {
		const isOdd = /white|black/.test(line.path);
		expect(line.score === null, line.path).toBe(isOdd);
		expect(line.category === 'unrecognised', line.path).toBe(isOdd);
		expect(Number(line.unlikeness) > 1, line.path).toBe(isOdd);
	}

	await page.getByRole('button', { name: 'View white.png' }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText(words);
	await expectAccessible(page);
	await page.keyboard.press('Escape');

	await page.getByRole('link', { name: 'Models' }).click();
	const card = page.getByRole('region', { name: /^Model card/ });
	await expect(card).toContainText(
		'Of 500 chest X-rays of adults it notices 34 of 100. The others get a score that means nothing.'
	);
	await expect(card.getByRole('row', { name: 'Photograph-like pictures 80 96' })).toBeVisible();
	await expectAccessible(page);
});

test('a model of blood cells, in colour, says it in its own words', async ({ page }) => {
	await offerSmallModel(page, 'malaria-cell', 3);
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(
		page,
		await folderOf({ 'cell.png': plainPng(190, 120, 140), 'glare.png': plainPng(255, 250, 255) })
	);
	await finished(page);
	await expect(row(page, 'folder/glare.png')).toContainText(
		'Not recognised as a red blood cell: it has no score.'
	);
	await expect(row(page, 'folder/cell.png')).toHaveAttribute(
		'data-category',
		/^(likely|uncertain|not-seen)$/
	);
	await expect(page.getByTestId('session-status')).toContainText('Done: 1 image read · 1 not');
});
