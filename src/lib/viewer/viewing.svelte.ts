/** Which image of the list the viewer shows. It outlives a change of page. */
import type { Row } from '../worklist/row';
import type { Worklist } from '../worklist/list.svelte';
import { isViewable } from '../worklist/worklist';

export class Viewing {
	/** Ids of the images that the viewer goes through first: the list as it was when it was opened. */
	#opened: readonly number[] = $state.raw([]);
	/** The place that is shown; null while the viewer is closed. */
	#at: number | null = $state(null);
	/**
	 * All that the viewer goes through: what it was opened with, then what was read meanwhile, as
	 * the list arranges it.
	 */
	readonly #order: readonly number[] = $derived.by(() => {
		if (this.#at === null) return [];
		const opened = new Set(this.#opened);
		const since = this.view.arranged.filter((row) => isViewable(row) && !opened.has(row.id));
		return [...this.#opened, ...since.map(({ id }) => id)];
	});
	/** What the viewer shows; null while it is closed. */
	readonly row: Row | null = $derived.by(() => this.#rowAt(this.#at));
	/** The image after it. */
	readonly next: Row | null = $derived.by(() =>
		this.#rowAt(this.#at === null ? null : this.#at + 1)
	);

	/** @param view how the list is arranged now. */
	constructor(
		private readonly worklist: Worklist,
		private readonly view: { readonly arranged: readonly Row[] }
	) {}

	/** The place of what is shown among all that the viewer goes through, from 1 on. */
	get place(): number {
		return (this.#at ?? 0) + 1;
	}

	get count(): number {
		return this.#order.length;
	}

	/** Open the viewer; it goes through these rows, whatever is filtered meanwhile. */
	show(row: Row, rows: readonly Row[]): void {
		this.#opened = rows.filter(isViewable).map(({ id }) => id);
		this.#at = this.#opened.indexOf(row.id);
	}

	/** Show an image further on (or, below 0, back); at either end nothing moves. */
	move(by: number): void {
		this.#goTo(Math.min(this.#order.length - 1, Math.max(0, (this.#at ?? 0) + by)));
	}

	/** Show another image, where the viewer goes through it. */
	goTo(id: number): void {
		const place = this.#order.indexOf(id);
		if (place >= 0) this.#goTo(place);
	}

	close(): void {
		this.#at = null;
	}

	/** What was passed keeps its place, whatever comes. */
	#goTo(place: number): void {
		if (place >= this.#opened.length) this.#opened = this.#order.slice(0, place + 1);
		this.#at = place;
	}

	#rowAt(place: number | null): Row | null {
		return place === null ? null : (this.worklist.rows[this.#order[place]] ?? null);
	}
}
