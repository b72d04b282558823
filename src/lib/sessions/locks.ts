/** Which tab works on a session, or on what was shared: one at a time, by the browser's locks. */

const lockOf = (session: string) => `session ${session}`;
const PREFIX = lockOf('');
const UPKEEP = 'sessions upkeep';

/** The right to change a session, until it is released or the tab is closed. */
export interface Claim {
	release(): void;
}

const FREE: Claim = { release: () => undefined };

/** Locks between the tabs of this page. Without the browser's help every tab may do everything. */
export class TabLocks {
	readonly #locks: LockManager | undefined;

	/** @param locks the browser's; undefined where it has none. */
	constructor(locks: LockManager | undefined) {
		this.#locks = locks;
	}

	/** Take a session; null where another tab has it. */
	claimSession(session: string): Promise<Claim | null> {
		return this.#claim(lockOf(session), { ifAvailable: true });
	}

	/** Take a session as soon as the other tab lets go; null where `signal` was aborted first. */
	whenFree(session: string, signal: AbortSignal): Promise<Claim | null> {
		return this.#claim(lockOf(session), { signal });
	}

	/** Take the files of one share (`intake/shared-inbox.ts`); null where another tab has them. */
	claimBatch(batch: string): Promise<Claim | null> {
		return this.#claim(`batch ${batch}`, { ifAvailable: true });
	}

	/** The sessions that some tab works on, this one included. */
	async claimedSessions(): Promise<Set<string>> {
		const held = (await this.#locks?.query())?.held ?? [];
		const names = held.map(({ name }) => name ?? '');
		return new Set(
			names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length))
		);
	}

	/** Do upkeep that no other tab may do at the same time; left out where one does. */
	async alone(work: () => Promise<void>): Promise<void> {
		if (!this.#locks) return work();
		await this.#locks.request(UPKEEP, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
	}

	/** The same, waiting for the other. */
	async inTurn<T>(work: () => Promise<T>): Promise<T> {
		return this.#locks ? await this.#locks.request(UPKEEP, work) : work();
	}

	#claim(name: string, options: LockOptions): Promise<Claim | null> {
		const locks = this.#locks;
		if (!locks) return Promise.resolve(FREE);
		return new Promise((resolve) => {
			locks
				.request(name, options, (given) => {
					if (!given) return resolve(null);
					// Held until the promise that is given back settles.
					return new Promise<void>((release) => resolve({ release }));
				})
				.catch(() => resolve(null));
		});
	}
}
