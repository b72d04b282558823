/** A study on images from here, from the folder to the setting that the list then holds to. */
import { expect, test, type Page, type Request } from '@playwright/test';
import { mixedSamples } from '../../tools/lib/mixed-samples';
import {
	addFolder,
	expectAccessible,
	exportList,
	finished,
	folderOf,
	MODEL,
	openApp,
	savedFile,
	storeModel,
	openControls
} from './app';

const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true });

/** Read images in class folders and go to the page Calibration. */
async function readImages(page: Page, count: number): Promise<Record<string, Uint8Array>> {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	const images = await mixedSamples(page, count);
	await addFolder(page, await folderOf(images));
	await finished(page);
	await link(page, 'Calibration').click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('How well does it do here?');
	return images;
}

async function chooseTable(page: Page, text: string): Promise<void> {
	await page.getByRole('radio', { name: 'A table (CSV)' }).check();
	await page
		.getByTestId('labels-input')
		.setInputFiles({ name: 'truth.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
}

for (const colorScheme of ['light', 'dark'] as const) {
	test.describe(colorScheme, () => {
		test.use({ colorScheme });

		test(`images in class folders give figures and a setting that the list holds to (${colorScheme})`, async ({
			page
		}) => {
			// From the drop to a second visit: on two busy cores that takes its time.
			test.slow();
			const requests: Request[] = [];
			await readImages(page, 48);
			page.on('request', (request) => requests.push(request));

			const truth = page.getByTestId('truth');
			await expect(truth).toHaveAttribute('data-images', '48');
			await expect(truth).toHaveAttribute('data-positives', '24');
			await expect(page.getByRole('radio', { name: 'The names of the folders' })).toBeChecked();
			const study = page.getByTestId('study');
			await expect(study).toBeVisible();
			const area = Number(await page.getByTestId('auc').getAttribute('data-auc'));
			expect(area).toBeGreaterThan(0.6);
			expect(area).toBeLessThanOrEqual(1);
			await expect(study.getByRole('row', { name: /^Proposed/ })).toBeVisible();
			await expect(study).toContainText('The card');

			// More wanted: the threshold does not rise.
			const proposal = page.getByTestId('proposal');
			const slider = page.getByRole('slider');
			const thresholdAt = async (wanted: string) => {
				await slider.fill(wanted);
				await expect(proposal).toContainText('Proposed: flag from');
				return Number(await proposal.getAttribute('data-threshold'));
			};
			const low = await thresholdAt('80');
			const high = await thresholdAt('99');
			expect(high).toBeLessThanOrEqual(low);
			const threshold = await thresholdAt('90');
			await expectAccessible(page);
			await page.screenshot({
				path: `test-results/calibration-${colorScheme}.png`,
				fullPage: true
			});

			await page.getByLabel('Name of the setting').fill('Ward 3');
			await page.getByLabel('Made by').fill('N. N.');
			await page.getByRole('button', { name: 'Keep it and use it' }).click();
			const kept = page.getByTestId('local-point');
			await expect(kept).toHaveAttribute('data-name', 'Ward 3');
			await expect(page.getByTestId('local-in-use')).toHaveText('The list holds to it.');

			// The list: by name, and every flagged image has the score for it.
			await link(page, 'Screen').click();
			const chooser = page.getByRole('combobox', { name: 'How careful' });
			await openControls(page);
			await expect(chooser).toHaveValue('local:Ward 3');
			const { operatingPoint, images } = await exportList(page);
			expect(operatingPoint.id).toBe('local:Ward 3');
			for (const { score, category } of images.filter((one) => one.category !== 'unrecognised')) {
				expect(category !== 'not-seen').toBe(Number(score) >= threshold);
			}
			await expectAccessible(page);

			// Out as a file, away, and back.
			await link(page, 'Calibration').click();
			const { text: saved } = await savedFile(page, () =>
				page.getByRole('button', { name: 'Save it as a file' }).click()
			);
			expect(JSON.parse(saved)).toMatchObject({
				name: 'Ward 3',
				by: 'N. N.',
				images: 48,
				threshold
			});
			await page.getByRole('button', { name: 'Remove from this device' }).click();
			await page.getByRole('button', { name: 'Remove it', exact: true }).click();
			await expect(kept).toHaveAttribute('data-name', '');
			const load = (text: string) =>
				page.getByTestId('point-input').setInputFiles({
					name: 'point.json',
					mimeType: 'application/json',
					buffer: Buffer.from(text)
				});
			await load(saved.replace('"threshold"', '"treshold"'));
			await expect(page.locator('[data-problem=point-invalid]')).toBeVisible();
			await load(saved);
			await page.getByRole('button', { name: 'Use the loaded setting' }).click();
			await expect(kept).toHaveAttribute('data-name', 'Ward 3');
			await link(page, 'Models').click();
			await page.locator(`[data-model=${MODEL}] summary`).filter({ hasText: 'Model card' }).click();
			await expect(page.getByTestId('card-local-point')).toContainText('Ward 3');
			await expectAccessible(page);
			// What came meanwhile were the page's own files: nothing of the study went anywhere.
			expect(requests.filter((one) => !isOwnFile(one))).toEqual([]);

			// A later visit.
			await openApp(page, '?backend=wasm');
			await link(page, 'Calibration').click();
			await expect(kept).toHaveAttribute('data-name', 'Ward 3');
			await expect(page.getByTestId('local-in-use')).toHaveText('The list holds to it.');
			await expectAccessible(page);
		});
	});
}

/** Fetched from this site without a word to it, or no request over a network at all. */
function isOwnFile(request: Request): boolean {
	const { protocol, host, search } = new URL(request.url());
	if (protocol === 'blob:' || protocol === 'data:') return true;
	return host.startsWith('localhost:') && request.method() === 'GET' && search === '';
}

test('a table of labels says what it matched, and patients widen the ranges', async ({ page }) => {
	await page.setViewportSize({ width: 800, height: 1280 });
	const images = await readImages(page, 40);
	const lines = Object.keys(images).map((path, i) => {
		const word = path.startsWith('PNEUMONIA') ? 'ja' : 'nein';
		return `folder\\${path.replaceAll('/', '\\')};${word};${Math.floor(i / 4)}`;
	});
	await chooseTable(page, ['File;Diagnosis;Patient', ...lines, 'nobody.jpg;ja;99'].join('\r\n'));
	await expect(page.getByTestId('table-matches')).toContainText('40 images of the list found');
	await expect(page.getByText('In the table, but not in the list: 1')).toBeVisible();

	// The words are nobody's guess: until they have a meaning there is nothing to measure.
	await expect(page.getByTestId('truth')).toHaveAttribute('data-images', '0');
	await expect(page.getByTestId('missing')).toContainText('30 in all');
	await page.getByLabel('What ja means').selectOption('present');
	await page.getByLabel('What nein means').selectOption('absent');
	await expect(page.getByTestId('truth')).toHaveAttribute('data-positives', '20');
	await expect(page.getByTestId('study')).toContainText('of 10 patients');
	await expect(page.getByTestId('proposal')).toContainText('each of another patient');
	await expectAccessible(page);
	await page.screenshot({ path: 'test-results/calibration-tablet.png', fullPage: true });

	await chooseTable(page, 'one,two\n1,2');
	await expect(page.locator('[data-problem=labels-no-columns]')).toContainText('one and two');
});

test('few images propose nothing and say how many are missing @firefox', async ({ page }) => {
	await openApp(page, '?backend=wasm');
	await link(page, 'Calibration').click();
	await expect(page.getByRole('heading', { name: 'No list is open' })).toBeVisible();
	await expectAccessible(page);
	await readImages(page, 12);
	await expect(page.getByTestId('missing')).toContainText('18 in all (of 30)');
	await expect(page.getByTestId('missing')).toContainText('4 with pneumonia (of 10)');
	await expect(page.getByTestId('study')).toHaveCount(0);
	await expect(page.getByTestId('proposal')).toHaveCount(0);
});
