/** What is in a ZIP archive. Nothing is unpacked before its turn, and nothing beyond bounds. */
import {
	BlobReader,
	ERR_EOCDR_NOT_FOUND,
	ERR_UNSUPPORTED_COMPRESSION,
	ZipReader,
	type FileEntry
} from '@zip.js/zip.js/index-native.js';
import { MAX_ARCHIVE_RATIO, MAX_FILE_BYTES, RATIO_FREE_BYTES } from '../base/limits';
import { problem } from '../problems/problems';
import { EntryError, type Entry } from './entries';
import { zipName } from './zip-names';

/** In this thread: a worker of the library's own would come from a `blob:` address. */
const HERE = { useWebWorkers: false } as const;

/** How zip.js is asked for the list. A comment is not shown, so its encoding does not matter. */
const LISTING = {
	...HERE,
	// Nothing is written to a disk: `..` or `C:` in a name is no reason to refuse the archive.
	filenameValidation: 'tolerant' as const,
	decodeText: (bytes: Uint8Array, _encoding: string, type: 'filename' | 'comment') =>
		type === 'filename' ? zipName(bytes) : undefined
};

/**
 * Every file of an archive, those that belong to an operating system too: the decoder says of
 * each why it is left out. Where the archive cannot be read, one entry in its place says why.
 */
export async function* entriesOfZip(archive: Entry): AsyncGenerator<Entry> {
	const { path } = archive;
	let file: File | null = null;
	try {
		file = await archive.open();
		const reader = new ZipReader(new BlobReader(file), LISTING);
		for await (const entry of reader.getEntriesGenerator()) {
			const inner = entry.filename.replaceAll('\\', '/').replace(/^\/+/, '');
			if (entry.directory) continue;
			yield { path: `${path}/${inner}`, open: () => unpack(entry, inner) };
		}
	} catch (error) {
		const reason = (await isCutOff(file, error)) ? entryError('archive-cut-off') : reasonOf(error);
		yield { path, open: () => Promise.reject(reason) };
	}
}

/** Whether an archive begins as one and its list, which stands at the end, is not there. */
async function isCutOff(file: File | null, error: unknown): Promise<boolean> {
	if (!file || !(error instanceof Error) || error.message !== ERR_EOCDR_NOT_FOUND) return false;
	const start = await file
		.slice(0, 4)
		.arrayBuffer()
		.catch(() => new ArrayBuffer(0));
	// Local file header (APPNOTE 4.3.7).
	return String(new Uint8Array(start)) === '80,75,3,4';
}

async function unpack(entry: FileEntry, path: string): Promise<File> {
	const { uncompressedSize: size, compressedSize } = entry;
	if (/\.zip$/i.test(path)) throw entryError('archive-nested');
	if (entry.encrypted) throw entryError('archive-encrypted');
	const isBomb = size > RATIO_FREE_BYTES && size > MAX_ARCHIVE_RATIO * compressedSize;
	if (size > MAX_FILE_BYTES || isBomb) throw tooLarge(size);
	const parts: Uint8Array<ArrayBuffer>[] = [];
	let length = 0;
	const collect = new WritableStream<Uint8Array<ArrayBuffer>>({
		write(part) {
			length += part.length;
			// The archive's list is not to be trusted: it counts what comes.
			if (length > size) throw tooLarge(length);
			parts.push(part);
		}
	});
	try {
		await entry.getData(collect, { ...HERE, checkSignature: true, checkOverlappingEntry: true });
	} catch (error) {
		throw isMethodUnknown(error)
			? new EntryError(problem('archive-method', { name: methodName(entry) }))
			: reasonOf(error);
	}
	return new File(parts, path.slice(path.lastIndexOf('/') + 1));
}

/** Compression methods that browsers do not unpack (APPNOTE 4.4.5). */
const METHODS: Record<number, string> = {
	1: 'Shrink',
	6: 'Implode',
	9: 'Deflate64',
	12: 'BZIP2',
	14: 'LZMA',
	93: 'Zstandard',
	95: 'XZ',
	98: 'PPMd'
};

function methodName({ compressionMethod: method }: FileEntry): string {
	return METHODS[method] ?? String(method);
}

function isMethodUnknown(error: unknown): boolean {
	return error instanceof Error && error.message === ERR_UNSUPPORTED_COMPRESSION;
}

function reasonOf(error: unknown): Error {
	const isGone = error instanceof DOMException && /^Not(Found|Readable)Error$/.test(error.name);
	return isGone || error instanceof EntryError ? error : entryError('archive-damaged');
}

type PlainCode = 'archive-cut-off' | 'archive-nested' | 'archive-encrypted' | 'archive-damaged';

function entryError(code: PlainCode): EntryError {
	return new EntryError(problem(code));
}

function tooLarge(size: number): EntryError {
	return new EntryError(problem('archive-too-large', { bytes: size }));
}
