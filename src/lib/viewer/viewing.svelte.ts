/** Which image of the list the viewer shows. It outlives a change of page. */
import type { Row } from '../worklist/row';
import type { Worklist } from '../worklist/list.svelte';
import { isViewable } from '../worklist/worklist';

export class Viewing {
	/** Ids of the images that the viewer goes through: the list as it was when it was opened. */
	private order: readonly number[] = $state.raw([]);
	/** The place in `order` that is shown; null while the viewer is closed. */
	private at: number | null = $state(null);
	/** What the viewer shows; null while it is closed. */
	readonly row: Row | null = $derived.by(() => this.rowAt(this.at));
	/** The image after it. */
	readonly next: Row | null = $derived.by(() => this.rowAt(this.at === null ? null : this.at + 1));

	constructor(private readonly worklist: Worklist) {}

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

	/** Show another image, where the viewer goes through it. */
	goTo(id: number): void {
		const place = this.order.indexOf(id);
		if (place >= 0) this.at = place;
	}

	close(): void {
		this.at = null;
	}

	private rowAt(place: number | null): Row | null {
		return place === null ? null : (this.worklist.rows[this.order[place]] ?? null);
	}
}
