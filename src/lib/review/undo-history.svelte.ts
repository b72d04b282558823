/** What was changed of reviews, so that it can be undone. */
import type { Review } from './review';

/** One change: what was said of a row before and after it, the very objects. */
interface ReviewStep {
	id: number;
	before: Review | null;
	after: Review | null;
}

/** The outline of what was read was called wrong, or right again. */
interface OutlineStep {
	id: number;
	outlineWrong: boolean;
}

type Step = ReviewStep | OutlineStep;

const afterOf = (step: Step | undefined): Review | null | undefined =>
	step && 'after' in step ? step.after : undefined;

export class UndoHistory {
	#steps: readonly Step[] = $state.raw([]);

	get canUndo(): boolean {
		return this.#steps.length > 0;
	}

	/** A change was made. */
	push(step: Step): void {
		this.#steps = [...this.#steps, step];
	}

	/** Whether the last change led to this review: what is added belongs to it. */
	endsWith(review: Review): boolean {
		return afterOf(this.#steps.at(-1)) === review;
	}

	/** A review was completed by something that is undone with the change that made it. */
	amend(before: Review, after: Review): void {
		this.#steps = this.#steps.map((step) => (afterOf(step) === before ? { ...step, after } : step));
	}

	/** Take the last change out of the history, to be undone; null where there is none. */
	pop(): Step | null {
		const last = this.#steps.at(-1) ?? null;
		this.#steps = this.#steps.slice(0, -1);
		return last;
	}

	/** Another list: nothing of the old one can be undone in it. */
	clear(): void {
		this.#steps = [];
	}
}
