import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	formatName,
	isBareDicom,
	isImageKind,
	isSystemFile,
	KIND_BYTES,
	kindOf,
	mayBeImage
} from '../../../src/lib/formats/kind';
import { ALL_FILES } from '../helpers/images';

const text = (content: string) => new TextEncoder().encode(content);
/** An ISO base media file's first box with a brand. */
const boxOf = (brand: string) => text(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1`);

describe('the kind of a file', () => {
	it.each(ALL_FILES)('is told from its first bytes: $name', ({ kind, bytes }) => {
		expect(kindOf(bytes.subarray(0, KIND_BYTES))).toBe(kind);
	});

	it('DICOM is told from the mark behind its preamble', () => {
		const dicom = new Uint8Array(KIND_BYTES);
		dicom.set(text('DICM'), 128);
		expect(kindOf(dicom)).toBe('dicom');
		dicom.set(text('II*\0'));
		expect(kindOf(dicom)).toBe('dicom');
		expect(formatName('dicom')).toBe('DICOM');
		expect(kindOf(dicom.subarray(1))).toBe('unknown');
	});

	it('DICOM is also told where it begins at the first byte, with elements in order', () => {
		const explicit = text('\x08\0\x05\0CS\x02\0  \x08\0\x08\0CS\x02\0A ');
		const implicit = text('\x08\0\x05\0\x02\0\0\0  \x08\0\x08\0\x02\0\0\0A ');
		expect(isBareDicom(explicit)).toBe('explicit');
		expect(isBareDicom(implicit)).toBe('implicit');
		for (const bytes of [explicit, implicit]) expect(kindOf(bytes)).toBe('dicom');
		const backwards = text('\x08\0\x08\0CS\x02\0A \x08\0\x05\0CS\x02\0  ');
		for (const other of [backwards, explicit.subarray(0, 12), new Uint8Array(160)]) {
			expect(kindOf(other)).toBe('unknown');
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
		expect(kindOf(boxOf('avis'))).toBe('avif');
		expect(kindOf(boxOf('isom'))).toBe('unknown');
	});

	it('an office document is an archive, a TIFF is known in both byte orders', () => {
		expect(kindOf(text('PK\x03\x04rest'))).toBe('zip');
		expect(kindOf(text('MM\0*rest'))).toBe('tiff');
		expect(kindOf(text('II*\0rest'))).toBe('tiff');
	});

	it('a RIFF file that is sound or film is no image', () => {
		expect(kindOf(text('RIFF\x10\0\0\0WAVEfmt '))).toBe('unknown');
		expect(kindOf(text('RIFF\x10\0\0\0AVI LIST'))).toBe('unknown');
	});

	it('text that begins as a BMP does is text', () => {
		expect(kindOf(text('BMI, height, weight'))).toBe('unknown');
	});

	it('too few bytes are unknown', () => {
		for (const { bytes } of ALL_FILES) expect(kindOf(bytes.subarray(0, 2))).toBe('unknown');
		expect(kindOf(new Uint8Array())).toBe('unknown');
	});

	it('is read or only known, never both', () => {
		for (const { kind } of ALL_FILES) {
			expect(isImageKind(kind)).toBe(['jpeg', 'png', 'webp', 'bmp'].includes(kind));
		}
		expect(isImageKind('unknown')).toBe(false);
	});
});

describe('a file of the computer’s own', () => {
	it.each(['.DS_Store', '._film.jpg', 'Thumbs.db', 'desktop.ini', '~$report.docx', 'AUTORUN.INF'])(
		'is known by its name: %s',
		(name) => {
			expect(isSystemFile(name)).toBe(true);
		}
	);

	it.each(['film.jpg', 'thumbs.db.jpg', 'my desktop.ini.png', 'a.b.c', '~film.png', 'film~$.jpg'])(
		'is not %s',
		(name) => {
			expect(isSystemFile(name)).toBe(false);
		}
	);
});

describe('a name', () => {
	it.each(['film.jpg', 'FILM.JPEG', 'scan.dcm', 'page.TIFF', 'photo.heic', 'IM000001', 'a.b/IM1'])(
		'may be that of an image: %s',
		(name) => expect(mayBeImage(name.split('/').at(-1)!)).toBe(true)
	);
	it.each(['notes.txt', 'list.csv', 'page.html', 'film.jpg.part'])('is of no image: %s', (name) =>
		expect(mayBeImage(name)).toBe(false)
	);
});
