import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
	closeDatabase,
	database,
	DATABASE_NAME,
	DATABASE_VERSION,
	readSetting,
	storageProblem,
	writeSetting
} from '../../../src/lib/storage/database';
import { EARLIER_VERSIONS } from '../fixtures/databases';
import { exampleManifest } from '../helpers/manifest';

beforeEach(async () => {
	// As a page that is loaded anew.
	await closeDatabase();
	vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

describe('the database', () => {
	it('is made from nothing with all its stores', async () => {
		const db = await database();
		expect([db.name, db.version]).toEqual([DATABASE_NAME, DATABASE_VERSION]);
		expect([...db.objectStoreNames]).toEqual([
			'choices',
			'files',
			'folders',
			'locks',
			'manifests',
			'models',
			'results',
			'sessions',
			'settings'
		]);
	});

	it('is opened once a page', async () => {
		expect(await database()).toBe(await database());
	});

	it('keeps everything when the page is loaded again', async () => {
		const db = await database();
		const manifest = exampleManifest();
		await db.put('models', { id: 'a', version: '1.0.0', manifest, storedAt: 'today' });
		await db.put('files', { sha256: 'f', bytes: Uint8Array.of(1, 2).buffer });
		await writeSetting('backend', 'wasm');

		await closeDatabase();
		const reopened = await database();
		expect(reopened).not.toBe(db);
		expect(await reopened.get('models', 'a')).toMatchObject({ manifest });
		expect(new Uint8Array((await reopened.get('files', 'f'))!.bytes)).toEqual(Uint8Array.of(1, 2));
		expect(await readSetting('backend')).toBe('wasm');
	});

	it('lets a newer Fieldlens in another tab change it', async () => {
		await database();
		const newer = await openDB(DATABASE_NAME, DATABASE_VERSION + 1);
		expect(newer.version).toBe(DATABASE_VERSION + 1);
		newer.close();
		// This page is too old now and says so when it needs the database again.
		await expect(database()).rejects.toMatchObject({ name: 'VersionError' });
	});

	it('that was cleared away by another tab is made anew', async () => {
		await writeSetting('theme', 'dark');
		await deleteDB(DATABASE_NAME);
		expect(await readSetting('theme')).toBeUndefined();
		await writeSetting('theme', 'light');
		expect(await readSetting('theme')).toBe('light');
	});

	it('is tried again after it could not be opened', async () => {
		const newer = await openDB(DATABASE_NAME, DATABASE_VERSION + 1);
		newer.close();
		await expect(database()).rejects.toMatchObject({ name: 'VersionError' });
		await deleteDB(DATABASE_NAME);
		expect((await database()).version).toBe(DATABASE_VERSION);
	});
});

describe('a database of an earlier version', () => {
	it('is known here for every version since 1.0.0', () => {
		const earlier = Array.from({ length: DATABASE_VERSION - 1 }, (_, i) => i + 1);
		expect(Object.keys(EARLIER_VERSIONS).map(Number)).toEqual(earlier);
	});

	it('keeps all it had', async () => {
		for (const { make, check } of Object.values(EARLIER_VERSIONS)) {
			await make();
			const db = await database();
			expect(db.version).toBe(DATABASE_VERSION);
			await check(db);
			await closeDatabase();
			await deleteDB(DATABASE_NAME);
		}
	});

	it('of a later version gets a sentence', async () => {
		(await openDB(DATABASE_NAME, DATABASE_VERSION + 1)).close();
		const error = await database().catch((thrown: unknown) => thrown);
		expect(storageProblem(error).code).toBe('storage-newer');
		expect(storageProblem(new DOMException('no', 'SecurityError')).code).toBe('storage-refused');
	});
});

describe('a setting', () => {
	it('that was never made is undefined', async () => {
		expect(await readSetting('backend')).toBeUndefined();
	});

	it('is the last one that was written', async () => {
		await writeSetting('backend', 'webgl');
		await writeSetting('backend', 'wasm');
		await writeSetting('theme', 'dark');
		expect(await readSetting('backend')).toBe('wasm');
		expect(await readSetting('theme')).toBe('dark');
	});

	it.each([
		['there is no storage at all', () => vi.stubGlobal('indexedDB', undefined)],
		[
			'storage is refused',
			() =>
				vi.stubGlobal('indexedDB', {
					open() {
						throw new DOMException('private window', 'SecurityError');
					}
				})
		]
	])('harms nobody where %s', async (_, refuse) => {
		refuse();
		await expect(writeSetting('backend', 'wasm')).resolves.toBeUndefined();
		expect(await readSetting('backend')).toBeUndefined();
	});
});
