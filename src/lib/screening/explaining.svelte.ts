/**
 * Finds the places that a score came from, for one image at a time, when a person asks. The only
 * writer of the rows' maps: a map goes to the disk and into the list as soon as it is there.
 */
import type { Problem } from '../problems/problems';
import { MOST_READINGS } from '../reading/occlusion';
import type { Category } from '../reading/score';
import type { Recorder } from '../sessions/recorder.svelte';
import type { Worklist } from '../worklist/list.svelte';
import type { Row } from '../worklist/row';
import type { ReadingEngine } from './reading-engine.svelte';

/**
 * `reading`: readings done, of at most so many; `none`: no place stands out; `ended`: the list was
 * stopped meanwhile.
 */
export type ExplainingState =
	| { kind: 'reading'; done: number; most: number }
	| { kind: 'none' | 'ended' }
	| { kind: 'problem'; problem: Problem };

export class Explaining {
	#asked: { row: Row; state: ExplainingState } | null = $state.raw(null);
	#run = new AbortController();

	constructor(
		private readonly engine: Pick<ReadingEngine, 'reader'>,
		private readonly worklist: Worklist,
		private readonly recorder: Pick<Recorder, 'commit'>
	) {}

	/**
	 * Whether an image's map is there or can be found. Only of likely images: what the maps of a
	 * model are worth was measured on those.
	 */
	isOffered(row: Row, category: Category | null): boolean {
		const { manifest } = this.worklist;
		if (!manifest?.explanation || category !== 'likely' || row.field) return false;
		if (row.map) return true;
		const isHere = !this.worklist.isDetached(row.id) && !this.worklist.isFollowing;
		return row.status === 'done' && isHere && this.engine.reader?.reads(manifest) === true;
	}

	/** What came of asking for an image's map, until another is asked for. */
	stateOf(row: Row): ExplainingState | null {
		return this.#asked && isSame(this.#asked.row, row) ? this.#asked.state : null;
	}

	/** Find the map of an image; what was asked for before ends. */
	async ask(row: Row): Promise<void> {
		this.end();
		const { reader } = this.engine;
		if (!reader) return;
		const { signal } = (this.#run = new AbortController());
		const tell = (state: ExplainingState) => {
			if (!signal.aborted) this.#asked = { row, state };
		};
		const reading = (done: number) => tell({ kind: 'reading', done, most: MOST_READINGS });
		reading(0);
		try {
			const found = await reader.explain(row.entry, signal, reading);
			if (signal.aborted) return;
			if (!found.ok) tell({ kind: 'problem', problem: found.problem });
			else if (!found.value) tell({ kind: 'none' });
			else this.#keep(row, found.value);
		} catch {
			// The person ended it, of which nothing is told, or the list was stopped.
			tell({ kind: 'ended' });
		}
	}

	/** Let go of what was asked for. */
	end(): void {
		this.#run.abort();
		this.#asked = null;
	}

	#keep(row: Row, map: Uint8Array): void {
		this.#asked = null;
		const now = this.worklist.rows[row.id];
		// The list may be another by now, or the image read again.
		if (!now || !isSame(now, row)) return;
		const explained: Row = { ...now, map };
		this.worklist.put(explained, true);
		void this.recorder.commit([explained]);
	}
}

/** Whether two rows are of the same reading: a review replaces a row, too. */
function isSame(a: Row, b: Row): boolean {
	return a.id === b.id && a.path === b.path && a.time === b.time;
}
