/**
 * The only writer of what people say of cells: it goes into the list and to the disk at
 * once.
 */
import { fieldCells, type CellBox } from '../smears/field';
import {
	withAdded,
	withFinding,
	withRemoved,
	type CellFinding,
	type FieldReview
} from '../smears/field-review';
import type { Recorder } from '../sessions/recorder.svelte';
import type { Worklist } from '../worklist/list.svelte';
import type { Row } from '../worklist/row';

/** One change: what was said of a field before and after it, the very objects. */
interface Step {
	id: number;
	/** The cell that it was about. */
	cell: number;
	before: FieldReview | null;
	after: FieldReview | null;
}

export class CellReviews {
	#steps: readonly Step[] = $state.raw([]);

	/** @param reviewer whose initials are put to what is said. */
	constructor(
		private readonly worklist: Worklist,
		private readonly recorder: Pick<Recorder, 'commit'>,
		private readonly reviewer: { readonly initials: string }
	) {}

	get canUndo(): boolean {
		return this.#steps.length > 0;
	}

	/** Say of a cell what a person sees; null takes it back. */
	judge(id: number, cell: number, finding: CellFinding | null): void {
		const now = { by: this.reviewer.initials, time: new Date().toISOString() };
		this.#step(id, cell, (review) => {
			const said = review?.said.find((one) => one.cell === cell)?.finding ?? null;
			return said === finding ? review : withFinding(review, cell, finding, now);
		});
	}

	/**
	 * Add a cell that was missed (`boxAround` gives a box for a tap).
	 * @returns its index; null where the row is no field that can be changed here.
	 */
	add(id: number, box: CellBox): number | null {
		const field = this.worklist.rows[id]?.field;
		if (!field) return null;
		const cell = fieldCells(field).length + (this.#reviewOf(id)?.added.length ?? 0);
		return this.#step(id, cell, (review) => withAdded(review, box)) ? cell : null;
	}

	/** Say that something is no cell, or take that back. */
	remove(id: number, cell: number, isRemoved: boolean): void {
		this.#step(id, cell, (review) =>
			(review?.removed.includes(cell) ?? false) === isRemoved
				? review
				: withRemoved(review, cell, isRemoved)
		);
	}

	/**
	 * Undo the last change of a field.
	 * @returns where it was made; null where there is none left to undo.
	 */
	undo(): { id: number; cell: number } | null {
		for (let last = this.#steps.at(-1); last; last = this.#steps.at(-1)) {
			this.#steps = this.#steps.slice(0, -1);
			const { id, cell, before, after } = last;
			// Changed elsewhere meanwhile: that is not ours to undo.
			if (this.#reviewOf(id) !== after) continue;
			return this.#change(id, { fieldReview: before }) ? { id, cell } : null;
		}
		return null;
	}

	/** Another list: nothing of the old one can be undone in it. */
	forget(): void {
		this.#steps = [];
	}

	#reviewOf(id: number): FieldReview | null {
		return this.worklist.rows[id]?.fieldReview ?? null;
	}

	#step(
		id: number,
		cell: number,
		change: (review: FieldReview | null) => FieldReview | null
	): boolean {
		const before = this.#reviewOf(id);
		const after = change(before);
		if (after === before || !this.#change(id, { fieldReview: after })) return false;
		this.#steps = [...this.#steps, { id, cell, before, after }];
		return true;
	}

	/** @returns false where the list has no such row, or another tab works on it. */
	#change(id: number, changes: Pick<Row, 'fieldReview'>): boolean {
		const before = this.worklist.rows[id];
		if (!before || this.worklist.isFollowing) return false;
		const row = { ...before, ...changes };
		this.worklist.put(row, true);
		void this.recorder.commit([row]);
		return true;
	}
}
