/** Looks among files that are added for those of a list that was opened from storage. */
import type { Entry } from '../intake/entries';
import { matchFiles } from './identity';
import { newRow } from '../worklist/row';
import type { RowList } from '../worklist/row-list';

/** What came of a search; the rows whose file was there have it again. */
export interface Search {
	/** Rows that are to be read anew: their file has another content. */
	changedRows: number[];
	/** Files with another content than the row of their path, with a row or among `fresh`. */
	changedCount: number;
	/** Files that the list does not know. */
	fresh: Entry[];
}

/** Files between two times that the page is told how many were looked at. */
const PROGRESS_STEP = 20;

export class FileSearch {
	/** Files looked at; null while none are. */
	progress: { done: number; total: number } | null = $state.raw(null);
	/** Rises when the list is cleared: what is found then belongs to another list. */
	private generation = 0;

	constructor(private readonly list: RowList) {}

	/** Give rows their files again. @returns null where the list was cleared meanwhile. */
	async find(entries: readonly Entry[]): Promise<Search | null> {
		const { list, generation } = this;
		const total = entries.length;
		this.progress = { done: 0, total };
		const found = await matchFiles([...list.rows], entries, (done) => {
			const isTold = this.generation === generation && done % PROGRESS_STEP === 0;
			if (isTold) this.progress = { done, total };
		});
		if (this.generation !== generation) return null;
		this.progress = null;
		for (const { id, entry } of found.same) list.attach(id, entry);
		const fresh = [...found.fresh];
		const changedRows: number[] = [];
		for (const { id, entry } of found.changed) {
			// What a person said of the old image stays with it; and a row whose file is on the page
			// is of another file, that is only called the same.
			if (list.rows[id].review || !list.isDetached(id)) {
				fresh.push(entry);
				continue;
			}
			list.attach(id, entry);
			// Where the film lay in the old image says nothing of the new one.
			list.put(newRow(id, { ...list.rows[id].entry, corners: null }));
			changedRows.push(id);
		}
		return { changedRows, changedCount: found.changed.length, fresh };
	}

	/** The list is cleared. */
	forget(): void {
		this.generation++;
		this.progress = null;
	}
}
