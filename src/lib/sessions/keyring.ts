/** The key of sealed sessions: kept in the memory of the page that was given the passphrase. */
import { LOCKED, type Database } from '../storage/database';
import type { StoredLock } from './stored';

let held: { id: string; key: CryptoKey } | null = null;

/** How records are read and written now. */
export interface Guard {
	/** What lies in storage; undefined where there is no passphrase. */
	lock: StoredLock | undefined;
	/** Opens sealed records; null where there are none. */
	reads: CryptoKey | null;
	/** Seals new records; null where they are written plain. */
	writes: CryptoKey | null;
}

/** Have the key of a lock from now on. */
export function holdKey(lock: StoredLock, key: CryptoKey): void {
	held = { id: lock.key, key };
}

/** Forget the key. */
export function dropKey(): void {
	held = null;
}

/** @throws DOMException `LOCKED` where sessions are sealed and this page has no key. */
export async function currentGuard(db: Database): Promise<Guard> {
	const lock = await db.get('locks', 'sessions');
	if (!lock) return { lock, reads: null, writes: null };
	if (held?.id !== lock.key) throw new DOMException('The sessions are locked.', LOCKED);
	return { lock, reads: held.key, writes: lock.phase === 'opening' ? null : held.key };
}

/** Whether a lock that a transaction sees is the one that records were sealed for. */
export function isFor({ lock }: Guard, now: StoredLock | undefined): boolean {
	// Between `sealing` and `sealed` nothing changes for new records.
	return lock?.key === now?.key && (lock?.phase === 'opening') === (now?.phase === 'opening');
}
