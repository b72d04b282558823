import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BYTES, EARLIER_VERSIONS, RESULT, SESSION } from '../fixtures/databases';
import { exampleManifest } from '../helpers/manifest';

type Storage = typeof import('../../../src/lib/storage/database');

/** The module as a freshly loaded page has it. */
async function freshPage(): Promise<Storage> {
	vi.resetModules();
	return import('../../../src/lib/storage/database');
}

beforeEach(() => {
	vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

describe('the database', () => {
	it('is made from nothing with all its stores', async () => {
		const { database, DATABASE_NAME, DATABASE_VERSION } = await freshPage();
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
		const { database } = await freshPage();
		expect(await database()).toBe(await database());
	});

	it('keeps everything when the page is loaded again', async () => {
		const first = await freshPage();
		const db = await first.database();
		const manifest = exampleManifest();
		await db.put('models', { id: 'a', version: '1.0.0', manifest, storedAt: 'today' });
		await db.put('files', { sha256: 'f', bytes: Uint8Array.of(1, 2).buffer });
		await first.writeSetting('backend', 'wasm');

		const again = await freshPage();
		const reopened = await again.database();
		expect(reopened).not.toBe(db);
		expect(await reopened.get('models', 'a')).toMatchObject({ manifest });
		expect(new Uint8Array((await reopened.get('files', 'f'))!.bytes)).toEqual(Uint8Array.of(1, 2));
		expect(await again.readSetting('backend')).toBe('wasm');
	});

	it('lets a newer Fieldlens in another tab change it', async () => {
		const { database, DATABASE_NAME, DATABASE_VERSION } = await freshPage();
		await database();
		const newer = await openDB(DATABASE_NAME, DATABASE_VERSION + 1);
		expect(newer.version).toBe(DATABASE_VERSION + 1);
		newer.close();
		// This page is too old now and says so when it needs the database again.
		await expect(database()).rejects.toMatchObject({ name: 'VersionError' });
	});

	it('that was cleared away by another tab is made anew', async () => {
		const page = await freshPage();
		await page.writeSetting('theme', 'dark');
		await deleteDB(page.DATABASE_NAME);
		expect(await page.readSetting('theme')).toBeUndefined();
		await page.writeSetting('theme', 'light');
		expect(await page.readSetting('theme')).toBe('light');
	});

	it('is tried again after it could not be opened', async () => {
		const { database, DATABASE_NAME, DATABASE_VERSION } = await freshPage();
		const newer = await openDB(DATABASE_NAME, DATABASE_VERSION + 1);
		newer.close();
		await expect(database()).rejects.toMatchObject({ name: 'VersionError' });
		await deleteDB(DATABASE_NAME);
		expect((await database()).version).toBe(DATABASE_VERSION);
	});
});

describe('a database of an earlier version', () => {
	it('is known here for every version that there was', async () => {
		const { DATABASE_VERSION } = await freshPage();
		const earlier = Array.from({ length: DATABASE_VERSION - 1 }, (_, i) => i + 1);
		expect(Object.keys(EARLIER_VERSIONS).map(Number)).toEqual(earlier);
	});

	it.each(Object.entries(EARLIER_VERSIONS))('%s keeps all it had', async (version, make) => {
		await make();
		const { database, DATABASE_VERSION, readSetting } = await freshPage();
		const db = await database();
		expect(db.version).toBe(DATABASE_VERSION);
		expect(await db.get('models', 'example')).toMatchObject({ manifest: exampleManifest() });
		expect(new Uint8Array((await db.get('files', 'abc'))!.bytes)).toEqual(BYTES);
		expect(await db.get('choices', 'example 1.2.3 device')).toMatchObject({ backend: 'wasm' });
		expect(await readSetting('theme')).toBe('dark');
		const hasSessions = Number(version) >= 2;
		expect(await db.getAll('sessions')).toEqual(hasSessions ? [SESSION] : []);
		expect(await db.getAll('results')).toEqual(hasSessions ? [RESULT] : []);
		expect(await db.count('folders')).toBe(hasSessions ? 1 : 0);
		expect(await db.count('manifests')).toBe(hasSessions ? 1 : 0);
		expect(await db.count('locks')).toBe(0);
	});

	it('of a later version gets a sentence', async () => {
		const { database, storageProblem, DATABASE_NAME, DATABASE_VERSION } = await freshPage();
		(await openDB(DATABASE_NAME, DATABASE_VERSION + 1)).close();
		const error = await database().catch((thrown: unknown) => thrown);
		expect(storageProblem(error).code).toBe('storage-newer');
		expect(storageProblem(new DOMException('no', 'SecurityError')).code).toBe('storage-refused');
	});
});

describe('a setting', () => {
	it('that was never made is undefined', async () => {
		expect(await (await freshPage()).readSetting('backend')).toBeUndefined();
	});

	it('is the last one that was written', async () => {
		const { readSetting, writeSetting } = await freshPage();
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
		const { readSetting, writeSetting } = await freshPage();
		await expect(writeSetting('backend', 'wasm')).resolves.toBeUndefined();
		expect(await readSetting('backend')).toBeUndefined();
	});
});
