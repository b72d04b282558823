/**
 * Setting a passphrase, removing it, and forgetting what it locks. Records change their form in
 * groups, each in one transaction; both forms are readable meanwhile, and what was interrupted
 * goes on where it stopped, because each record says itself what it is.
 */
import { OPEN_GROUP } from '../base/limits';
import { database, type Database } from '../storage/database';
import type { StoredLock } from './stored';
import { allOrNone, STRICT } from './all-or-none';
import { currentGuard, isFor, type Guard } from './keyring';
import { convertSecrets, deleteSealedSecrets } from './secret-settings';
import {
	isSealed,
	openResult,
	openSession,
	sealResult,
	sealSession,
	type AnyResult,
	type AnySession
} from './sealed-records';

/** What lies in storage; undefined where there is no passphrase. */
export async function readLock(): Promise<StoredLock | undefined> {
	return (await database()).get('locks', 'sessions');
}

/**
 * From now on new records are sealed; `convert` seals the old ones. Handles of folders go: they
 * cannot be sealed.
 * @returns false where another tab came before.
 */
export async function putLock(lock: StoredLock): Promise<boolean> {
	const transaction = (await database()).transaction(['locks', 'folders'], 'readwrite', STRICT);
	return allOrNone(transaction, async (add) => {
		const locks = transaction.objectStore('locks');
		if (await locks.get(lock.id)) return false;
		add(locks.put(lock));
		add(transaction.objectStore('folders').clear());
		return true;
	});
}

/** Change a lock that is there. @returns false where it is another by now, or gone. */
export async function changeLock(
	key: string,
	changed: (lock: StoredLock) => StoredLock | null
): Promise<boolean> {
	const transaction = (await database()).transaction('locks', 'readwrite', STRICT);
	return allOrNone(transaction, async (add) => {
		const lock = await transaction.store.get('sessions');
		if (lock?.key !== key) return false;
		const next = changed(lock);
		add(next ? transaction.store.put(next) : transaction.store.delete(lock.id));
		return true;
	});
}

/**
 * Bring all records into the form that new ones have, from the beginning or from where it was
 * interrupted.
 * @param onProgress records looked at, of all.
 * @throws DOMException where the page has no key, or the disk is full: both forms stay readable.
 */
export async function convert(onProgress: (done: number, total: number) => void): Promise<void> {
	const db = await database();
	const guard = await currentGuard(db);
	const { lock } = guard;
	if (!lock || lock.phase === 'sealed') return;
	const total = (await db.count('sessions')) + (await db.count('results'));
	let done = 0;
	const tell = (count: number) => onProgress((done += count), total);
	// Sessions first: what a forgotten passphrase leaves readable is then no torn list.
	const sessions = await db.getAll('sessions');
	await convertSessions(db, guard, sessions);
	tell(sessions.length);
	let from: IDBValidKey = [];
	for (;;) {
		const range = IDBKeyRange.lowerBound(from, true);
		const group: AnyResult[] = await db.getAll('results', range, OPEN_GROUP);
		const last = group.at(-1);
		if (!last) break;
		await convertResults(db, guard, group);
		tell(group.length);
		from = [last.session, last.index];
	}
	await convertSecrets(db, guard);
	await changeLock(lock.key, (now) => {
		if (now.phase !== lock.phase) return now;
		return lock.phase === 'opening' ? null : { ...now, phase: 'sealed' };
	});
}

/** Delete all that the passphrase locks, and the lock: for whoever forgot it. */
export async function deleteLocked(): Promise<void> {
	const db = await database();
	await deleteSealedSecrets(db);
	const transaction = db.transaction(
		['sessions', 'results', 'folders', 'locks'],
		'readwrite',
		STRICT
	);
	const sessions = transaction.objectStore('sessions');
	const results = transaction.objectStore('results');
	for (const record of await sessions.getAll()) {
		if (!isSealed(record)) continue;
		await sessions.delete(record.id);
		await results.delete(IDBKeyRange.bound([record.id], [record.id, []]));
	}
	let cursor = await results.openCursor();
	while (cursor) {
		if (isSealed(cursor.value)) await cursor.delete();
		cursor = await cursor.continue();
	}
	await transaction.objectStore('locks').clear();
	await transaction.done;
}

async function convertSessions(
	db: Database,
	guard: Guard,
	records: readonly AnySession[]
): Promise<void> {
	const old = records.filter((record) => isSealed(record) === (guard.writes === null));
	const changed = await Promise.all(
		old.map((record) =>
			isSealed(record) ? openSession(guard, record) : sealSession(guard, record)
		)
	);
	const transaction = db.transaction(['sessions', 'locks'], 'readwrite', STRICT);
	const store = transaction.objectStore('sessions');
	await allOrNone(transaction, async (add) => {
		await expectSame(guard, transaction.objectStore('locks').get('sessions'));
		for (const [i, record] of changed.entries()) {
			const now = await store.get(old[i].id);
			// What was written meanwhile has its new form already.
			if (!now || isSealed(now) !== isSealed(old[i])) continue;
			// A damaged one can never be opened again.
			add(record ? store.put({ ...record, deletedAt: now.deletedAt }) : store.delete(now.id));
		}
	});
}

async function convertResults(
	db: Database,
	guard: Guard,
	records: readonly AnyResult[]
): Promise<void> {
	const old = records.filter((record) => isSealed(record) === (guard.writes === null));
	if (old.length === 0) return;
	const changed = await Promise.all(
		old.map((record) => (isSealed(record) ? openResult(guard, record) : sealResult(guard, record)))
	);
	const transaction = db.transaction(['results', 'locks'], 'readwrite', STRICT);
	const store = transaction.objectStore('results');
	await allOrNone(transaction, async (add) => {
		await expectSame(guard, transaction.objectStore('locks').get('sessions'));
		for (const [i, record] of changed.entries()) {
			const key: [string, number] = [old[i].session, old[i].index];
			const now = await store.get(key);
			if (!now || isSealed(now) !== isSealed(old[i])) continue;
			add(record ? store.put(record) : store.delete(key));
		}
	});
}

async function expectSame(guard: Guard, lock: Promise<StoredLock | undefined>): Promise<void> {
	if (isFor(guard, await lock)) return;
	throw new DOMException('Another tab changed the passphrase.', 'AbortError');
}
