/** Whose images they are: a folder a patient, in the list. */
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

test('each folder a patient: images stand together, and are found by name @firefox', async ({
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
});
