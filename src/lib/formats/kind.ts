/** Tells what a file is from its first bytes; names and endings are not trusted. */

/** Bytes that `kindOf` wants to see. */
export const KIND_BYTES = 160;

/** Image kinds that are read. */
export type ImageKind = 'jpeg' | 'png' | 'webp' | 'bmp';
/** Kinds that are known but not read; the value is the name a user knows. */
const KNOWN_FORMATS = {
	gif: 'GIF',
	tiff: 'TIFF',
	dicom: 'DICOM',
	heic: 'HEIC',
	avif: 'AVIF',
	pdf: 'PDF',
	zip: 'ZIP',
	jp2: 'JPEG 2000'
} as const;
export type OtherKind = keyof typeof KNOWN_FORMATS;
export type FileKind = ImageKind | OtherKind | 'unknown';

/** The user's name of a known format that is not read. */
export function formatName(kind: OtherKind): string {
	return KNOWN_FORMATS[kind];
}

export function isImageKind(kind: FileKind): kind is ImageKind {
	return kind === 'jpeg' || kind === 'png' || kind === 'webp' || kind === 'bmp';
}

/** Whether a name says that the file is an image, or, as on discs of hospitals, nothing. */
export function mayBeImage(name: string): boolean {
	const [, ending] = /\.([^.]*)$/.exec(name) ?? [];
	return ending === undefined || /^(jpe?g|png|webp|bmp|dcm|dicom|tiff?|hei[cf])$/i.test(ending);
}

/**
 * Files that operating systems leave in folders: AppleDouble (`._film.jpg`), Finder, Explorer,
 * lock files of Office. Another name that begins with a dot may be an image's.
 */
export function isSystemFile(name: string): boolean {
	return /^(\._|~\$)|^(\.ds_store|\.localized|thumbs\.db|desktop\.ini|autorun\.inf)$/i.test(name);
}

/**
 * What the file is.
 * @param head its first bytes (`KIND_BYTES`, or all of a shorter file).
 * Signatures: the formats' specifications; DICOM part 10 section 7.1, ISO BMFF section 4.3.
 */
export function kindOf(head: Uint8Array): FileKind {
	const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
	// First: its preamble may hold the start of a TIFF, so that programs for either open it.
	if (ascii(128, 132) === 'DICM') return 'dicom';
	if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
	if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
	if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
	if (ascii(0, 2) === 'BM' && head[6] === 0 && head[7] === 0) return 'bmp';
	if (ascii(0, 4) === 'GIF8') return 'gif';
	if (/^(II[*+]\0|MM\0[*+])$/.test(ascii(0, 4))) return 'tiff';
	if (ascii(4, 8) === 'ftyp') {
		const brand = ascii(8, 12);
		if (brand === 'avif' || brand === 'avis') return 'avif';
		if (/^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) return 'heic';
	}
	if (ascii(4, 8) === 'jP  ') return 'jp2';
	if (ascii(0, 5) === '%PDF-') return 'pdf';
	if (ascii(0, 4) === 'PK\x03\x04' || ascii(0, 4) === 'PK\x05\x06') return 'zip';
	return isBareDicom(head) ? 'dicom' : 'unknown';
}

/** Value representations whose length takes two bytes, of elements that come first in files. */
const SHORT_VALUES = /^(AE|AS|CS|DA|DS|IS|LO|PN|SH|TM|UI|UL|US)$/;

/**
 * Whether DICOM begins at the first byte, as old devices write it: two elements of group 2 or
 * 8 follow one another in order, with lengths that fit.
 * @returns how values are written, or null where it is no DICOM.
 */
export function isBareDicom(head: Uint8Array): 'explicit' | 'implicit' | null {
	for (const way of ['explicit', 'implicit'] as const) {
		const first = elementAt(head, 0, way);
		const second = first && elementAt(head, first.next, way);
		if (second && second.tag > first.tag) return way;
	}
	return null;
}

/** An element's tag and where the next begins, or null where none of a header's start is. */
function elementAt(head: Uint8Array, at: number, way: 'explicit' | 'implicit') {
	if (at + 8 > head.length) return null;
	const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
	const group = view.getUint16(at, true);
	const element = view.getUint16(at + 2, true);
	if ((group !== 2 && group !== 8) || element > 0x1200) return null;
	const isShort = SHORT_VALUES.test(String.fromCharCode(head[at + 4], head[at + 5]));
	if (way === 'explicit' && group === 2 && element === 1) {
		// The header's version, OB: its length takes four bytes behind two of no use.
		return { tag: 0x20001, next: at + 12 + view.getUint32(at + 8, true) };
	}
	if (way === 'explicit' && !isShort) return null;
	const length = way === 'explicit' ? view.getUint16(at + 6, true) : view.getUint32(at + 4, true);
	return length % 2 === 0 && length <= 128
		? { tag: group * 0x10000 + element, next: at + 8 + length }
		: null;
}
