/** Files as clinics have them. */
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/index-native.js';
import { expect, test } from '@playwright/test';
import { copied, madeNamed } from '../unit/helpers/dicom';
import { bytesOf, fixture } from '../unit/helpers/images';
import {
	addFolder,
	expectAccessible,
	exportCsv,
	finished,
	folderOf,
	greyPng,
	openApp,
	row,
	sample,
	storeModel
} from './app';

async function zipOf(files: Record<string, Uint8Array>): Promise<Uint8Array> {
	const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
	for (const [path, content] of Object.entries(files)) {
		await writer.add(path, new Uint8ArrayReader(content));
	}
	return new Uint8Array(await (await writer.close()).arrayBuffer());
}

/** The film of a child, with another age. */
function filmOf(age: string): Uint8Array {
	const bytes = madeNamed('window').bytes.slice();
	bytes.set(Buffer.from(age), Buffer.from(bytes).indexOf('003Y'));
	return bytes;
}

test('files of all kinds dropped together are read, without a network', async ({
	page,
	context
}) => {
	const pdfs = fixture<{ files: { name: string; bytes: string }[] }>('pdf').files;
	const tiffs = fixture<{ files: { name: string; bytes: string }[] }>('tiff').files;
	const tiff = (name: string) => bytesOf(tiffs.find((file) => file.name === name)!.bytes);
	const folder = await folderOf({
		child: filmOf('003Y'),
		'adult.dcm': filmOf('034Y'),
		'sixteen bits.png': greyPng(300, 200, 16),
		'scan.tif': tiff('grey of 16 bits, deflated'),
		'pages.tif': tiff('several pages'),
		'jpeg.tif': tiff('grey JPEG'),
		'ward.pdf': bytesOf(pdfs.find(({ name }) => name === 'five pages')!.bytes),
		'mail.zip': await zipOf({
			'ward/film.jpg': await sample(1),
			'ward/film.dcm': filmOf('002Y'),
			'__MACOSX/._film.jpg': new Uint8Array([1])
		}),
		'broken.zip': Buffer.from('no archive'),
		DICOMDIR: copied('DICOMDIR-empty.dcm'),
		'report.dcm': copied('reportsi.dcm'),
		'half.dcm': copied('MR_truncated.dcm'),
		// One of each codec: their WebAssembly comes from what the service worker stored.
		'packed/jpeg.dcm': copied('SC_rgb_jpeg_dcmtk.dcm'),
		'packed/jpeg 12.dcm': copied('JPGExtended.dcm'),
		'packed/jpeg lossless.dcm': copied('SC_rgb_jpeg_gdcm.dcm'),
		'packed/jpeg-ls.dcm': copied('MR_small_jpeg_ls_lossless.dcm'),
		'packed/jpeg 2000.dcm': copied('MR_small_jp2klossless.dcm'),
		'packed/rle.dcm': copied('MR_small_RLE.dcm')
	});
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await expect(page.getByTestId('offline-ready')).toBeVisible();
	await context.setOffline(true);
	await addFolder(page, folder);
	await finished(page);

	const read = ['child', 'sixteen bits.png', 'scan.tif', 'pages.tif', 'jpeg.tif'];
	const pages = [2, 3, 5].map((page) => `ward.pdf/page ${page}`);
	for (const path of [...read, ...pages, 'mail.zip/ward/film.jpg', 'mail.zip/ward/film.dcm']) {
		const one = row(page, `folder/${path}`);
		await expect(one).toHaveAttribute('data-status', 'done');
		await expect(one).toHaveAttribute(
			'data-category',
			/^(likely|uncertain|not-seen|unrecognised)$/
		);
	}
	for (const name of ['jpeg', 'jpeg 12', 'jpeg lossless', 'jpeg-ls', 'jpeg 2000', 'rle']) {
		const one = row(page, `folder/packed/${name}.dcm`);
		await expect(one).toHaveAttribute('data-status', 'done');
		await expect(one).toHaveAttribute('data-category', 'outside');
	}
	await expect(row(page, 'folder/half.dcm')).toContainText('The end of the image is missing.');
	await expect(row(page, 'folder/broken.zip')).toContainText('The archive is damaged');
	await page.getByRole('button', { name: /^Left out 4/ }).click();
	await expect(row(page, 'folder/DICOMDIR')).toContainText('only lists the others of its disc');
	await expect(row(page, 'folder/report.dcm')).toContainText('holds no image but a report');
	await expect(row(page, 'folder/ward.pdf/page 1')).toContainText('holds no picture of a film');
});

test('an adult’s film is kept out of the categories, and a person can overrule it', async ({
	page
}) => {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(
		page,
		await folderOf({ 'adult.dcm': filmOf('034Y'), 'child.dcm': filmOf('004Y') })
	);
	await finished(page);
	const adult = row(page, 'folder/adult.dcm');
	const words = 'Outside what the model was made for: an adult (34 years).';
	await expect(adult).toHaveAttribute('data-category', 'outside');
	await expect(adult).toContainText(words);
	await expect(row(page, 'folder/child.dcm')).not.toHaveAttribute('data-category', 'outside');
	await expect(page.getByTestId('session-status')).toContainText('1 outside the intended use');
	await page.getByRole('button', { name: 'Outside use 1' }).click();
	await expect(page.locator('[data-path]')).toHaveCount(1);
	await expectAccessible(page);

	const csv = await exportCsv(page);
	const saved = csv.find((line) => line['File'] === 'folder/adult.dcm')!;
	expect(saved).toMatchObject({ Category: 'Outside use', 'Score (0 to 100)': '' });
	// Who the patient is stays on the device's screen.
	expect(JSON.stringify(csv)).not.toMatch(/0042|Test/);

	await page.getByRole('button', { name: 'All 2' }).click();
	await page.getByRole('button', { name: /^View .*adult\.dcm/ }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText(words);
	await expect(dialog).toContainText('Child Test');
	await expect(dialog).toContainText('0042');
	const picture = dialog.locator('img');
	await expect(picture).toBeVisible();
	await expect
		.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
		.toBe(14);
	await expectAccessible(page);
	await dialog.getByRole('button', { name: 'Read it anyway' }).click();
	await expect(adult).toHaveAttribute(
		'data-category',
		/^(likely|uncertain|not-seen|unrecognised)$/
	);
	await dialog.getByRole('button', { name: 'Keep it out of the categories' }).click();
	await expect(adult).toHaveAttribute('data-category', 'outside');
});
