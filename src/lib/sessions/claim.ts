/** Which tab works on a session, or on what was shared: one at a time, by the browser's locks. */

const lockOf = (session: string) => `session ${session}`;
const PREFIX = lockOf('');

/** The right to change a session, until it is released or the tab is closed. */
export interface Claim {
	release(): void;
}

const FREE: Claim = { release: () => undefined };

/** Take a session; null where another tab has it. Without locks every tab may. */
export function claimSession(session: string): Promise<Claim | null> {
	return claim(lockOf(session), { ifAvailable: true });
}

/** Take a session as soon as the other tab lets go; null where `signal` was aborted first. */
export function whenFree(session: string, signal: AbortSignal): Promise<Claim | null> {
	return claim(lockOf(session), { signal });
}

/** Take the files of one share (`intake/shared-inbox.ts`); null where another tab has them. */
export function claimBatch(batch: string): Promise<Claim | null> {
	return claim(`batch ${batch}`, { ifAvailable: true });
}

function claim(lock: string, options: LockOptions): Promise<Claim | null> {
	const locks = globalThis.navigator?.locks;
	if (!locks) return Promise.resolve(FREE);
	return new Promise((resolve) => {
		locks
			.request(lock, options, (given) => {
				if (!given) return resolve(null);
				// Held until the promise that is given back settles.
				return new Promise<void>((release) => resolve({ release }));
			})
			.catch(() => resolve(null));
	});
}

/** The sessions that some tab works on, this one included. */
export async function claimedSessions(): Promise<Set<string>> {
	const held = (await globalThis.navigator?.locks?.query())?.held ?? [];
	const names = held.map(({ name }) => name ?? '');
	return new Set(
		names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length))
	);
}

/** Do upkeep that no other tab may do at the same time; left out where one does. */
export async function alone(work: () => Promise<void>): Promise<void> {
	const locks = globalThis.navigator?.locks;
	if (!locks) return work();
	await locks.request('sessions upkeep', { ifAvailable: true }, (lock) =>
		lock ? work() : undefined
	);
}

/** The same, waiting for the other. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
	const locks = globalThis.navigator?.locks;
	return locks ? await locks.request('sessions upkeep', work) : work();
}
