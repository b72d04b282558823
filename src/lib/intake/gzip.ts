/** A file that was packed by gzip alone, such as `film.dcm.gz`. */
import { inflate } from '../base/inflate';
import { MAX_FILE_BYTES } from '../base/limits';
import { problem } from '../problems/problems';
import { EntryError, type Entry } from './entries';

/** Bytes behind the compressed data: a checksum and the length (RFC 1952, 2.3.1). */
const TRAILER_BYTES = 8;

/**
 * The same entry, unpacked when its turn comes. The path stays, so that the user finds the file.
 * @throws {EntryError} on opening, where it is damaged or too large.
 */
export function unpacked({ path, open }: Entry): Entry {
	return { path, open: async () => unpack(await open()) };
}

async function unpack(file: File): Promise<File> {
	const name = file.name.replace(/\.gz$/i, '');
	if (file.size > MAX_FILE_BYTES) throw tooLarge(file.size);
	const packed = new Uint8Array(await file.arrayBuffer());
	try {
		if (packed.length <= TRAILER_BYTES) throw new Error('shorter than its own trailer');
		// The browser checks the checksum at the end.
		const content = await inflate(packed, 'gzip', MAX_FILE_BYTES);
		return new File([content], name, { lastModified: file.lastModified });
	} catch (error) {
		throw error instanceof RangeError
			? tooLarge(MAX_FILE_BYTES)
			: new EntryError(problem('archive-damaged'));
	}
}

function tooLarge(bytes: number): EntryError {
	return new EntryError(problem('archive-too-large', { bytes }));
}
