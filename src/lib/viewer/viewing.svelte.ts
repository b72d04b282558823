/** Which image of the list the viewer shows, and what is done to it there. */
import type { Corners } from '../pixels/corners';
import { ReviewDesk } from '../review/undo-history.svelte';
import type { Row } from '../worklist/row';
import type { ScreeningSession } from '../screening/session.svelte';
import { isViewable } from '../worklist/worklist';

/** The list that is looked through. */
type ViewedList = Pick<ScreeningSession, 'version' | 'rows' | 'review' | 'overrule' | 'crop'>;

export class Viewing {
	readonly desk: ReviewDesk;
	/** Ids of the images that the viewer goes through: the list as it was when it was opened. */
	private order: readonly number[] = $state.raw([]);
	/** The place in `order` that is shown; null while the viewer is closed. */
	private at: number | null = $state(null);
	/** What the viewer shows; null while it is closed. */
	readonly row: Row | null = $derived.by(() => this.rowAt(this.at));
	/** The image after it. */
	readonly next: Row | null = $derived.by(() => this.rowAt(this.at === null ? null : this.at + 1));

	constructor(private readonly session: ViewedList) {
		this.desk = new ReviewDesk({
			reviewOf: (id) => session.rows[id]?.review ?? null,
			review: (id, review) => session.review(id, review)
		});
	}

	/** The place of what is shown among all that the viewer goes through, from 1 on. */
	get place(): number {
		return (this.at ?? 0) + 1;
	}

	get count(): number {
		return this.order.length;
	}

	/** Open the viewer; it goes through these rows, whatever is filtered meanwhile. */
	show(row: Row, rows: readonly Row[]): void {
		this.order = rows.filter(isViewable).map(({ id }) => id);
		this.at = this.order.indexOf(row.id);
	}

	/** Show an image further on (or, below 0, back); at either end nothing moves. */
	move(by: number): void {
		this.at = Math.min(this.order.length - 1, Math.max(0, (this.at ?? 0) + by));
	}

	/** Undo the last review, and show the image that it was of. */
	undo(): void {
		const place = this.order.indexOf(this.desk.undo() ?? -1);
		if (place >= 0) this.at = place;
	}

	/** Let the image decide, or not, although it is outside the intended use. */
	overrule(overruled: boolean): void {
		if (this.row) this.session.overrule(this.row.id, overruled);
	}

	/** The image is read again; until then there is nothing of it to look at. */
	crop(corners: Corners | null): void {
		if (this.row) this.session.crop(this.row.id, corners);
		this.close();
	}

	close(): void {
		this.at = null;
	}

	/** Another list comes: nothing of this one is shown or undone in it. */
	forget(): void {
		this.close();
		this.desk.forget();
	}

	private rowAt(place: number | null): Row | null {
		void this.session.version;
		return place === null ? null : (this.session.rows[this.order[place]] ?? null);
	}
}
