/**
 * Ends what is waited for when that which does the work dies. Unlike `Promise.race` with a
 * promise that lives as long as the lane, it keeps nothing of what is done: over 10,000
 * images that would be all their readings.
 */
export class Lifeline {
	private readonly waiting = new Set<(reason: Error) => void>();
	private reason: Error | null = null;

	/** Everything that waits fails with this reason, and so does whatever comes later. */
	cut(reason: Error): void {
		this.reason ??= reason;
		for (const fail of this.waiting) fail(this.reason);
		this.waiting.clear();
	}

	/** @throws what `work` throws, or the reason of the cut, whichever is first. */
	tied<T>(work: Promise<T>): Promise<T> {
		return new Promise((resolve, reject) => {
			// Also after a cut: what `work` throws then must not be an unhandled rejection.
			work.then(resolve, reject).finally(() => this.waiting.delete(reject));
			if (this.reason) reject(this.reason);
			else this.waiting.add(reject);
		});
	}
}
