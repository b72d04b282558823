/** What every image format offers; `README.md` is the contract in words. */
import { failed, type Outcome } from '../problems/problems';
import type { Raster } from '../pixels/resizer';
import type { ImageFacts } from './facts';

/** A decoded image. */
export interface Picture {
	/** uint8, interleaved, upright; stride 1 is grey, otherwise red, green and blue come first. */
	raster: Raster;
	/** What the file says of itself; null where it says nothing. */
	facts: ImageFacts | null;
}

/** A size in pixels. */
export interface Size {
	width: number;
	height: number;
}

/**
 * The part of a format that reads: it is loaded with the first file of its kind.
 * Both functions refuse with a problem. An exception counts as `damaged-image`.
 */
export interface Reader<Header extends Size = Size> {
	/**
	 * Check what the file says of itself before anything is allocated: its size within
	 * `limits.ts`, its structure complete.
	 * @param bytes the whole file.
	 */
	checkHeader(bytes: Uint8Array): Outcome<Header> | Promise<Outcome<Header>>;
	/** Decode all rows, or refuse: a part of an image is never returned. */
	decode(bytes: Uint8Array, header: Header): Promise<Outcome<Picture>>;
}

/** A `Reader` whose header type only itself knows. */
export interface OpenReader {
	checkHeader(bytes: Uint8Array): Promise<Outcome<Size>>;
	/** Check the header, then decode. */
	open(bytes: Uint8Array): Promise<Outcome<Picture>>;
}

/** One image format. */
export interface ImageFormat {
	/** The name of its folder. */
	readonly id: string;
	/** File name endings, lower case, without the dot. */
	readonly endings: readonly string[];
	/** Whether a file begins as this format. @param head its first bytes, `HEAD_BYTES` at most. */
	detect(head: Uint8Array): boolean;
	/** Whether a browser's own drawing of the file shows the pixels that `decode` returns. */
	isDrawnByBrowsers(head: Uint8Array): boolean;
	load(): Promise<OpenReader>;
}

/** Hide the header type of a reader, so that readers fit into one list. Exceptions become a problem. */
export function openReader<Header extends Size>(reader: Reader<Header>): OpenReader {
	const orDamaged = async <T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
		try {
			return await work();
		} catch {
			return failed('damaged-image');
		}
	};
	return {
		checkHeader: (bytes) => orDamaged<Size>(async () => reader.checkHeader(bytes)),
		open: (bytes) =>
			orDamaged(async () => {
				const header = await reader.checkHeader(bytes);
				return header.ok ? reader.decode(bytes, header.value) : header;
			})
	};
}
