/** Where reviews are made: what a person says goes into the list at once, and can be undone. */
import { MAX_INITIALS_CHARS, MAX_NOTE_CHARS, MAX_REASON_CHARS } from '../base/limits';
import type { Category } from '../reading/score';
import { readSetting, writeSetting } from '../storage/database';
import type { Finding, Review } from './review';

/** The list that is reviewed. */
export interface ReviewedList {
	/** What was said of a row, or null. */
	reviewOf(id: number): Review | null;
	/** Keep what is said of a row, the very object; null takes it back. */
	review(id: number, review: Review | null): void;
}

/** What the person had in front of them. */
export interface Shown {
	category: Category | null;
	/** Id of the operating point. */
	point: string;
}

interface Step {
	id: number;
	before: Review | null;
	after: Review | null;
}

export class ReviewDesk {
	/** Initials of who reviews, kept on the device. */
	initials = $state('');
	private steps: readonly Step[] = $state.raw([]);

	constructor(private readonly list: ReviewedList) {}

	get canUndo(): boolean {
		return this.steps.length > 0;
	}

	/** Read the initials of last time. */
	async start(): Promise<void> {
		const kept = await readSetting('reviewer');
		if (kept !== undefined && this.initials === '') this.initials = kept;
	}

	/** Who reviews from now on. What others said before stays theirs. */
	setInitials(text: string): void {
		this.initials = text.trim().slice(0, MAX_INITIALS_CHARS).trim();
		void writeSetting('reviewer', this.initials);
	}

	/** Keep a finding. A note stays; a reason belongs to the finding that it was given for. */
	find(id: number, finding: Finding, { category, point }: Shown): void {
		const before = this.list.reviewOf(id);
		const isSame = before?.finding === finding;
		if (before && isSame && before.category === category && before.point === point) return;
		this.step(id, {
			finding,
			reason: isSame ? before.reason : '',
			note: before?.note ?? '',
			by: this.initials,
			time: new Date().toISOString(),
			category,
			point
		});
	}

	/** Add why or a note to what was said; nothing where nothing was said. */
	amend(id: number, changes: Partial<Pick<Review, 'reason' | 'note'>>): void {
		const before = this.list.reviewOf(id);
		if (!before) return;
		const after = {
			...before,
			reason: (changes.reason ?? before.reason).slice(0, MAX_REASON_CHARS),
			note: (changes.note ?? before.note).slice(0, MAX_NOTE_CHARS)
		};
		if (after.reason === before.reason && after.note === before.note) return;
		const last = this.steps.at(-1);
		if (last && last.after === before) {
			// Belongs to the finding that was just made: undone with it.
			this.list.review(id, after);
			this.steps = [...this.steps.slice(0, -1), { ...last, after }];
		} else {
			this.step(id, after);
		}
	}

	/** Put the initials to a review that has none. */
	sign(id: number): void {
		const before = this.list.reviewOf(id);
		if (!before || before.by !== '' || this.initials === '') return;
		const after = { ...before, by: this.initials };
		this.list.review(id, after);
		this.steps = this.steps.map((step) => (step.after === before ? { ...step, after } : step));
	}

	/** Take what was said of a row back. */
	remove(id: number): void {
		if (this.list.reviewOf(id)) this.step(id, null);
	}

	/**
	 * Undo the last change of a review.
	 * @returns the row that it was made on; null where there is none left to undo.
	 */
	undo(): number | null {
		const last = this.steps.at(-1);
		if (!last) return null;
		this.steps = this.steps.slice(0, -1);
		// Changed elsewhere meanwhile, or another list: that is not ours to undo.
		if (this.list.reviewOf(last.id) !== last.after) return this.undo();
		this.list.review(last.id, last.before);
		return last.id;
	}

	/** Another list: nothing of the old one can be undone in it. */
	forget(): void {
		this.steps = [];
	}

	private step(id: number, after: Review | null): void {
		const before = this.list.reviewOf(id);
		this.list.review(id, after);
		this.steps = [...this.steps, { id, before, after }];
	}
}
