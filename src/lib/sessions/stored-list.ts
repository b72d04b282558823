/** Reads the whole list of a stored session, without showing it. */
import type { Row } from '../worklist/row';
import type { FoundSession } from './session-loader';
import { readResults, readSession } from './store';
import { rowOf } from './stored-row';

/** The rows of a session and what holds of it; null where it is gone. */
export async function readList(id: string): Promise<(FoundSession & { rows: Row[] }) | null> {
	const found = await readSession(id);
	if (!found) return null;
	const rows: Row[] = [];
	for await (const part of readResults(id)) rows.push(...part.map(rowOf));
	return { ...found, rows };
}
