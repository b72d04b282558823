/** Rows as they are kept, and kept rows as the list shows them. */
import { EntryError, type Entry } from '../intake/entries';
import { problem } from '../problems/problems';
import type { StoredResult } from './stored';
import { newRow, type Row } from '../worklist/row';

/** A row as it is kept: all of it but what a page makes anew. */
export async function recordOf(session: string, row: Row): Promise<StoredResult> {
	const { id, nameKey, entry, thumbnail, status, ...rest } = row;
	void nameKey;
	void entry;
	return {
		...rest,
		session,
		index: id,
		// What is being read when the page goes has to be read again.
		status: status === 'reading' ? 'waiting' : status,
		thumbnail: thumbnail ? await thumbnail.arrayBuffer() : null
	};
}

/** A kept row for the list. Its file is not on the page: opening it fails. */
export function rowOf(record: StoredResult): Row {
	const { session, index, thumbnail, ...rest } = record;
	void session;
	return {
		...newRow(index, absentEntry(record.path)),
		...rest,
		thumbnail: thumbnail && new Blob([thumbnail], { type: 'image/jpeg' })
	};
}

/** A row in the place of one that storage lost. */
export function lostRow(id: number): Row {
	const path = `(${id + 1})`;
	return { ...newRow(id, absentEntry(path)), status: 'failed', problem: problem('result-lost') };
}

/** About what a row takes on the disk, bytes. */
export function bytesOf({ path, map, thumbnail, field }: Row): number {
	const ofField = field ? field.cells.length + (field.tiles?.jpeg.length ?? 0) : 0;
	return 400 + 2 * path.length + (map?.length ?? 0) + (thumbnail?.size ?? 0) + ofField;
}

function absentEntry(path: string): Entry {
	return { path, open: () => Promise.reject(new EntryError(problem('file-absent'))) };
}
