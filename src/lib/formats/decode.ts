/** One file to one model input, inside the decode worker. Full-size pixels live only here. */
import type { Corners, FilmPlace } from '../intake/corners';
import type { FileFingerprint } from '../intake/fingerprint';
import { MAX_FILE_BYTES, READ_WHOLE_BYTES } from '../base/limits';
import { sha256Of } from '../base/sha256';
import { isSystemFile } from '../intake/system-files';
import { hasColours } from '../pixels/channels';
import { jpegOf } from '../pixels/jpeg-blob';
import { findFilm } from '../pixels/film/find';
import { inputOf, thumbnailOf, warmUpInput, type PixelRule } from '../pixels/model-input';
import { rectify } from '../pixels/rectify';
import { failed, succeeded, type Outcome } from '../problems/problems';
import type { ImageFacts } from './facts';
import type { ImageFormat, Picture } from './format';
import { refusalOf } from './named';
import { formatOf, HEAD_BYTES, mayBeImage } from './registry';

/** What a list shows of any image that was opened. */
export interface Described {
	/** Size of the upright image in pixels. */
	width: number;
	height: number;
	/** A small picture for the list. */
	thumbnail: Blob;
	/** What the file says of itself; null where its kind says nothing. */
	facts: ImageFacts | null;
	/** By which a kept result finds its file again. */
	source: FileFingerprint;
	/** The film that was read of it; null where all of it was. */
	corners: Corners | null;
}

export interface Prepared extends Described {
	/** uint8, height x width x channels, as the rule says. */
	pixels: Uint8Array;
}

/** A decoded image, and by what its file is known again. */
export interface OpenedPicture extends Picture {
	source: FileFingerprint;
	corners: Corners | null;
}

/** Pixels at full size, of the film alone where there are corners. */
interface MarkedPicture extends Picture {
	corners: Corners | null;
}

/**
 * Read, check, decode and resize a file. Never throws for a bad file.
 * @param corners where the film lies in it, or that it is to be found; null where all of it is
 *   the image. Where none is found all of it is.
 */
export async function prepare(
	file: File,
	rule: PixelRule,
	corners: FilmPlace = null
): Promise<Outcome<Prepared>> {
	return withPicture(file, corners, (opened) => inputFrom(opened, rule));
}

/**
 * Read, check and decode a file for work on its pixels at full size. Never throws for a bad file.
 * @param corners as in `prepare`.
 */
export function withPicture<T>(
	file: File,
	corners: FilmPlace,
	work: (opened: OpenedPicture) => Promise<Outcome<T>>
): Promise<Outcome<T>> {
	return withFile(file, async (format, bytes) => {
		const opened = await openMarked(format, bytes, corners);
		if (!opened.ok) return opened;
		const sha256 = globalThis.crypto?.subtle ? await sha256Of(bytes as BufferSource) : '';
		const source = { size: bytes.length, modified: file.lastModified, sha256 };
		return work({ ...opened.value, source });
	});
}

/** The model's input of a whole picture. */
export async function inputFrom(
	{ raster, facts, source, corners }: OpenedPicture,
	rule: PixelRule
): Promise<Outcome<Prepared>> {
	const pixels = await inputOf(raster, rule);
	if (rule.channels === 3 && !hasColours(pixels)) return failed('no-colours');
	const { width, height } = raster;
	const thumbnail = await thumbnailOf(pixels, rule, { width, height });
	return succeeded({ pixels, width, height, thumbnail, facts, source, corners });
}

/**
 * The same file as a picture to look at, for those that the browser does not draw. Never throws
 * for a bad file.
 * @param side its longest side at most, pixels.
 * @param corners as in `prepare`.
 */
export async function picture(
	file: File,
	side: number,
	corners: FilmPlace = null
): Promise<Outcome<Blob>> {
	return withFile(file, async (format, bytes) => {
		const opened = await openMarked(format, bytes, corners);
		if (!opened.ok) return opened;
		const drawn = await jpegOf(opened.value.raster, side);
		return drawn ? succeeded(drawn) : failed('image-not-opened');
	});
}

/**
 * The corners of the film in a photograph, null where none is found. Never throws for a bad file.
 */
export async function filmIn(file: File): Promise<Outcome<Corners | null>> {
	return withFile(file, async (format, bytes) => {
		const opened = await openMarked(format, bytes, 'find');
		return opened.ok ? succeeded(opened.value.corners) : opened;
	});
}

/** Open a file for work on its bytes, and say what went wrong. */
async function withFile<T>(
	file: File,
	work: (format: ImageFormat, bytes: Uint8Array) => Promise<Outcome<T>>
): Promise<Outcome<T>> {
	if (isSystemFile(file.name)) return failed('system-file');
	try {
		// Chromium asks the disk each time, and the page waits for it.
		const { size } = file;
		// A file that was unplugged has no size either (Chromium): a film must not be left out for it.
		if (size === 0) return failed(mayBeImage(file.name) ? 'empty-image' : 'empty-file');
		// Each look at a file is a question to another process: a small one is read at once.
		const isSmall = size <= READ_WHOLE_BYTES;
		const head = isSmall ? file : file.slice(0, HEAD_BYTES);
		const bytes = new Uint8Array(await head.arrayBuffer());
		const start = bytes.subarray(0, HEAD_BYTES);
		const format = formatOf(start);
		if (!format) return refusalOf(start, file.name);
		if (size > MAX_FILE_BYTES) return failed('image-too-large', { size: { bytes: size } });
		return await work(format, isSmall ? bytes : new Uint8Array(await file.arrayBuffer()));
	} catch (error) {
		if (error instanceof DOMException && /^Not(Found|Readable)Error$/.test(error.name)) {
			return failed('file-gone');
		}
		return failed('damaged-image');
	}
}

/** The pixels at full size, of the film alone where it was marked. */
async function openMarked(
	format: ImageFormat,
	bytes: Uint8Array,
	place: FilmPlace
): Promise<Outcome<MarkedPicture>> {
	// Rare formats bring their readers when the first file needs them.
	const reader = await format.load();
	const opened = await reader.open(bytes);
	if (!opened.ok) return opened;
	const { raster, facts } = opened.value;
	const corners = place === 'find' ? findFilm(raster, await warmUpInput()) : place;
	return succeeded({ raster: corners ? rectify(raster, corners) : raster, facts, corners });
}
