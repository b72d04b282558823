/** The only writer of reviews: what a person says goes into the list and to the disk at once. */
import { MAX_INITIALS_CHARS, MAX_NOTE_CHARS, MAX_REASON_CHARS } from '../base/limits';
import type { Category } from '../reading/score';
import type { Finding, Review } from '../review/review';
import { UndoHistory } from '../review/undo-history.svelte';
import type { Recorder } from '../sessions/recorder.svelte';
import { readSetting, writeSetting } from '../storage/database';
import type { Worklist } from '../worklist/list.svelte';
import type { Row } from '../worklist/row';

/** What the person had in front of them. */
export interface Shown {
	category: Category | null;
	/** Id of the operating point. */
	point: string;
}

export class Reviews {
	#initials = $state('');
	readonly #history = new UndoHistory();

	constructor(
		private readonly worklist: Worklist,
		private readonly recorder: Pick<Recorder, 'commit'>
	) {}

	/** Initials of who reviews, kept on the device. */
	get initials(): string {
		return this.#initials;
	}

	get canUndo(): boolean {
		return this.#history.canUndo;
	}

	/** Read the initials of last time. */
	async start(): Promise<void> {
		const kept = await readSetting('reviewer');
		if (kept !== undefined && this.#initials === '') this.#initials = kept;
	}

	/** Who reviews from now on. What others said before stays theirs. */
	setInitials(text: string): void {
		this.#initials = text.trim().slice(0, MAX_INITIALS_CHARS).trim();
		void writeSetting('reviewer', this.#initials);
	}

	/** Keep a finding. A note stays; a reason belongs to the finding that it was given for. */
	find(id: number, finding: Finding, { category, point }: Shown): void {
		const before = this.#reviewOf(id);
		const isSame = before?.finding === finding;
		if (before && isSame && before.category === category && before.point === point) return;
		this.#step(id, {
			finding,
			reason: isSame ? before.reason : '',
			note: before?.note ?? '',
			by: this.#initials,
			time: new Date().toISOString(),
			category,
			point
		});
	}

	/** Add why or a note to what was said; nothing where nothing was said. */
	amend(id: number, changes: Partial<Pick<Review, 'reason' | 'note'>>): void {
		const before = this.#reviewOf(id);
		if (!before) return;
		const after = {
			...before,
			reason: (changes.reason ?? before.reason).slice(0, MAX_REASON_CHARS),
			note: (changes.note ?? before.note).slice(0, MAX_NOTE_CHARS)
		};
		if (after.reason === before.reason && after.note === before.note) return;
		if (this.#history.endsWith(before)) {
			// Belongs to the finding that was just made: undone with it.
			if (this.#change(id, { review: after })) this.#history.amend(before, after);
		} else {
			this.#step(id, after);
		}
	}

	/** Put the initials to a review that has none. */
	sign(id: number): void {
		const before = this.#reviewOf(id);
		if (!before || before.by !== '' || this.#initials === '') return;
		const after = { ...before, by: this.#initials };
		if (this.#change(id, { review: after })) this.#history.amend(before, after);
	}

	/** Take what was said of a row back. */
	remove(id: number): void {
		if (this.#reviewOf(id)) this.#step(id, null);
	}

	/**
	 * Undo the last change of a review.
	 * @returns the row that it was made on; null where there is none left to undo.
	 */
	undo(): number | null {
		for (let last = this.#history.pop(); last; last = this.#history.pop()) {
			if ('outlineWrong' in last) {
				const { id, outlineWrong } = last;
				if (this.worklist.rows[id]?.outlineWrong !== outlineWrong) continue;
				return this.#change(id, { outlineWrong: !outlineWrong }) ? id : null;
			}
			// Changed elsewhere meanwhile: that is not ours to undo.
			if (this.#reviewOf(last.id) !== last.after) continue;
			return this.#change(last.id, { review: last.before }) ? last.id : null;
		}
		return null;
	}

	/**
	 * Give an image a category though its file says that it is outside the intended use, or take
	 * it back.
	 */
	overrule(id: number, overruled: boolean): void {
		this.#change(id, { overruled });
	}

	/** Say that the outline of what was read is wrong, which takes the score away, or take it back. */
	markOutline(id: number, outlineWrong: boolean): void {
		if (this.worklist.rows[id]?.outlineWrong === outlineWrong) return;
		if (this.#change(id, { outlineWrong })) this.#history.push({ id, outlineWrong });
	}

	/** Another list: nothing of the old one can be undone in it. */
	forget(): void {
		this.#history.clear();
	}

	#reviewOf(id: number): Review | null {
		return this.worklist.rows[id]?.review ?? null;
	}

	#step(id: number, after: Review | null): void {
		const before = this.#reviewOf(id);
		if (this.#change(id, { review: after })) this.#history.push({ id, before, after });
	}

	/** @returns false where the list has no such row, or another tab works on it. */
	#change(
		id: number,
		changes: Partial<Pick<Row, 'review' | 'overruled' | 'outlineWrong'>>
	): boolean {
		const before = this.worklist.rows[id];
		if (!before || this.worklist.isFollowing) return false;
		const row = { ...before, ...changes };
		this.worklist.put(row, true);
		void this.recorder.commit([row]);
		return true;
	}
}
