/** Details of problems in words. */
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import type { Coding, Details, Size } from './problems';
import { bytesText, listText, numberText } from '../i18n/format';
import { directionOf } from '../i18n/locales';

/**
 * A text of the user's, a file's or a program's inside a sentence. Where it may run in the other
 * direction than the sentence it is set apart (U+2068, U+2069), so that neither turns the other.
 */
export function apart(text: string): string {
	const isPlain = /^[\x20-\x7e]*$/.test(text) && directionOf(getLocale()) === 'ltr';
	return isPlain ? text : `\u2068${text}\u2069`;
}

/** Bytes in round megabytes: `22 MB`; `1.4 GB`. */
export function sizeText(bytes: number): string {
	return bytesText(bytes, bytes >= 1e9 ? 1 : 0);
}

export function tooLarge(size: Size): string {
	if ('over' in size) return m.problems_image_too_large_unpacked({ size: sizeText(size.over) });
	if ('bytes' in size) return m.problems_image_too_large_bytes({ size: sizeText(size.bytes) });
	return m.problems_image_too_large_pixels({
		width: numberText(size.width),
		height: numberText(size.height)
	});
}

export function diskFull({ needed, left }: Details['disk-full']): string {
	return left === null
		? m.problems_disk_full({ needed: sizeText(needed) })
		: m.problems_disk_full_left({ needed: sizeText(needed), left: sizeText(left) });
}

export function noColumns(found: readonly string[]): string {
	return found.length === 0
		? m.problems_labels_no_columns_none()
		: m.problems_labels_no_columns({ found: listText(found.map(apart)) });
}

export const NO_IMAGE: Record<Details['dicom-no-image']['what'], () => string> = {
	report: m.problems_dicom_no_image_report,
	document: m.problems_dicom_no_image_document,
	display: m.problems_dicom_no_image_display,
	files: m.problems_dicom_no_image_files,
	ecg: m.problems_dicom_no_image_ecg,
	plan: m.problems_dicom_no_image_plan,
	outlines: m.problems_dicom_no_image_outlines,
	other: m.problems_dicom_no_image_other
};

const CODING_WORDS: Record<Coding['kind'], (name: string, count: number) => string> = {
	video: () => m.problems_coding_video(),
	syntax: (name) =>
		name ? m.problems_coding_syntax({ name: apart(name) }) : m.problems_coding_syntax_unknown(),
	channels: (name, count) =>
		m.problems_coding_channels({ name: apart(name), count, shown: numberText(count) }),
	bits: (_, count) => m.problems_coding_bits({ count, shown: numberText(count) }),
	'bits-unusual': (_, count) => m.problems_coding_bits_unusual({ count, shown: numberText(count) }),
	fractions: () => m.problems_coding_fractions(),
	'palette-segments': () => m.problems_coding_palette_segments(),
	fax: () => m.problems_coding_fax(),
	'old-jpeg': () => m.problems_coding_old_jpeg(),
	// The format's own numbers, as its specification spells them.
	compression: (_, code) => m.problems_coding_compression({ number: String(code) }),
	colours: (_, code) => m.problems_coding_colours({ number: String(code) })
};

/** How pixels are stored that are not read. */
export function codingWords({ kind, name = '', number = 0 }: Coding): string {
	return CODING_WORDS[kind](name, number);
}

const BACKENDS: Record<Details['backend-absent']['backend'], () => string> = {
	webgpu: m.problems_backend_webgpu,
	webgl: m.problems_backend_webgl,
	int8: m.problems_backend_int8,
	wasm: m.problems_backend_wasm
};

/** What a user reads for a backend. */
export function backendName(backend: Details['backend-absent']['backend']): string {
	return BACKENDS[backend]();
}
