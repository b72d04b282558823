/** What opening and writing a backup needs of storage: what is there, and sessions put in whole. */
import { database } from '../storage/database';
import type { StoredManifest, StoredResult, StoredSession } from './stored';
import { allOrNone, STRICT, untilThrough } from './all-or-none';
import { currentGuard, isFor } from './keyring';
import { openSession, sealResult, sealSession } from './sealed-records';

/** Which sessions are there, deleted ones included, and when each changed last. */
export async function knownSessions(): Promise<Map<string, string>> {
	const db = await database();
	const guard = await currentGuard(db);
	const records = await db.getAll('sessions');
	const known = records.map(async (record): Promise<[string, string]> => {
		const session = await openSession(guard, record);
		return [record.id, session?.changedAt ?? ''];
	});
	return new Map(await Promise.all(known));
}

/** Write rows of sessions that are not in the list yet: nobody sees them. */
export async function writeResults(results: readonly StoredResult[]): Promise<void> {
	const db = await database();
	await untilThrough(async () => {
		const guard = await currentGuard(db);
		const records = await Promise.all(results.map((result) => sealResult(guard, result)));
		const transaction = db.transaction(['results', 'locks'], 'readwrite');
		return allOrNone(transaction, async (add) => {
			const lock = await transaction.objectStore('locks').get('sessions');
			if (!isFor(guard, lock)) return false;
			for (const one of records) add(transaction.objectStore('results').put(one));
			return true;
		});
	});
}

/** Put sessions whose rows are written into the list, with settings that are not made yet. */
export async function writeSessions(
	sessions: readonly StoredSession[],
	manifests: readonly StoredManifest[],
	settings: Readonly<Record<string, string>>
): Promise<void> {
	const db = await database();
	await untilThrough(async () => {
		const guard = await currentGuard(db);
		const records = await Promise.all(sessions.map((session) => sealSession(guard, session)));
		const transaction = db.transaction(
			['sessions', 'manifests', 'settings', 'locks'],
			'readwrite',
			STRICT
		);
		return allOrNone(transaction, async (add) => {
			const made = transaction.objectStore('settings');
			const kept = transaction.objectStore('manifests');
			const lock = await transaction.objectStore('locks').get('sessions');
			if (!isFor(guard, lock)) return false;
			const names = new Set((await made.getAllKeys()).map(String));
			const known = new Set((await kept.getAllKeys()).map((key) => key.join(' ')));
			for (const record of records) add(transaction.objectStore('sessions').put(record));
			for (const manifest of manifests) {
				if (!known.has(`${manifest.id} ${manifest.version}`)) add(kept.put(manifest));
			}
			for (const [name, value] of Object.entries(settings)) {
				if (!names.has(name)) add(made.put(value, name));
			}
			return true;
		});
	});
}

/** All settings by name. */
export async function readSettings(): Promise<Record<string, string>> {
	const { store } = (await database()).transaction('settings');
	const [names, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
	return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}
