/** What stood where a moment ago: who presses a row that just came there meant another one. */

interface Order {
	ids: readonly number[];
	/** When another order took its place. */
	until: number;
}

/** From seeing where to press until the press, milliseconds. */
const AIM_MS = 600;

export class RecentOrders {
	#now: readonly number[] = [];
	#before: readonly Order[] = [];

	/**
	 * @param ids of the rows in the order that is shown from `now` on.
	 * @param isAsked whether a person asked for this order: by a filter, a search, a sorting.
	 */
	changed(ids: readonly number[], now: number, isAsked: boolean): void {
		this.#before = isAsked ? [] : [...this.#recent(now), { ids: this.#now, until: now }];
		this.#now = ids;
	}

	/**
	 * Whether no other row stood at this place of the list in the time that it takes to aim. Where
	 * there was none nobody aimed at another.
	 */
	stoodAt(place: number, now: number): boolean {
		const id = this.#now[place];
		return this.#recent(now).every(({ ids }) => place >= ids.length || ids[place] === id);
	}

	#recent(now: number): readonly Order[] {
		return this.#before.filter(({ until }) => until > now - AIM_MS);
	}
}
