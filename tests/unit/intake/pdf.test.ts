/**
 * PDFs give way to the pictures of their pages: the pixels that pikepdf takes out, turned as
 * PDFium shows them (`fixtures/make_pdf.py`), or a refusal by name. As every format they hold to
 * the contract of `formats/README.md`.
 */
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/index-native.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_IMAGE_PIXELS } from '../../../src/lib/base/limits';
import { openEntry } from '../../../src/lib/intake/entries';
import type { Raster } from '../../../src/lib/pixels/resizer';
import { cutAtTenths, TIME_OF_TRIES, tryDamaged } from '../helpers/damaged-files';
import { serveCodecs } from '../helpers/dicom';
import { stubBrowser } from '../helpers/formats';
import { bytesOf } from '../helpers/images';
import { entriesOf, PDFS, readPages, type PdfSample } from '../helpers/pdf';

beforeAll(serveCodecs);
beforeEach(() => {
	stubBrowser();
});
afterAll(() => vi.unstubAllGlobals());

const sample = (name: string): PdfSample => {
	const found = PDFS.find((one) => one.name === name);
	if (!found) throw new Error(`no sample ${name}`);
	return found;
};
/** What the browser decodes is not here: its pixels are those of a stub. */
const isByBrowser = (name: string) => /colour JPEG|JPEG on a turned/.test(name);
const pathsOf = async (name: string, bytes: Uint8Array<ArrayBuffer>) =>
	(await entriesOf(name, bytes)).entries.map(({ path }) => path);

function pixelsOf({ data, stride, width, height }: Raster): number[] {
	const channels = stride === 1 ? 1 : 3;
	return Array.from({ length: width * height * channels }, (_, i) =>
		Number(data[Math.floor(i / channels) * stride + (i % channels)])
	);
}

describe.each(PDFS.filter(({ pages }) => pages.length > 0))('$name', ({ name, bytes, pages }) => {
	it('is read page by page as another program sees it, or refused by name', async () => {
		const found = await readPages(bytes);
		expect(found.length).toBe(pages.length);
		for (const [i, page] of pages.entries()) {
			const outcome = found[i];
			if ('problem' in page) {
				expect(outcome).toMatchObject({ ok: false, problem: { code: page.problem } });
				continue;
			}
			if (!outcome.ok) throw new Error(`page ${i + 1}: ${outcome.problem.code}`);
			const { raster } = outcome.value;
			if (isByBrowser(name)) continue;
			expect([raster.width, raster.height]).toEqual([page.width, page.height]);
			const expected = bytesOf(page.pixels);
			const pixels = pixelsOf(raster);
			expect(pixels.length).toBe(expected.length);
			// libjpeg's versions round the inverse DCT otherwise.
			const most = name.includes('JPEG') ? 1 : 0;
			const off = pixels.map((value, at) => Math.abs(value - expected[at]));
			expect(Math.max(...off)).toBeLessThanOrEqual(most);
		}
	});
});

describe('the pages of a PDF', () => {
	it('have rows of their own; a PDF of one page keeps its path', async () => {
		expect(await pathsOf('scan.PDF', sample('grey JPEG').bytes)).toEqual(['scan.PDF']);
		expect(await pathsOf('ward.pdf', sample('five pages').bytes)).toEqual(
			[1, 2, 3, 4, 5].map((page) => `ward.pdf/page ${page}`)
		);
	});

	it('have none where no page holds a picture: one row says so', async () => {
		const { entries } = await entriesOf('report.pdf', sample('text alone').bytes);
		expect(entries.map(({ path }) => path)).toEqual(['report.pdf']);
		expect(await openEntry(entries[0])).toMatchObject({ problem: { code: 'pdf-no-picture' } });
	});

	it('are found in archives', async () => {
		const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
		await writer.add('in/ward.pdf', new Uint8ArrayReader(sample('five pages').bytes));
		const zip = new Uint8Array(await (await writer.close()).arrayBuffer());
		expect(await pathsOf('all.zip', zip)).toEqual(
			[1, 2, 3, 4, 5].map((page) => `all.zip/in/ward.pdf/page ${page}`)
		);
	});

	it('are refused by name where the PDF is locked', async () => {
		const [outcome] = await readPages(sample('locked').bytes);
		expect(outcome).toMatchObject({ problem: { code: 'pdf-encrypted' } });
	});

	it('are refused by name where the PDF is damaged', async () => {
		const bytes = new TextEncoder().encode('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n');
		const [outcome] = await readPages(bytes);
		expect(outcome).toMatchObject({ problem: { code: 'pdf-damaged' } });
	});

	it('are a hundred', async () => {
		expect(await pathsOf('long.pdf', hundredPages())).toHaveLength(100);
		const pages = await readPages(hundredPages());
		expect(pages.filter(({ ok }) => ok)).toHaveLength(100);
	});

	it('end where a page tree leads back to itself', async () => {
		const text = new TextDecoder('latin1').decode(hundredPages());
		const ring = new TextEncoder().encode(text.replace('/Kids [ 3 0 R', '/Kids [ 2 0 R'));
		expect((await readPages(ring)).length).toBeLessThanOrEqual(100);
	});

	it('of a file that is no PDF for all its name are the file itself', async () => {
		const [outcome] = await readPages(new TextEncoder().encode('not at all'));
		expect(outcome).toMatchObject({ problem: { code: 'not-an-image' } });
	});
});

/** The codes that a damaged PDF may lead to. */
const REFUSALS = [
	'not-an-image',
	'format-not-read',
	'pdf-damaged',
	'pdf-encrypted',
	'pdf-no-picture',
	'pdf-several-pictures',
	'truncated-image',
	'damaged-image',
	'image-too-large',
	'coding-not-read'
];

describe('the contract of a format', () => {
	it('a PDF that is cut at every tenth gives whole pictures or refusals', async () => {
		for (const { name, bytes } of PDFS) {
			const whole = await readPages(bytes);
			const pictures = whole.flatMap((page) => (page.ok ? [page.value.raster] : []));
			for (const [tenth, cut] of cutAtTenths(bytes).entries()) {
				for (const page of await readPages(cut)) {
					if (page.ok)
						expect(pictures, `${name} at ${tenth} tenths`).toContainEqual(page.value.raster);
					else expect([...REFUSALS, 'empty-file']).toContain(page.problem.code);
				}
			}
		}
	});

	it(
		'a damaged PDF is read or refused, and never throws',
		() =>
			tryDamaged('pdf', PDFS, async (bytes) => {
				const pages = await readPages(bytes);
				expect(pages.length).toBeGreaterThan(0);
				for (const page of pages) {
					if (!page.ok) expect([...REFUSALS, 'empty-file']).toContain(page.problem.code);
					else {
						const { width, height } = page.value.raster;
						expect(width * height).toBeLessThanOrEqual(MAX_IMAGE_PIXELS);
					}
				}
			}),
		TIME_OF_TRIES
	);
});

/** A hundred pages that all show one picture of 2 x 2 pixels. */
function hundredPages(): Uint8Array<ArrayBuffer> {
	const pages = Array.from({ length: 100 }, (_, i) => i + 3);
	const objects = [
		'1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj',
		`2 0 obj\n<< /Type /Pages /Count 100 /Kids [ ${pages.map((id) => `${id} 0 R`).join(' ')} ] ` +
			'/MediaBox [0 0 2 2] /Resources << /XObject << /Im0 103 0 R >> >> >>\nendobj',
		...pages.map((id) => `${id} 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 104 0 R >>\nendobj`),
		'103 0 obj\n<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 ' +
			'/ColorSpace /DeviceGray /Length 4 >>\nstream\nabcd\nendstream\nendobj',
		'104 0 obj\n<< /Length 20 >>\nstream\n2 0 0 2 0 0 cm /Im0 Do\nendstream\nendobj'
	];
	const text = `%PDF-1.4\n${objects.join('\n')}\ntrailer\n<< /Root 1 0 R /Size 105 >>\n%%EOF\n`;
	return new TextEncoder().encode(text);
}
