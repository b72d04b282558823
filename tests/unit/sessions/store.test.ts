import { emptyStorage, failWrites } from '../helpers/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OPEN_GROUP } from '../../../src/lib/base/limits';
import { keepFolders, readFolders } from '../../../src/lib/sessions/kept-folders';
import {
	listSessions,
	markDeleted,
	readPaths,
	readResults,
	readSession,
	readSome,
	renameSession,
	sweep,
	writeChanges
} from '../../../src/lib/sessions/store';
import { database } from '../../../src/lib/storage/database';
import type { StoredResult } from '../../../src/lib/sessions/stored';
import { exampleManifest } from '../helpers/manifest';
import { storedResult, storedSession, waitingResult } from '../helpers/stored';

const manifest = exampleManifest();
const write = (id: string, results: StoredResult[], changes = {}) =>
	writeChanges({ session: storedSession(id, changes), results, manifest });
async function rowsOf(id: string): Promise<StoredResult[]> {
	const rows: StoredResult[] = [];
	for await (const part of readResults(id)) rows.push(...part);
	return rows;
}

beforeEach(emptyStorage);
afterEach(() => vi.restoreAllMocks());

describe('a kept session', () => {
	it('is read back as it was written', async () => {
		const rows = [storedResult('a', 0), waitingResult('a', 1)];
		await write('a', rows);
		expect(await readSession('a')).toEqual({ session: storedSession('a'), manifest });
		expect(await rowsOf('a')).toEqual(rows);
	});

	it('of more rows than are read at a time is whole and in order', async () => {
		const rows = Array.from({ length: 2 * OPEN_GROUP + 7 }, (_, i) => waitingResult('a', i));
		await write('a', rows);
		await write('b', [waitingResult('b', 0)]);
		expect((await rowsOf('a')).map(({ index }) => index)).toEqual(rows.map(({ index }) => index));
		expect(await rowsOf('b')).toHaveLength(1);
		expect((await readPaths('a')).size).toBe(rows.length);
	});

	it('gives some rows, those that it has', async () => {
		await write('a', [waitingResult('a', 0), storedResult('a', 1)]);
		expect((await readSome('a', [1, 5, 0])).map(({ index }) => index)).toEqual([1, 0]);
	});

	it('is written to the disk, not to a cache', async () => {
		const begin = vi.spyOn(IDBDatabase.prototype, 'transaction');
		await write('a', []);
		const writes = begin.mock.calls.filter(([, mode]) => mode === 'readwrite');
		expect(writes.map(([, , options]) => options)).toEqual([{ durability: 'strict' }]);
	});

	it('keeps the name that it was given elsewhere while it grows', async () => {
		await write('a', []);
		await renameSession('a', 'Ward 3');
		await write('a', [], { finished: 2 });
		expect((await readSession('a'))?.session).toMatchObject({ name: 'Ward 3', finished: 2 });
	});

	it('stands in the list, the newest first', async () => {
		await write('old', [], { startedAt: '2026-11-01T00:00:00.000Z' });
		await write('new', [], { startedAt: '2026-11-21T00:00:00.000Z' });
		expect((await listSessions()).map(({ id }) => id)).toEqual(['new', 'old']);
	});

	it('remembers the folders that can be opened again', async () => {
		await write('a', []);
		await keepFolders('a', [{ name: 'one' }] as FileSystemHandle[]);
		await keepFolders('a', [{ name: 'two' }] as FileSystemHandle[]);
		expect((await readFolders('a')).map(({ name }) => name)).toEqual(['one', 'two']);
		expect(await readFolders('b')).toEqual([]);
	});
});

describe('a write that fails on the way', () => {
	it('leaves nothing of itself, and all that was there before', async () => {
		await write('a', [storedResult('a', 0)]);
		const put = IDBObjectStore.prototype.put;
		let puts = 0;
		vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
			this: IDBObjectStore,
			...args: Parameters<IDBObjectStore['put']>
		) {
			if (++puts === 3) throw new DOMException('full', 'QuotaExceededError');
			return put.apply(this, args);
		});
		const torn = write(
			'a',
			[1, 2, 3].map((index) => storedResult('a', index)),
			{ finished: 9 }
		);
		await expect(torn).rejects.toMatchObject({ name: 'QuotaExceededError' });
		vi.restoreAllMocks();
		expect(await rowsOf('a')).toEqual([storedResult('a', 0)]);
		expect((await readSession('a'))?.session.finished).toBe(1);
	});

	it('says why', async () => {
		failWrites('QuotaExceededError');
		await expect(write('a', [storedResult('a', 0)])).rejects.toMatchObject({
			name: 'QuotaExceededError'
		});
	});
});

describe('deleting', () => {
	it('hides a session, and undoing it brings everything back', async () => {
		await write('a', [storedResult('a', 0)]);
		await markDeleted(['a'], '2026-11-21T12:00:00.000Z');
		expect(await listSessions()).toEqual([]);
		expect(await readSession('a')).toBeNull();
		await sweep('2026-11-21T11:59:59.000Z');
		await markDeleted(['a'], null);
		expect(await readSession('a')).toMatchObject({ session: storedSession('a') });
		expect(await rowsOf('a')).toEqual([storedResult('a', 0)]);
	});

	it('is for good after a while, and touches no other session', async () => {
		await write('a', [storedResult('a', 0), waitingResult('a', 1)]);
		await write('b', [storedResult('b', 0)]);
		await keepFolders('a', [{ name: 'one' }] as FileSystemHandle[]);
		await markDeleted(['a'], '2026-11-21T12:00:00.000Z');
		await sweep('2026-11-21T12:00:00.000Z');
		await markDeleted(['a'], null);
		expect(await readSession('a')).toBeNull();
		expect(await rowsOf('a')).toEqual([]);
		expect(await readFolders('a')).toEqual([]);
		expect(await rowsOf('b')).toHaveLength(1);
		expect((await readSession('b'))?.manifest).toEqual(manifest);
	});

	it('of the last session of a model takes its manifest along', async () => {
		await write('a', []);
		await markDeleted(['a'], '2026-11-21T12:00:00.000Z');
		await sweep('2026-11-21T12:00:00.000Z');
		expect(await (await database()).count('manifests')).toBe(0);
	});

	it('of a session that grows in another tab holds', async () => {
		await write('a', []);
		await markDeleted(['a'], '2026-11-21T12:00:00.000Z');
		await write('a', [storedResult('a', 0)]);
		expect(await listSessions()).toEqual([]);
	});

	it('takes rows along that belong to no session', async () => {
		const db = await database();
		await db.put('results', storedResult('nobody', 0));
		await write('a', [storedResult('a', 0)]);
		await sweep('');
		expect(await rowsOf('nobody')).toEqual([]);
		expect(await rowsOf('a')).toHaveLength(1);
	});
});
