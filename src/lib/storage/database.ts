/** The one IndexedDB schema and its migrations. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Manifest } from '../models/manifest';
import { detailOf, problem, type Problem } from '../problems/problems';
import type { Corners } from '../pixels/corners';
import type { ImageFacts } from '../formats/facts';
import type { Review } from '../review/review';
import type { FileFingerprint } from '../intake/fingerprint';
import type { Sealed, WrappedKey } from '../sessions/seal';

export const DATABASE_NAME = 'fieldlens';
/** Name of the DOMException where sessions are sealed and this page has no key. */
export const LOCKED = 'LockedError';
export const DATABASE_VERSION = 3;

/** A model package whose files are all in `files`. */
export interface StoredModel {
	id: string;
	version: string;
	manifest: Manifest;
	/** When the last file was stored, ISO 8601. */
	storedAt: string;
}

/** One file of a package, found by its content, so that versions share what is equal. */
export interface StoredFile {
	sha256: string;
	bytes: ArrayBuffer;
}

/** Which way of reading was fastest on this device for one version of a model. */
export interface StoredChoice {
	/** Model id, version and device. */
	key: string;
	backend: string;
	reason: string;
	millisecondsPerImage: number;
	measuredAt: string;
}

/** What the list of sessions shows of one; small, its rows are in `results`. */
export interface StoredSession {
	id: string;
	/** The folder's name, until the user gives another. */
	name: string;
	/** ISO 8601. */
	startedAt: string;
	changedAt: string;
	task: string | null;
	/** What read it; its manifest is in `manifests`. Null before a model was there. */
	/** The network's id is kept for the model's name, in a language that is chosen later. */
	model: { id: string; version: string; network: string } | null;
	/** Id of the operating point in force. */
	point: string;
	/** Files in all, and those that need no more work. */
	total: number;
	finished: number;
	/** How many rows each filter of the list would show, by the filter's name. */
	counts: Record<string, number>;
	/** About what its rows take, bytes. */
	bytes: number;
	/** Whether a file that the user saved holds all of it. */
	exported: boolean;
	/** When the user deleted it, ISO 8601: it goes for good a little later. */
	deletedAt: string | null;
}

/**
 * One row of a session: what `Row` holds, but for what a page makes anew (`screening/kept-row.ts`).
 * A field that a later version adds to `Row` is kept as it is, if it can be cloned.
 */
export interface StoredResult {
	session: string;
	/** Its place in the list; with `session` the key. */
	index: number;
	path: string;
	file: FileFingerprint | null;
	status: 'waiting' | 'done' | 'failed' | 'left-out' | 'stopped';
	probability: number | null;
	distance: number | null;
	map: Uint8Array | null;
	/** A JPEG. Bytes, not a Blob: Safari has lost Blobs that were kept. */
	thumbnail: ArrayBuffer | null;
	width: number;
	height: number;
	backend: string;
	time: string;
	problem: Problem | null;
	facts: ImageFacts | null;
	overruled: boolean;
	/** Absent in rows that were kept before films could be marked. */
	corners?: Corners | null;
	review: Review | null;
}

/** A session under the passphrase: what upkeep needs of it stays readable. */
export interface SealedSession extends Pick<StoredSession, 'id' | 'deletedAt'> {
	/** Id and version of its model, as the key of `manifests` has them; null where it has none. */
	uses: [string, string] | null;
	sealed: Sealed;
}

/** A row under the passphrase: its key stays readable. */
export interface SealedResult extends Pick<StoredResult, 'session' | 'index'> {
	sealed: Sealed;
}

/** The key under which sessions are sealed, itself under the passphrase. */
export interface StoredLock extends WrappedKey {
	id: 'sessions';
	/** Which key it is: another passphrase has the same, another lock has not. */
	key: string;
	/**
	 * `sealing`: new records are sealed, some old ones are not yet; `opening`: new records are
	 * plain, some old ones are not yet. A record says itself what it is.
	 */
	phase: 'sealing' | 'sealed' | 'opening';
}

/** Folders and files that the browser gave a session, where it can open them again by itself. */
export interface StoredFolders {
	session: string;
	handles: FileSystemHandle[];
}

/** The manifest of a version that made kept results: they are shown without the model. */
export interface StoredManifest {
	id: string;
	version: string;
	manifest: Manifest;
}

interface Schema extends DBSchema {
	models: { key: string; value: StoredModel };
	files: { key: string; value: StoredFile };
	choices: { key: string; value: StoredChoice };
	settings: { key: string; value: string };
	sessions: { key: string; value: StoredSession | SealedSession };
	results: { key: [string, number]; value: StoredResult | SealedResult };
	folders: { key: string; value: StoredFolders };
	manifests: { key: [string, string]; value: StoredManifest };
	locks: { key: string; value: StoredLock };
}

export type Database = IDBPDatabase<Schema>;

let opened: Promise<Database> | undefined;

/**
 * The database, opened once a page.
 * @throws DOMException where the browser refuses storage (private windows, policies), or a
 * newer Fieldlens wrote it (`VersionError`); see `storageProblem`.
 */
export function database(): Promise<Database> {
	opened ??= openDB<Schema>(DATABASE_NAME, DATABASE_VERSION, {
		upgrade(db, from) {
			// Each step takes the database of the version before as it is; none is ever changed.
			if (from < 1) {
				db.createObjectStore('models', { keyPath: 'id' });
				db.createObjectStore('files', { keyPath: 'sha256' });
				db.createObjectStore('choices', { keyPath: 'key' });
				db.createObjectStore('settings');
			}
			if (from < 2) {
				db.createObjectStore('sessions', { keyPath: 'id' });
				db.createObjectStore('results', { keyPath: ['session', 'index'] });
				db.createObjectStore('folders', { keyPath: 'session' });
				db.createObjectStore('manifests', { keyPath: ['id', 'version'] });
			}
			if (from < 3) db.createObjectStore('locks', { keyPath: 'id' });
		},
		blocking(_current, _blocked, event) {
			// Another tab brings a newer schema: let it, this page reopens on its next call.
			(event.target as IDBDatabase).close();
			opened = undefined;
		},
		terminated() {
			opened = undefined;
		}
	}).catch((error: unknown) => {
		opened = undefined;
		throw error;
	});
	return opened;
}

/** Why storage could not be opened or read, for the user. */
export function storageProblem(error: unknown): Problem {
	const name = error instanceof DOMException ? error.name : '';
	if (name === 'VersionError') return problem('storage-newer');
	if (name === LOCKED) return problem('storage-locked');
	return problem('storage-refused', { detail: detailOf(error) });
}

/** A setting, or undefined where there is none or no storage. */
export async function readSetting(name: string): Promise<string | undefined> {
	try {
		return await (await database()).get('settings', name);
	} catch {
		return undefined;
	}
}

/** Keep a setting; without storage it lasts as long as the page. */
export async function writeSetting(name: string, value: string): Promise<void> {
	try {
		await (await database()).put('settings', value, name);
	} catch {
		// A lost preference harms nobody; the page says elsewhere that storage is refused.
	}
}
