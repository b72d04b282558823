/** Rows as they are kept, and kept rows as the list shows them. */
import type { Entry } from '../intake/entries';
import type { Manifest, OperatingPoint } from '../models/manifest';
import { problem } from '../problems/problems';
import { operatingPointOf } from '../reading/score';
import type { ReportRow } from '../exports/csv';
import { keptReason } from '../review/reasons';
import { readResults, readSession } from './store';
import type { StoredResult } from '../storage/database';
import { newRow, reportRow, rowCategory, type Row } from '../worklist/row';
import { arrange, INITIAL_VIEW } from '../worklist/worklist';

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
	const { session, index, thumbnail, review, ...rest } = record;
	void session;
	return {
		...newRow(index, absentEntry(record.path)),
		...rest,
		review: review && { ...review, reason: keptReason(review.reason) },
		thumbnail: thumbnail && new Blob([thumbnail], { type: 'image/jpeg' })
	};
}

/** A row in the place of one that storage lost. */
export function lostRow(id: number): Row {
	const path = `(${id + 1})`;
	return { ...newRow(id, absentEntry(path)), status: 'failed', problem: problem('result-lost') };
}

/** About what a row takes on the disk, bytes. */
export function bytesOf({ path, map, thumbnail }: Row): number {
	return 400 + 2 * path.length + (map?.length ?? 0) + (thumbnail?.size ?? 0);
}

/**
 * The report of a kept session at the operating point it was left at; null where it is gone.
 * @param pointOf the point of an id, which may be a local one.
 */
export async function reportOfKept(
	id: string,
	pointOf: (manifest: Manifest, id: string) => OperatingPoint = operatingPointOf
): Promise<ReportRow[] | null> {
	const found = await readSession(id);
	if (!found) return null;
	const { session, manifest } = found;
	if (!manifest) return [];
	const point = pointOf(manifest, session.point);
	const rows: Row[] = [];
	for await (const part of readResults(id)) rows.push(...part.map(rowOf));
	const categoryOfRow = (row: Row) => rowCategory(row, point, manifest);
	// As the page saves its list: by urgency, what was left out at the end.
	const shown = arrange(rows, INITIAL_VIEW, categoryOfRow);
	const leftOut = arrange(rows, { ...INITIAL_VIEW, filter: 'left-out' }, categoryOfRow);
	return [...shown, ...leftOut].map((row) => reportRow(row, point, manifest));
}

function absentEntry(path: string): Entry {
	const gone = () => Promise.reject(new DOMException('The file is not here.', 'NotFoundError'));
	return { path, open: gone };
}
