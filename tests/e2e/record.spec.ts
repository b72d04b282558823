/** A patient's page for the record, printed from the viewer, and the same list for a record system. */
import { readFile } from 'node:fs/promises';
import JSONSchemaValidator from '@asymmetrik/fhir-json-schema-validator';
import { expect, test, type Page } from '@playwright/test';
import type { Bundle } from 'fhir/r4';
import {
	addFolder,
	expectAccessible,
	finished,
	folderOf,
	openApp,
	sample,
	storeModel
} from './app';

/** Two patients, who are named by their folders. */
async function readPatients(page: Page): Promise<void> {
	await page.addInitScript(() => {
		window.print = () => (document.documentElement.dataset.asked = 'to print');
	});
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
}

/** Print the page of the patient in the viewer. */
async function printRecord(page: Page, withNames: boolean): Promise<void> {
	await page
		.getByTestId('patient')
		.getByRole('button', { name: /^Page for the record/ })
		.click();
	const dialog = page.getByTestId('record');
	await expect(dialog).toBeVisible();
	await dialog.getByLabel('The clinic’s name').fill('Kisumu East Health Centre');
	for (const step of await dialog.locator('textarea').all()) await step.fill('Doctor today');
	await dialog.getByLabel(/^Name, number and birth date/).setChecked(withNames);
	await expectAccessible(page);
	await dialog.getByRole('button', { name: 'Print' }).click();
	await expect(page.locator('html')).toHaveAttribute('data-asked', 'to print');
	await expect(page.getByTestId('record-page')).toHaveCount(1);
}

test('the page for the record says who, what was found and what comes next, and names nobody where that is wished', async ({
	page
}) => {
	await readPatients(page);
	await page.getByRole('button', { name: /^View .*Amina/ }).click();
	await printRecord(page, true);
	const sheet = page.getByTestId('record-page');
	for (const said of [
		'Kisumu East Health Centre',
		'Amina Kato',
		'Doctor today',
		'21 November 2026',
		'Not reviewed',
		'Signature',
		'A person decides'
	]) {
		await expect(sheet).toContainText(said);
	}
	await page.getByTestId('print-record').getByRole('button', { name: 'Close' }).click();

	await page.evaluate(() => delete document.documentElement.dataset.asked);
	await printRecord(page, false);
	await expect(sheet).toContainText('Kisumu East Health Centre');
	await expect(sheet).not.toContainText(/Amina|front\.jpg/);
});

test('a list with patients goes to a record system as FHIR R4', async ({ page }) => {
	await readPatients(page);
	await page.locator('summary').filter({ hasText: /^More/ }).click();
	await page.getByRole('button', { name: /^Export with patients/ }).click();
	const dialog = page.getByTestId('patient-export');
	await dialog.getByLabel(/^By name and number/).check();
	const download = page.waitForEvent('download');
	await dialog.getByRole('button', { name: 'Export FHIR' }).click();
	const file = await download;
	expect(file.suggestedFilename()).toMatch(/\.fhir\.json$/);
	const bundle = JSON.parse(await readFile(await file.path(), 'utf8')) as Bundle;
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
