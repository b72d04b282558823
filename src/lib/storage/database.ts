/** The one IndexedDB schema and its migrations. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Settings } from '../base/settings';
import { detailOf, problem, type Problem } from '../problems/problems';

export const DATABASE_NAME = 'fieldlens';
/** Name of the DOMException where sessions are sealed and this page has no key. */
export const LOCKED = 'LockedError';
/** 1 is what 1.0.0 stores, the first version that was released. */
export const DATABASE_VERSION = 1;

/**
 * The object stores. Each room declares the records that it keeps (`declare module`), beside the
 * code that reads and writes them.
 * @public
 */
export interface Schema extends DBSchema {
	settings: { key: string; value: string };
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
			if (from < 1) createFirstStores(db as unknown as IDBPDatabase);
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

/** Close the connection: the next call opens another, as a page that is loaded anew does. */
export async function closeDatabase(): Promise<void> {
	const closing = opened;
	opened = undefined;
	(await closing?.catch(() => undefined))?.close();
}

/** The stores of version 1. */
function createFirstStores(db: IDBPDatabase): void {
	db.createObjectStore('models', { keyPath: 'id' });
	db.createObjectStore('files', { keyPath: 'sha256' });
	db.createObjectStore('choices', { keyPath: 'key' });
	db.createObjectStore('settings');
	db.createObjectStore('sessions', { keyPath: 'id' });
	db.createObjectStore('results', { keyPath: ['session', 'index'] });
	db.createObjectStore('folders', { keyPath: 'session' });
	db.createObjectStore('manifests', { keyPath: ['id', 'version'] });
	db.createObjectStore('locks', { keyPath: 'id' });
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

/** Settings in the database. */
export const storedSettings: Settings = { read: readSetting, write: writeSetting };
