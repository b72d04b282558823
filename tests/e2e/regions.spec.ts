/** A package that finds the lungs before it reads: the real finder, a classifier of a few nodes. */
import { expect, test, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import { turnedBack } from '../../src/lib/regions/lungs/turning';
import { referenceFilms, regionPackage } from '../unit/helpers/region-package';
import { addFolder, finished, folderOf, openApp, row, storeModel } from './app';

// A service worker would answer for the index of the models.
test.use({ serviceWorkers: 'block' });

async function offerRegionModel(page: Page): Promise<void> {
	const { manifest, files } = regionPackage();
	await page.route('**/models/index.json', (route) =>
		route.fulfill({ json: { models: [manifest.id] } })
	);
	await page.route(`**/models/${manifest.id}/*`, (route) => {
		const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
		if (name === 'manifest.json') return route.fulfill({ json: manifest });
		return route.fulfill({ body: Buffer.from(files.get(name)!) });
	});
}

const png = (data: Uint8Array) => encode({ width: 224, height: 224, data, depth: 8, channels: 1 });
const film = referenceFilms.get('clear-lungs')!;
/** The film turned by 25 degrees. */
const turned = turnedBack(film, { across: Math.cos(0.44), down: -Math.sin(0.44) }, 1);

for (const query of ['', '?backend=wasm']) {
	test(`lungs are found, shown and said to be missing: ${query || 'as the page chooses'}`, async ({
		page
	}) => {
		await offerRegionModel(page);
		await openApp(page, query);
		await storeModel(page);
		await addFolder(
			page,
			await folderOf({
				'film.png': png(film),
				'turned.png': png(turned),
				'black.png': png(new Uint8Array(224 * 224))
			})
		);
		await finished(page);

		const read = row(page, 'folder/film.png');
		await expect(read).not.toHaveAttribute('data-score', '');
		const black = row(page, 'folder/black.png');
		await expect(black).toHaveAttribute('data-category', 'unrecognised');
		await expect(black).toContainText('No lungs were found in this picture.');
		await expect(row(page, 'folder/turned.png')).toContainText(/turned by 2\d degrees/);

		await read.getByRole('button').click();
		const viewer = page.getByTestId('viewer');
		const outline = viewer.getByTestId('region-outline');
		await expect(outline.locator('path').first()).toHaveAttribute('d', /^M.*ZM.*Z$/);
		await expect(viewer.getByTestId('heat-map')).toHaveCount(0);
		// Within the picture, and not all of it.
		const [line, picture] = await Promise.all([
			outline.locator('path').first().boundingBox(),
			viewer.getByRole('img').first().boundingBox()
		]);
		expect(line!.width / picture!.width).toBeGreaterThan(0.6);
		expect(line!.width / picture!.width).toBeLessThan(0.95);
		await page.keyboard.press('l');
		await expect(outline).toHaveCount(0);
		await viewer.getByRole('button', { name: 'Outline of the lungs' }).click();
		await expect(outline).toBeVisible();
	});
}
