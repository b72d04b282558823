/**
 * Puts files that are added into the list: a new list takes them as they come; a list that was
 * opened from storage first looks which of them it already knows.
 */
import type { Collected, Entry } from '../intake/entries';
import { problem, type Problem } from '../problems/problems';
import type { Recorder } from '../sessions/recorder.svelte';
import type { Worklist } from '../worklist/list.svelte';
import { matchEntries } from './entry-matcher';

/** Runs a change of the list, and goes on with what it brings to be read. */
export type ChangeList = (change: () => void) => void;

export class AddedFiles {
	readonly #worklist: Worklist;
	readonly #recorder: Pick<Recorder, 'append' | 'commit'>;
	#problems: readonly Problem[] = $state.raw([]);
	#matching: { done: number; total: number } | null = $state.raw(null);
	/** Matching of files with stored rows, one drop after the other. */
	#matched: Promise<void> = Promise.resolve();

	constructor(worklist: Worklist, recorder: Pick<Recorder, 'append' | 'commit'>) {
		this.#worklist = worklist;
		this.#recorder = recorder;
	}

	/** Problems of the list as a whole (folders that could not be opened). */
	get problems(): readonly Problem[] {
		return this.#problems;
	}

	/** Files looked at, of those that may be in the list already; null while none are. */
	get matching(): { done: number; total: number } | null {
		return this.#matching;
	}

	/**
	 * Add files to the list.
	 * @param signal aborted when the list leaves the page.
	 */
	add(collected: Collected, signal: AbortSignal, changeList: ChangeList): void {
		if (this.#worklist.isFollowing) {
			this.#problems = [problem('list-elsewhere')];
			return;
		}
		this.#noteProblems(collected);
		const { entries, handles } = collected;
		if (entries.length === 0) return;
		if (this.#worklist.hasDetached) {
			this.#matched = this.#matched.then(() => this.#match(collected, signal, changeList));
		} else {
			changeList(() => this.#append(entries, handles));
		}
	}

	/** Forget what was said of a list that left the page. */
	clear(): void {
		this.#problems = [];
		this.#matching = null;
	}

	#noteProblems({ entries, problems }: Collected): void {
		const isEmpty = entries.length === 0 && problems.length === 0;
		// What could not be opened of an earlier drop stays said.
		const lasting = this.#problems.filter(({ code }) => code !== 'nothing-added');
		this.#problems = isEmpty ? [...lasting, problem('nothing-added')] : [...lasting, ...problems];
	}

	#append(entries: readonly Entry[], handles: readonly FileSystemHandle[] = []): void {
		this.#recorder.append(this.#worklist.append(entries), handles);
	}

	/** Give rows of a stored list their files again; what the list does not know is added. */
	async #match(
		{ entries, handles }: Collected,
		signal: AbortSignal,
		changeList: ChangeList
	): Promise<void> {
		if (signal.aborted) return;
		const total = entries.length;
		this.#matching = { done: 0, total };
		const found = await matchEntries(this.#worklist, entries, (done) => {
			if (!signal.aborted) this.#matching = { done, total };
		});
		if (signal.aborted) return;
		this.#matching = null;
		changeList(() => {
			for (const { id, entry } of found.attached) this.#worklist.attach(id, entry);
			for (const row of found.renewed) this.#worklist.put(row);
			if (found.renewed.length > 0) void this.#recorder.commit(found.renewed);
			const { changedCount: count } = found;
			if (count > 0) this.#problems = [...this.#problems, problem('files-changed', { count })];
			this.#append(found.fresh, handles);
		});
	}
}
