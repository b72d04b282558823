import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../../src/lib/formats/dicom/text';

/** Made by fixtures/make_names.py with pydicom. */
const NAMES = JSON.parse(
	readFileSync(new URL('../../fixtures/names.json', import.meta.url), 'utf8')
) as { file: string; sets: string; bytes: string; text: string }[];
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

describe('a name', () => {
	it.each(NAMES)('of $file ($sets) is decoded as pydicom does', ({ sets, bytes, text }) => {
		expect(decodeText(bytesOf(bytes), sets, '^=')).toBe(text);
	});

	it('in simplified Chinese by escapes is that of the standard (PS3.5, K.2); pydicom 3.0.1 leaves the escapes in', () => {
		const bytes = bytesOf('5a68616e675e5869616f446f6e673d1b242941d5c55e1b242941d0a1b6ab');
		expect(decodeText(bytes, '\\ISO 2022 IR 58', '^=')).toBe('Zhang^XiaoDong=张^小东');
	});

	it('in UTF-8 that the file does not name, or misspells, is readable', () => {
		const bytes = new TextEncoder().encode('Zoë^Łukasz ');
		for (const sets of ['', 'UTF8', 'utf-8', 'ISO_IR_192', 'ISO-IR 192', 'unknown']) {
			expect(decodeText(bytes, sets, '^=')).toBe('Zoë^Łukasz');
		}
	});

	it('without a set that is no UTF-8 is taken for Latin 1', () => {
		expect(decodeText(bytesOf('4be9766e'), '', '^=')).toBe('Kévn');
	});
});

it('whatever the bytes and the sets, there is a text', () => {
	const sets = fc.constantFrom(...NAMES.map((name) => name.sets), 'nonsense', '\\\\');
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 64 }), sets, (bytes, named) => {
			expect(typeof decodeText(bytes, named, '^=')).toBe('string');
		})
	);
});
