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

	/** @param ids of the rows in the order that is shown from `now` on. */
	changed(ids: readonly number[], now: number): void {
		this.#before = [...this.#recent(now), { ids: this.#now, until: now }];
		this.#now = ids;
	}

	/** Whether the row at this place of the list stood there all the time that it takes to aim. */
	stoodAt(place: number, now: number): boolean {
		const id = this.#now[place];
		return this.#recent(now).every(({ ids }) => ids[place] === id);
	}

	#recent(now: number): readonly Order[] {
		return this.#before.filter(({ until }) => until > now - AIM_MS);
	}
}
