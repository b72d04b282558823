/** Sessions in IndexedDB: writing what changed in one transaction, reading back, deleting. */
import { OPEN_GROUP } from '../limits';
import type { Manifest } from '../models/manifest';
import {
	database,
	type StoredManifest,
	type StoredResult,
	type StoredSession
} from '../storage/database';

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
	const transaction = db.transaction(['sessions', 'results', 'manifests'], 'readwrite', {
		durability: 'strict'
	});
	await allOrNone(transaction, async (add) => {
		const sessions = transaction.objectStore('sessions');
		const old = await sessions.get(session.id);
		for (const result of results) add(transaction.objectStore('results').put(result));
		const isKnown = old?.model?.id === manifest?.id && old?.model?.version === manifest?.version;
		if (manifest && !isKnown) {
			add(transaction.objectStore('manifests').put(storedManifest(manifest)));
		}
		const name = old?.name ?? session.name;
		add(sessions.put({ ...session, name, deletedAt: old?.deletedAt ?? null }));
	});
}

/** Whether an error says that there is no more room. */
export function isFull(error: unknown): boolean {
	return error instanceof DOMException && error.name === 'QuotaExceededError';
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
	const all = await (await database()).getAll('sessions');
	return all
		.filter(({ deletedAt }) => deletedAt === null)
		.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

/** One session with its model's manifest; null where it is not there (any more). */
export async function readSession(
	id: string
): Promise<{ session: StoredSession; manifest: Manifest | null } | null> {
	const db = await database();
	const session = await db.get('sessions', id);
	if (!session || session.deletedAt !== null) return null;
	const { model } = session;
	const kept = model && (await db.get('manifests', [model.id, model.version]));
	return { session, manifest: kept?.manifest ?? null };
}

/** The rows of a session in order, some hundred at a time. */
export async function* readResults(session: string): AsyncGenerator<StoredResult[]> {
	const db = await database();
	let from: IDBValidKey = [session];
	for (;;) {
		const range = IDBKeyRange.bound(from, [session, []], true);
		const part = await db.getAll('results', range, OPEN_GROUP);
		if (part.length > 0) yield part;
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
	const { store } = (await database()).transaction('results');
	const found = await Promise.all(indices.map((index) => store.get([session, index])));
	return found.filter((result) => result !== undefined);
}

export async function renameSession(id: string, name: string): Promise<void> {
	await change([id], (session) => ({ ...session, name }));
}

/** Note that a file which the user saved holds all of a session. */
export async function markExported(id: string): Promise<void> {
	await change([id], (session) => ({ ...session, exported: true }));
}

/** Mark sessions as deleted, or take the mark away. Nothing is lost before `sweep`. */
export async function markDeleted(ids: readonly string[], deletedAt: string | null): Promise<void> {
	await change(ids, (session) => ({ ...session, deletedAt }));
}

async function change(
	ids: readonly string[],
	changed: (session: StoredSession) => StoredSession
): Promise<void> {
	const transaction = (await database()).transaction('sessions', 'readwrite', {
		durability: 'strict'
	});
	for (const id of ids) {
		const session = await transaction.store.get(id);
		if (session) await transaction.store.put(changed(session));
	}
	await transaction.done;
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
	const isGone = ({ deletedAt }: StoredSession) => deletedAt !== null && deletedAt <= until;
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
	const used = new Set(left.map(({ model }) => model && `${model.id} ${model.version}`));
	const manifests = transaction.objectStore('manifests');
	for (const key of await manifests.getAllKeys()) {
		if (!used.has(key.join(' '))) await manifests.delete(key);
	}
	await transaction.done;
}

/** Which of these sessions are there, deleted ones included, and when each changed last. */
export async function knownSessions(): Promise<Map<string, string>> {
	const all = await (await database()).getAll('sessions');
	return new Map(all.map(({ id, changedAt }) => [id, changedAt]));
}

/** Write rows of sessions that are not in the list yet: nobody sees them. */
export async function writeResults(results: readonly StoredResult[]): Promise<void> {
	const transaction = (await database()).transaction('results', 'readwrite');
	await allOrNone(transaction, (add) => {
		for (const result of results) add(transaction.store.put(result));
	});
}

/** Put sessions whose rows are written into the list, with settings that are not made yet. */
export async function writeSessions(
	sessions: readonly StoredSession[],
	manifests: readonly StoredManifest[],
	settings: Readonly<Record<string, string>>
): Promise<void> {
	const transaction = (await database()).transaction(
		['sessions', 'manifests', 'settings'],
		'readwrite',
		{ durability: 'strict' }
	);
	await allOrNone(transaction, async (add) => {
		const made = transaction.objectStore('settings');
		const kept = transaction.objectStore('manifests');
		const names = new Set((await made.getAllKeys()).map(String));
		const known = new Set((await kept.getAllKeys()).map((key) => key.join(' ')));
		for (const session of sessions) add(transaction.objectStore('sessions').put(session));
		for (const manifest of manifests) {
			if (!known.has(`${manifest.id} ${manifest.version}`)) add(kept.put(manifest));
		}
		for (const [name, value] of Object.entries(settings)) {
			if (!names.has(name)) add(made.put(value, name));
		}
	});
}

/** All settings by name. */
export async function readSettings(): Promise<Record<string, string>> {
	const { store } = (await database()).transaction('settings');
	const [names, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
	return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

/** Keep what opens a session's folders again. @throws DOMException where it cannot be cloned. */
export async function keepFolders(session: string, handles: FileSystemHandle[]): Promise<void> {
	const all = await readFolders(session);
	for (const handle of handles) {
		const same = await Promise.all(all.map((known) => known.isSameEntry?.(handle)));
		// Twice the same folder would be twice the same images.
		if (!same.includes(true)) all.push(handle);
	}
	await (await database()).put('folders', { session, handles: all });
}

export async function readFolders(session: string): Promise<FileSystemHandle[]> {
	return (await (await database()).get('folders', session))?.handles ?? [];
}

/**
 * Do some writes in a transaction, all or none of them.
 * @param work hands over each write that it begins.
 * @throws what the transaction says, which knows the true reason (a full disk): a write often
 * knows only that it was aborted.
 */
async function allOrNone(
	transaction: { abort(): void; done: Promise<void> },
	work: (add: (write: Promise<unknown>) => void) => void | Promise<void>
): Promise<void> {
	const writes: Promise<unknown>[] = [];
	const write = async () => {
		await work((one) => {
			// Whatever becomes of it is asked below; until then it is no unhandled error.
			one.catch(() => undefined);
			writes.push(one);
		});
		await Promise.all(writes);
	};
	const outcomes = await Promise.allSettled([
		write().catch((error: unknown) => {
			// One that throws leaves the others standing: take them back.
			abort(transaction);
			throw error;
		}),
		transaction.done
	]);
	const reasons = outcomes.flatMap((outcome) =>
		outcome.status === 'rejected' ? [outcome.reason as unknown] : []
	);
	if (reasons.length > 0) throw reasons.find(isFull) ?? reasons[0];
}

function abort(transaction: { abort(): void }): void {
	try {
		transaction.abort();
	} catch {
		// It was aborted already, by what failed.
	}
}
