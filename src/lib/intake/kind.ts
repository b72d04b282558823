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

/** Files that operating systems leave in folders. */
export function isSystemFile(name: string): boolean {
	return /^(\.|~\$)|^(thumbs\.db|desktop\.ini|autorun\.inf)$/i.test(name);
}

/**
 * What the file is.
 * @param head its first bytes (`KIND_BYTES`, or all of a shorter file).
 * Signatures: the formats' specifications; DICOM part 10 section 7.1, ISO BMFF section 4.3.
 */
export function kindOf(head: Uint8Array): FileKind {
	const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
	if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
	if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
	if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
	if (ascii(0, 2) === 'BM' && head[6] === 0 && head[7] === 0) return 'bmp';
	if (ascii(0, 4) === 'GIF8') return 'gif';
	if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return 'tiff';
	if (ascii(128, 132) === 'DICM') return 'dicom';
	if (ascii(4, 8) === 'ftyp') {
		const brand = ascii(8, 12);
		if (brand === 'avif' || brand === 'avis') return 'avif';
		if (/^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(brand)) return 'heic';
	}
	if (ascii(4, 8) === 'jP  ') return 'jp2';
	if (ascii(0, 5) === '%PDF-') return 'pdf';
	if (ascii(0, 4) === 'PK\x03\x04') return 'zip';
	return 'unknown';
}
