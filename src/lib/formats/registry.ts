/** All image formats that are read. A new one is a folder and a line here (`README.md`). */
import { avif } from './avif';
import { bmp } from './bmp';
import { dicom } from './dicom';
import type { ImageFormat } from './format';
import { gif } from './gif';
import { heic } from './heic';
import { jpeg } from './jpeg';
import { jpeg2000 } from './jpeg-2000';
import { jpegLs } from './jpeg-ls';
import { jpegXl } from './jpeg-xl';
import { png } from './png';
import { tiff } from './tiff';
import { webp } from './webp';

/** Bytes of a file's start that `detect` wants to see. */
export const HEAD_BYTES = 512;

/**
 * The first that detects a file reads it. DICOM comes first: its preamble may hold the start of a
 * TIFF, so that programs for either open it. JPEG-LS begins as JPEG does.
 */
export const FORMATS: readonly ImageFormat[] = [
	dicom,
	jpegLs,
	jpeg,
	png,
	webp,
	bmp,
	tiff,
	gif,
	heic,
	avif,
	jpeg2000,
	jpegXl
];

/** The format of a file, told from its first bytes; names and endings are not trusted. */
export function formatOf(head: Uint8Array): ImageFormat | null {
	return FORMATS.find((format) => format.detect(head)) ?? null;
}

/** Whether a name says that the file is an image, or, as on discs of hospitals, nothing. */
export function mayBeImage(name: string): boolean {
	return endingOf(name) === null || namesImage(name);
}

/** Whether a name has the ending of an image format. */
export function namesImage(name: string): boolean {
	const ending = endingOf(name);
	return ending !== null && FORMATS.some(({ endings }) => endings.includes(ending));
}

/** What follows the last dot of a name, lower case; null without a dot. */
function endingOf(name: string): string | null {
	return /\.([^.]*)$/.exec(name)?.[1].toLowerCase() ?? null;
}
