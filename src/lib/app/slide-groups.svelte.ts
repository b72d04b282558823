/**
 * The only writer of which slide a field belongs to, and of a slide's count of red cells: both go
 * into the list and to the disk at once.
 */
import { MAX_SLIDE_NAME_CHARS } from '../base/limits';
import type { Recorder } from '../sessions/recorder.svelte';
import type { Worklist } from '../worklist/list.svelte';
import type { Slide } from '../worklist/slides';

/** What a change of slides did, and how it was before. */
export interface Regrouping {
	/** The name that the fields' slide has now; null where each went back to its folder. */
	slide: string | null;
	/** The fields that went, and the name of the slide that each was put to before. */
	fields: readonly { id: number; before: string | null }[];
	/** The counts of red cells as they were. */
	redCells: Readonly<Record<string, number>>;
}

export class SlideGroups {
	#last: Regrouping | null = $state.raw(null);

	constructor(
		private readonly worklist: Worklist,
		private readonly recorder: Pick<Recorder, 'commit' | 'touch'>
	) {}

	/** The last change, which can be undone; null where there is none. */
	get last(): Regrouping | null {
		return this.#last;
	}

	/**
	 * Put fields together to a slide of a name; those of a slide of that name stay in it.
	 * @param ids of rows, whether they are read yet or not.
	 * @returns the name as it is kept; null where it is empty, or nothing changed.
	 */
	putTogether(ids: readonly number[], name: string): string | null {
		const slide = nameIn(name);
		return slide !== '' && this.#regroup(ids, slide) ? slide : null;
	}

	/** Give a field back to the slide of its folder. */
	takeOut(id: number): void {
		this.#regroup([id], null);
	}

	/**
	 * Give a slide another name; it takes the patient's red cells along.
	 * @returns the name as it is kept; null where it is empty, or the slide had it.
	 */
	rename({ key, rows }: Pick<Slide, 'key' | 'rows'>, name: string): string | null {
		const slide = nameIn(name);
		const ids = rows.map(({ id }) => id);
		if (slide === '' || slide === key || !this.#regroup(ids, slide)) return null;
		const { [key]: count, ...others } = this.worklist.redCells;
		if (count !== undefined) this.#keepRedCells({ [slide]: count, ...others });
		return slide;
	}

	/** Undo the last change, of the fields that are still where it put them. */
	undo(): void {
		const last = this.#last;
		this.#last = null;
		if (!last || this.worklist.isFollowing) return;
		const rows = last.fields.flatMap(({ id, before }) => {
			const row = this.worklist.rows[id];
			return row && row.slide === last.slide ? [{ ...row, slide: before }] : [];
		});
		this.#put(rows);
		if (last.redCells !== this.worklist.redCells) this.#keepRedCells(last.redCells);
	}

	/** The change stays as it is: nothing more is said of it. */
	forget(): void {
		this.#last = null;
	}

	/** Keep a slide's count of red cells, a microlitre; null for the usual one. */
	giveRedCells(slide: string, count: number | null): void {
		if (this.worklist.isFollowing) return;
		const { [slide]: before, ...others } = this.worklist.redCells;
		if ((before ?? null) === count) return;
		this.#last = null;
		this.#keepRedCells(count === null ? others : { ...others, [slide]: count });
	}

	/** @returns whether any field went. */
	#regroup(ids: readonly number[], slide: string | null): boolean {
		if (this.worklist.isFollowing) return false;
		const { rows, redCells } = this.worklist;
		const going = ids.flatMap((id) => (rows[id] && rows[id].slide !== slide ? [rows[id]] : []));
		if (going.length === 0) return false;
		this.#last = {
			slide,
			fields: going.map((row) => ({ id: row.id, before: row.slide })),
			redCells
		};
		this.#put(going.map((row) => ({ ...row, slide })));
		return true;
	}

	#put(rows: Parameters<Recorder['commit']>[0]): void {
		rows.forEach((row, i) => this.worklist.put(row, i === rows.length - 1));
		void this.recorder.commit(rows);
	}

	#keepRedCells(redCells: Readonly<Record<string, number>>): void {
		this.worklist.giveRedCells(redCells);
		this.recorder.touch();
	}
}

/** Without what a reader does not see: two slides never look the same. */
function nameIn(typed: string): string {
	return typed.replace(/\s+/g, ' ').trim().slice(0, MAX_SLIDE_NAME_CHARS).trim();
}
