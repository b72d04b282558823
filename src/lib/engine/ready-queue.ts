/** Images between decoding and reading: bounded, so that memory is, whatever the folder. */

export class ReadyQueue<T> {
	private readonly items: T[] = [];
	private readonly takers: { most: number; take: (items: T[]) => void }[] = [];
	private readonly putters: (() => void)[] = [];

	/** @param capacity items that `put` lets wait; `putBack` is never refused. */
	constructor(private readonly capacity: number) {}

	get length(): number {
		return this.items.length;
	}

	/** Add an item; resolves when there is room for the next one. */
	async put(item: T): Promise<void> {
		this.items.push(item);
		this.serve();
		while (this.items.length >= this.capacity) {
			await new Promise<void>((resolve) => this.putters.push(resolve));
		}
	}

	/** Return items to the front. */
	putBack(items: T[]): void {
		this.items.unshift(...items);
		this.serve();
	}

	/** Wait for 1 to `most` items. */
	take(most: number): Promise<T[]> {
		return new Promise((take) => {
			this.takers.push({ most, take });
			this.serve();
		});
	}

	/** Drop everything that waits and let the putters go on. */
	clear(): void {
		this.items.length = 0;
		for (const go of this.putters.splice(0)) go();
	}

	private serve(): void {
		while (this.items.length > 0 && this.takers.length > 0) {
			const taker = this.takers.shift();
			taker?.take(this.items.splice(0, taker.most));
		}
		if (this.items.length < this.capacity) for (const go of this.putters.splice(0)) go();
	}
}
