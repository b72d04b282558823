import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBareDicom } from '../../../src/lib/formats/dicom/bare';
import { FORMATS, HEAD_BYTES, mayBeImage } from '../../../src/lib/formats/registry';
import { isSystemFile } from '../../../src/lib/intake/system-files';
import { adviceOf, sentenceOf } from '../../../src/lib/problems/messages';
import { readImage, kindOf } from '../helpers/formats';
import { ALL_FILES, IMAGES, OTHER_FILES } from '../helpers/images';

const text = (content: string) => Uint8Array.from(content, (letter) => letter.charCodeAt(0));
/** An ISO base media file's first box with a brand. */
const boxOf = (brand: string) => text(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1`);

describe('the format of a file', () => {
	it.each(IMAGES)('is told from its first bytes: $name', ({ kind, bytes }) => {
		expect(kindOf(bytes)).toBe(kind);
	});

	it('is that of one folder each', () => {
		const ids = FORMATS.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('DICOM is told from the mark behind its preamble', () => {
		const dicom = new Uint8Array(160);
		dicom.set(text('DICM'), 128);
		expect(kindOf(dicom)).toBe('dicom');
		dicom.set(text('II*\0'));
		expect(kindOf(dicom)).toBe('dicom');
		expect(kindOf(dicom.subarray(1))).toBeUndefined();
	});

	it('DICOM is also told where it begins at the first byte, with elements in order', () => {
		const explicit = text('\x08\0\x05\0CS\x02\0  \x08\0\x08\0CS\x02\0A ');
		const implicit = text('\x08\0\x05\0\x02\0\0\0  \x08\0\x08\0\x02\0\0\0A ');
		expect(isBareDicom(explicit)).toBe('explicit');
		expect(isBareDicom(implicit)).toBe('implicit');
		for (const bytes of [explicit, implicit]) expect(kindOf(bytes)).toBe('dicom');
		const backwards = text('\x08\0\x08\0CS\x02\0A \x08\0\x05\0CS\x02\0  ');
		for (const other of [backwards, explicit.subarray(0, 12), new Uint8Array(160)]) {
			expect(kindOf(other)).toBeUndefined();
		}
		fc.assert(
			fc.property(fc.string({ maxLength: 160 }), (words) => {
				expect(isBareDicom(text(words))).toBeNull();
			})
		);
	});

	it('a photograph of a phone is HEIC, whichever brand it names', () => {
		for (const brand of ['heic', 'heix', 'hevc', 'mif1', 'msf1']) {
			expect(kindOf(boxOf(brand)), brand).toBe('heic');
		}
		expect(kindOf(boxOf('isom'))).toBeUndefined();
	});

	it('a TIFF is known in both byte orders', () => {
		expect(kindOf(text('MM\0*rest'))).toBe('tiff');
		expect(kindOf(text('II*\0rest'))).toBe('tiff');
	});

	it('a RIFF file that is sound or film is no image', () => {
		expect(kindOf(text('RIFF\x10\0\0\0WAVEfmt '))).toBeUndefined();
		expect(kindOf(text('RIFF\x10\0\0\0AVI LIST'))).toBeUndefined();
	});

	it('text that begins as a BMP does is text', () => {
		expect(kindOf(text('BMI, height, weight'))).toBeUndefined();
	});

	it('too few bytes are unknown', () => {
		for (const { bytes } of ALL_FILES) expect(kindOf(bytes.subarray(0, 1))).toBeUndefined();
		expect(kindOf(new Uint8Array())).toBeUndefined();
	});
});

describe('a file that is not read', () => {
	const problemOf = async (bytes: Uint8Array) => {
		const outcome = await readImage(bytes);
		if (outcome.ok) throw new Error('it was read');
		return outcome.problem;
	};

	it.each(OTHER_FILES.filter(({ bytes }) => kindOf(bytes) === undefined))(
		'is called by its name: $name',
		async ({ name, bytes }) => {
			const problem = await problemOf(bytes);
			expect(problem.code).toMatch(/^(format|archive)-not-read$/);
			expect(sentenceOf(problem)).toContain(name);
		}
	);

	it.each([
		['7-Zip', '7z\xbc\xaf\x27\x1c\0\x04'],
		['RAR', 'Rar!\x1a\x07\x01\0'],
		['gzip', '\x1f\x8b\x08\0'],
		['bzip2', 'BZh91AY'],
		['xz', '\xfd7zXZ\0'],
		['Zstandard', '\x28\xb5\x2f\xfd'],
		['TAR', `${'\0'.repeat(257)}ustar\x0000`]
	])('is an archive that must be unpacked first: %s', async (name, start) => {
		const problem = await problemOf(text(start));
		expect(sentenceOf(problem)).toContain(`${name} archive`);
		expect(adviceOf(problem)).toContain('Unpack it first');
	});

	it('is no image: empty, text, a page, one byte', async () => {
		for (const content of ['', 'Patient list\n1. A', '<!doctype html>', 'BMI of all', '\xff']) {
			expect((await problemOf(text(content))).code).toBe('not-an-image');
		}
	});

	it('is named from its first bytes alone', async () => {
		const long = new Uint8Array(HEAD_BYTES + 100);
		long.set(text('7z\xbc\xaf\x27\x1c'), HEAD_BYTES);
		expect((await problemOf(long)).code).toBe('not-an-image');
	});
});

describe('a file of the computer’s own', () => {
	it.each(['.DS_Store', '._film.jpg', 'Thumbs.db', 'desktop.ini', '~$report.docx', 'AUTORUN.INF'])(
		'is known by its name: %s',
		(name) => {
			expect(isSystemFile(name)).toBe(true);
		}
	);

	it.each(['film.jpg', 'thumbs.db.jpg', 'my desktop.ini.png', '.film.png', '~film.png'])(
		'is not %s',
		(name) => {
			expect(isSystemFile(name)).toBe(false);
		}
	);
});

describe('a name', () => {
	it.each(['film.jpg', 'FILM.JPEG', 'scan.dcm', 'page.TIFF', 'photo.heic', 'IM000001'])(
		'may be that of an image: %s',
		(name) => expect(mayBeImage(name)).toBe(true)
	);
	it.each(['notes.txt', 'list.csv', 'page.html', 'film.jpg.part'])('is of no image: %s', (name) =>
		expect(mayBeImage(name)).toBe(false)
	);
});
