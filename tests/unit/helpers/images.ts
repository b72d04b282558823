/** The real image files of `fixtures/images.json`. */
import { readFileSync } from 'node:fs';

export interface ImageFile {
	name: string;
	kind: string;
	width: number;
	height: number;
	bits: number;
	alpha: boolean;
	bytes: Uint8Array<ArrayBuffer>;
}

interface Listed extends Omit<ImageFile, 'bytes'> {
	bytes: string;
}

/** Read a JSON file of `tests/unit/fixtures`. */
export function fixture<T>(name: string): T {
	return JSON.parse(readFileSync(`tests/unit/fixtures/${name}.json`, 'utf8')) as T;
}

export const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

export const ALL_FILES: ImageFile[] = fixture<{ files: Listed[] }>('images').files.map((file) => ({
	...file,
	bytes: bytesOf(file.bytes)
}));

const isRead = (kind: string) => ['jpeg', 'png', 'webp', 'bmp'].includes(kind);
/** Files of the kinds that are read. */
export const IMAGES = ALL_FILES.filter(({ kind }) => isRead(kind));
/** Files of the kinds that are known but not read. */
export const OTHER_FILES = ALL_FILES.filter(({ kind }) => !isRead(kind));

export function imageNamed(name: string): ImageFile {
	const found = ALL_FILES.find((file) => file.name === name);
	if (!found) throw new Error(`no image named ${name}`);
	return found;
}
