/** The one IndexedDB schema and its migrations. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Manifest } from '../models/manifest';

export const DATABASE_NAME = 'fieldlens';
export const DATABASE_VERSION = 1;

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

interface Schema extends DBSchema {
	models: { key: string; value: StoredModel };
	files: { key: string; value: StoredFile };
	choices: { key: string; value: StoredChoice };
	settings: { key: string; value: string };
}

export type Database = IDBPDatabase<Schema>;

let opened: Promise<Database> | undefined;

/**
 * The database, opened once a page.
 * @throws DOMException where the browser refuses storage (private windows, policies).
 */
export function database(): Promise<Database> {
	opened ??= openDB<Schema>(DATABASE_NAME, DATABASE_VERSION, {
		upgrade(db, from) {
			if (from < 1) {
				db.createObjectStore('models', { keyPath: 'id' });
				db.createObjectStore('files', { keyPath: 'sha256' });
				db.createObjectStore('choices', { keyPath: 'key' });
				db.createObjectStore('settings');
			}
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
