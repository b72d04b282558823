/** Finds the files of a list that was opened from storage among files that are added. */
import type { Entry } from '../intake/entries';
import { matchFiles, type FoundFile } from '../sessions/identity';
import { newRow, type Row } from '../worklist/row';
import type { Worklist } from '../worklist/list.svelte';

/** What is to be done with files that were added. */
export interface Matches {
	/** Rows that get their file. */
	attached: readonly FoundFile[];
	/** Rows that are to be read anew, as they are then: their file has another content. */
	renewed: readonly Row[];
	/** Files with another content than the row of their path, with a row or among `fresh`. */
	changedCount: number;
	/** Files that the list does not know. */
	fresh: readonly Entry[];
}

/** Files between two times that the page is told how many were looked at. */
const PROGRESS_STEP = 20;

/**
 * Match files with the rows of a list.
 * @param onProgress called now and then with the number of files looked at.
 */
export async function matchEntries(
	worklist: Worklist,
	entries: readonly Entry[],
	onProgress: (done: number) => void
): Promise<Matches> {
	const rows = [...worklist.rows];
	const found = await matchFiles(rows, entries, (done) => {
		if (done % PROGRESS_STEP === 0) onProgress(done);
	});
	const fresh = [...found.fresh];
	const attached = [...found.same];
	const renewed: Row[] = [];
	for (const { id, entry } of found.changed) {
		const row = worklist.rows[id];
		// What a person said of the old image stays with it; and a row whose file is on the page
		// is of another file that only has the same name.
		if (!row || row.review || !worklist.isDetached(id)) {
			fresh.push(entry);
			continue;
		}
		attached.push({ id, entry });
		// Where the film lay in the old image says nothing of the new one.
		renewed.push(newRow(id, { ...entry, path: row.path, corners: null, drawn: null }));
	}
	return { attached, renewed, changedCount: found.changed.length, fresh };
}
