/** Sessions in IndexedDB: writing what changed in one transaction, reading back, deleting. */
import { OPEN_GROUP } from '../base/limits';
import type { Manifest } from '../models/manifest';
import { database } from '../storage/database';
import type { StoredManifest, StoredResult, StoredSession } from './stored';
import { allOrNone, STRICT, untilThrough } from './all-or-none';
import { currentGuard, isFor, type Guard } from './keyring';
import {
	isUntouched,
	modelOf,
	openResult,
	openSession,
	sealResult,
	sealSession,
	type AnyResult,
	type AnySession
} from './sealed-records';

/** What changed of a session since it was last written. */
export interface Changes {
	session: StoredSession;
	results: readonly StoredResult[];
	/** Of the model in use; null before there is one. */
	manifest: Manifest | null;
}

/** All rows of a session. */
const rowsOf = (session: string) => IDBKeyRange.bound([session], [session, []]);

/**
 * Write changes, all or none. They are on the disk when this resolves (`durability: 'strict'`).
 * The name stays the stored one: it may have been changed in another tab.
 * @throws DOMException, QuotaExceededError when the disk is full.
 */
export async function writeChanges({ session, results, manifest }: Changes): Promise<void> {
	const db = await database();
	await untilThrough(async () => {
		const guard = await currentGuard(db);
		const before = await db.get('sessions', session.id);
		const known = before && (await openSession(guard, before));
		const record = await sealSession(guard, { ...session, name: known?.name ?? session.name });
		const records = await Promise.all(results.map((result) => sealResult(guard, result)));
		const transaction = db.transaction(
			['sessions', 'results', 'manifests', 'locks'],
			'readwrite',
			STRICT
		);
		return allOrNone(transaction, async (add) => {
			const sessions = transaction.objectStore('sessions');
			const old = await sessions.get(session.id);
			const lock = await transaction.objectStore('locks').get('sessions');
			if (!isFor(guard, lock) || !isUntouched(before, old)) return false;
			for (const one of records) add(transaction.objectStore('results').put(one));
			const isKnown =
				known?.model?.id === manifest?.id && known?.model?.version === manifest?.version;
			if (manifest && !isKnown) {
				add(transaction.objectStore('manifests').put(storedManifest(manifest)));
			}
			add(sessions.put({ ...record, deletedAt: old?.deletedAt ?? null }));
			return true;
		});
	});
}

/** A name that no other session has; `randomUUID` is not there on an address without https. */
export function newId(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function storedManifest(manifest: Manifest): StoredManifest {
	return { id: manifest.id, version: manifest.version, manifest };
}

/** The sessions, deleted ones left out, the newest first. @throws DOMException without storage. */
export async function listSessions(): Promise<StoredSession[]> {
	const db = await database();
	const guard = await currentGuard(db);
	const records = await db.getAll('sessions');
	const all = await Promise.all(records.map((record) => openSession(guard, record)));
	return all
		.filter((session) => session !== null)
		.filter(({ deletedAt }) => deletedAt === null)
		.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

/** One session with its model's manifest; null where it is not there (any more). */
export async function readSession(
	id: string
): Promise<{ session: StoredSession; manifest: Manifest | null } | null> {
	const db = await database();
	const guard = await currentGuard(db);
	const record = await db.get('sessions', id);
	if (!record || record.deletedAt !== null) return null;
	const session = await openSession(guard, record);
	if (!session) return null;
	const { model } = session;
	const kept = model && (await db.get('manifests', [model.id, model.version]));
	return { session, manifest: kept?.manifest ?? null };
}

/** The rows of a session in order, some hundred at a time; damaged ones are left out. */
export async function* readResults(session: string): AsyncGenerator<StoredResult[]> {
	const db = await database();
	let from: IDBValidKey = [session];
	for (;;) {
		// Each time anew: locking ends the reading.
		const guard = await currentGuard(db);
		const range = IDBKeyRange.bound(from, [session, []], true);
		const part = await db.getAll('results', range, OPEN_GROUP);
		if (part.length > 0) yield await openAll(guard, part);
		if (part.length < OPEN_GROUP) return;
		from = [session, part[part.length - 1].index];
	}
}

/** The paths of all files of a session. */
export async function readPaths(session: string): Promise<Set<string>> {
	const paths = new Set<string>();
	for await (const part of readResults(session)) for (const { path } of part) paths.add(path);
	return paths;
}

/** Some rows of a session, in the order asked for; those that are not there are left out. */
export async function readSome(
	session: string,
	indices: readonly number[]
): Promise<StoredResult[]> {
	const db = await database();
	const guard = await currentGuard(db);
	const { store } = db.transaction('results');
	const found = await Promise.all(indices.map((index) => store.get([session, index])));
	return openAll(
		guard,
		found.filter((record) => record !== undefined)
	);
}

async function openAll(guard: Guard, records: readonly AnyResult[]): Promise<StoredResult[]> {
	const results = await Promise.all(records.map((record) => openResult(guard, record)));
	return results.filter((result) => result !== null);
}

export async function renameSession(id: string, name: string): Promise<void> {
	await change(id, (session) => ({ ...session, name }));
}

/** Note that a file which the user saved holds all of a session. */
export async function markExported(id: string): Promise<void> {
	await change(id, (session) => ({ ...session, exported: true }));
}

/** Mark sessions as deleted, or take the mark away. Nothing is lost before `sweep`. */
export async function markDeleted(ids: readonly string[], deletedAt: string | null): Promise<void> {
	const transaction = (await database()).transaction('sessions', 'readwrite', STRICT);
	for (const id of ids) {
		const record = await transaction.store.get(id);
		if (record) await transaction.store.put({ ...record, deletedAt });
	}
	await transaction.done;
}

async function change(
	id: string,
	changed: (session: StoredSession) => StoredSession
): Promise<void> {
	const db = await database();
	await untilThrough(async () => {
		const guard = await currentGuard(db);
		const before = await db.get('sessions', id);
		const session = before && (await openSession(guard, before));
		if (!session) return true;
		const record = await sealSession(guard, changed(session));
		const transaction = db.transaction(['sessions', 'locks'], 'readwrite', STRICT);
		return allOrNone(transaction, async (add) => {
			const sessions = transaction.objectStore('sessions');
			const old = await sessions.get(id);
			const lock = await transaction.objectStore('locks').get('sessions');
			if (!isFor(guard, lock) || !isUntouched(before, old)) return false;
			add(sessions.put({ ...record, deletedAt: old?.deletedAt ?? null }));
			return true;
		});
	});
}

/**
 * Remove for good what was deleted until a moment, rows that belong to no session (a backup
 * that was not opened to its end), and manifests that nothing needs.
 * @param until ISO 8601.
 */
export async function sweep(until: string): Promise<void> {
	const transaction = (await database()).transaction(
		['sessions', 'results', 'folders', 'manifests'],
		'readwrite'
	);
	const sessions = transaction.objectStore('sessions');
	const all = await sessions.getAll();
	const isGone = ({ deletedAt }: AnySession) => deletedAt !== null && deletedAt <= until;
	for (const { id } of all.filter(isGone)) await sessions.delete(id);
	const left = all.filter((session) => !isGone(session));
	const ids = new Set(left.map(({ id }) => id));

	const results = transaction.objectStore('results');
	let cursor = await results.openKeyCursor();
	while (cursor) {
		const [session] = cursor.key;
		if (!ids.has(session)) await results.delete(rowsOf(session));
		// On to the next session, past all rows of this one.
		cursor = await results.openKeyCursor(IDBKeyRange.lowerBound([session, []], true));
	}
	const folders = transaction.objectStore('folders');
	for (const id of await folders.getAllKeys()) if (!ids.has(id)) await folders.delete(id);
	const used = new Set(left.map((record) => modelOf(record)?.join(' ')));
	const manifests = transaction.objectStore('manifests');
	for (const key of await manifests.getAllKeys()) {
		if (!used.has(key.join(' '))) await manifests.delete(key);
	}
	await transaction.done;
}
