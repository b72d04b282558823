/** Reads a stored session into the worklist. */
import type { Manifest } from '../models/manifest';
import type { Worklist } from '../worklist/list.svelte';
import { NO_RULES } from '../patients/rules';
import type { Row } from '../worklist/row';
import type { StoredSession } from './stored';
import { readResults } from './store';
import { lostRow, rowOf } from './stored-row';

/** A session as it is on the disk, with the manifest of the model that read it. */
export interface FoundSession {
	session: StoredSession;
	manifest: Manifest | null;
}

/**
 * Show all rows of a session, in place of those that are shown already.
 * @param signal ends the loading; the list is another one's by then.
 * @returns whether it came to its end.
 */
export async function loadSession(
	worklist: Worklist,
	{ session, manifest }: FoundSession,
	mode: 'own' | 'following',
	signal: AbortSignal
): Promise<boolean> {
	if (!worklist.isFollowing) worklist.startLoading();
	if (manifest) worklist.readBy(manifest);
	let total = 0;
	for await (const part of readResults(session.id)) {
		if (signal.aborted) return false;
		const rows: Row[] = [];
		for (const record of part) {
			while (total < record.index) rows.push(lostRow(total++));
			rows.push(rowOf(record));
			total = record.index + 1;
		}
		worklist.load(rows);
	}
	if (signal.aborted) return false;
	// A model may have been given to the page meanwhile.
	if (manifest) worklist.readBy(manifest);
	// Lists of before there were slides have none.
	worklist.giveRedCells(session.redCells ?? {});
	worklist.usePatientRules(session.patientRules ?? NO_RULES);
	worklist.finishLoading(mode, session.exported);
	return true;
}
