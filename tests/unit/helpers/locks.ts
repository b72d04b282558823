/** The browser's locks in memory, for several pages in one process. */

interface Waiting {
	name: string;
	options: LockOptions;
	run: () => void;
}

export class FakeLocks {
	private readonly held = new Set<string>();
	private readonly waiting: Waiting[] = [];

	request<T>(
		name: string,
		options: LockOptions | ((lock: Lock | null) => T),
		work?: (lock: Lock | null) => T | Promise<T>
	): Promise<T> {
		const given = typeof options === 'function' ? {} : options;
		const callback = (typeof options === 'function' ? options : work) as (
			lock: Lock | null
		) => T | Promise<T>;
		return new Promise<T>((resolve, reject) => {
			const run = () => {
				this.held.add(name);
				void Promise.resolve(callback({ name, mode: 'exclusive' }))
					.then(resolve, reject)
					.finally(() => this.release(name));
			};
			if (!this.held.has(name)) run();
			else if (given.ifAvailable) void Promise.resolve(callback(null)).then(resolve, reject);
			else {
				given.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
				this.waiting.push({ name, options: given, run });
			}
		});
	}

	query(): Promise<LockManagerSnapshot> {
		const held = [...this.held].map((name) => ({ name, mode: 'exclusive' as const }));
		return Promise.resolve({ held, pending: [] });
	}

	/** The page that holds them all is closed. */
	free(): void {
		for (const name of [...this.held]) this.release(name);
	}

	private release(name: string): void {
		this.held.delete(name);
		const next = this.waiting.findIndex((one) => one.name === name && !one.options.signal?.aborted);
		if (next >= 0) this.waiting.splice(next, 1)[0].run();
	}
}
