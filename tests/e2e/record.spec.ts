/** A page for the record: one a patient, with the clinic's own words, printed and kept. */
import { readFile } from 'node:fs/promises';
import JSONSchemaValidator from '@asymmetrik/fhir-json-schema-validator';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js/index-native.js';
import { expect, test } from '@playwright/test';
import type { Bundle } from 'fhir/r4';
import { openDataSet } from '../../src/lib/formats/dicom/data-set';
import { dicomOf } from '../unit/helpers/made-dicom';
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

test('a list with patients goes to an archive of images as DICOM, and stays offline', async ({
	page,
	context
}) => {
	await openApp(page);
	await storeModel(page);
	const uid = '1.2.826.99.1';
	await addFolder(
		page,
		await folderOf({
			'Amina Kato 2026-11-21/front.jpg': await sample(2),
			'film.dcm': Buffer.from(
				dicomOf({
					elements: [
						[0x0008, 0x0016, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'],
						[0x0008, 0x0018, 'UI', `${uid}.1.1`],
						[0x0010, 0x0020, 'LO', 'P-0012'],
						[0x0020, 0x000d, 'UI', uid],
						[0x0020, 0x000e, 'UI', `${uid}.1`]
					]
				})
			)
		})
	);
	await finished(page);
	await page.getByRole('button', { name: 'Patients from names' }).click();
	await page.getByLabel('Each folder holds the images of one patient').check();
	await page.getByRole('button', { name: 'Use this' }).click();
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
	await context.setOffline(true);
	await page.locator('summary').filter({ hasText: /^More/ }).click();
	await page.getByRole('button', { name: /^Export with patients/ }).click();
	const dialog = page.getByTestId('patient-export');
	await expect(dialog).toContainText('a name that is written on a film stays readable');
	await dialog.getByRole('radio', { name: /^By name and number/ }).check();
	await expect(dialog).not.toContainText('a name that is written on a film');
	const download = page.waitForEvent('download');
	await dialog.getByRole('button', { name: 'Export DICOM' }).click();
	const file = await download;
	expect(file.suggestedFilename()).toMatch(/\.dicom\.zip$/);
	await expect(page.getByTestId('making')).toHaveCount(0);
	const zip = new ZipReader(new Uint8ArrayReader(await readFile(await file.path())));
	const entries = (await zip.getEntries()).flatMap((entry) => (entry.directory ? [] : [entry]));
	expect(entries.map(({ filename }) => filename)).toEqual([
		'study-0001/picture-0001.dcm',
		'study-0001/report.dcm',
		'study-0002/picture-0001.dcm',
		'study-0002/report.dcm'
	]);
	const sets = await Promise.all(
		entries.map(async (entry) => {
			const opened = await openDataSet(await entry.getData(new Uint8ArrayWriter()));
			if (!opened.ok) throw new Error(entry.filename);
			return opened.value.set;
		})
	);
	const of = (tag: string) => sets.map((set) => set.string(tag));
	expect(of('x00080060').sort()).toEqual(['OT', 'OT', 'SR', 'SR']);
	const byUid = sets.filter((set) => set.string('x0020000d') === uid);
	expect(byUid.map((set) => set.string('x00100010'))).toEqual(['Test^Child', 'Test^Child']);
	const byName = sets.filter((set) => set.string('x0020000d') !== uid);
	expect(byName.map((set) => set.string('x00100010'))).toEqual(['Amina Kato', 'Amina Kato']);
	const sides = byName.flatMap((set) => set.uint16('x00280010') ?? []);
	expect(sides[0]).toBeGreaterThan(300);
	await context.setOffline(false);
});
