/** Whose images they are: by folders, typed in, in the list, and after a reload. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import {
	addFolder,
	expectAccessible,
	finished,
	folderOf,
	openApp,
	row,
	sample,
	storeModel
} from './app';

test('each folder a patient: images stand together, are found by name, and stay so', async ({
	page
}) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	const paths = [
		'Amina Kato 2026-03-01/front.jpg',
		'Amina Kato 2026-11-21/front.jpg',
		'P-0012/2026-11-20/front.jpg',
		'P-0012/2026-11-20/broken.jpg'
	];
	await addFolder(
		page,
		await folderOf({
			[paths[0]]: await sample(1),
			[paths[1]]: await sample(2),
			[paths[2]]: await sample(3),
			[paths[3]]: (await sample(4)).subarray(0, 2000)
		})
	);
	await finished(page);
	// What could not be read keeps its folder, too.
	await expect(row(page, `folder/${paths[3]}`)).toContainText('folder/P-0012/2026-11-20');

	await page.getByRole('button', { name: 'Patients from names' }).click();
	await page.getByLabel('Each folder holds the images of one patient').check();
	await expect(page.getByTestId('patients-found')).toHaveText('4 of 4 images have a patient.');
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Use this' }).click();

	// Rows of one patient stand together, and each is called otherwise.
	const rows = page.locator('[role=row][data-path]');
	const order = await rows.evaluateAll((all) =>
		all.map((one) => one.getAttribute('data-path')?.split(/[/ ]/)[1])
	);
	expect(order.filter((name, i) => name !== order[i - 1])).toHaveLength(2);
	const names = await page
		.getByRole('button', { name: /^View / })
		.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
	expect(new Set(names).size).toBe(4);
	await page.getByRole('searchbox').fill('amina');
	await expect(rows).toHaveCount(2);
	await page.getByRole('searchbox').fill('21.11.2026');
	await expect(rows).toHaveCount(1);
	await page.getByRole('searchbox').fill('');

	// Typed in by hand, it comes before the folder's name, and holds for both images.
	await row(page, `folder/${paths[0]}`).getByRole('button').click();
	const panel = page.getByTestId('patient');
	await expect(panel).toContainText('Amina Kato (from the folder)');
	await panel.getByRole('button', { name: 'Change' }).click();
	await panel.getByLabel('Name').fill('Amina Fatou Kato');
	await panel.getByRole('button', { name: 'Keep' }).click();
	await expect(panel).toContainText('Amina Fatou Kato (typed in)');
	await expectAccessible(page);
	await page.getByRole('button', { name: 'Close' }).click();
	for (const path of paths.slice(0, 2)) {
		await expect(row(page, `folder/${path}`)).toContainText('Amina Fatou Kato');
	}

	// Saved under replacement numbers, which this device alone can tell.
	await page.locator('summary', { hasText: 'More' }).click();
	await page.getByRole('button', { name: /^Export with patients/ }).click();
	const choice = page.getByRole('dialog');
	await expect(choice.getByLabel(/Under replacement numbers/)).toBeChecked();
	await expectAccessible(page);
	const download = page.waitForEvent('download');
	await choice.getByRole('button', { name: 'Export CSV' }).click();
	const text = await readFile(await (await download).path(), 'utf8');
	expect(text).not.toMatch(/Amina|Kato|0012/);
	const [code] = /P-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text) ?? [];
	await page.getByRole('searchbox').fill(code ?? '');
	await expect(page.getByRole('searchbox')).toHaveValue(/^(Amina Fatou Kato|P-0012)$/);
	await expect(rows).toHaveCount(2);
	await page.getByRole('searchbox').fill('');

	await page.goto('./sessions/');
	await page.getByRole('button', { name: /^Open / }).click();
	await expect(row(page, `folder/${paths[1]}`)).toContainText('Amina Fatou Kato');
	await expect(row(page, `folder/${paths[2]}`)).toContainText('P-0012');
});
