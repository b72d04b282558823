import { emptyStorage } from '../helpers/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import { OPEN_GROUP } from '../../../src/lib/base/limits';
import { isEncrypted, openBackup, saveBackup } from '../../../src/lib/sessions/backup';
import { knownSessions } from '../../../src/lib/sessions/backup-store';
import { convert } from '../../../src/lib/sessions/convert';
import { keepFolders, readFolders } from '../../../src/lib/sessions/kept-folders';
import { dropKey } from '../../../src/lib/sessions/keyring';
import { Passphrase } from '../../../src/lib/sessions/passphrase.svelte';
import { PATIENT_SECRET, secretSettings } from '../../../src/lib/sessions/secret-settings';
import {
	listSessions,
	markDeleted,
	markExported,
	readResults,
	readSession,
	readSome,
	renameSession,
	sweep,
	writeChanges
} from '../../../src/lib/sessions/store';
import { database, storageProblem } from '../../../src/lib/storage/database';
import type { StoredResult } from '../../../src/lib/sessions/stored';
import { FakeTabs } from '../helpers/tabs';
import { exampleManifest } from '../helpers/manifest';
import { storedResult, storedSession } from '../helpers/stored';

const WORDS = 'four words of it';
const manifest = exampleManifest();
const rounds = () => Promise.resolve(1000);
const FILM = storedResult('a', 0, {
	facts: {
		modality: 'DX',
		bodyPart: 'CHEST',
		view: 'AP',
		age: 4,
		patientId: '12345',
		patientName: 'Amina Diallo',
		birthDate: null,
		sex: null,
		studyDate: null,
		spacing: null,
		frames: 1,
		ownRange: false,
		origin: null
	}
});

const write = (id: string, results: StoredResult[], changes = {}) =>
	writeChanges({ session: storedSession(id, changes), results, manifest });
async function rowsOf(id: string): Promise<StoredResult[]> {
	const rows: StoredResult[] = [];
	for await (const part of readResults(id)) rows.push(...part);
	return rows;
}

/** All bytes of all records, as whoever opens the database sees them. */
async function raw(): Promise<string> {
	const db = await database();
	const texts: string[] = [];
	const walk = (value: unknown): void => {
		if (value instanceof ArrayBuffer) texts.push(Buffer.from(value).toString('latin1'));
		else if (ArrayBuffer.isView(value)) texts.push(Buffer.from(value.buffer).toString('latin1'));
		else if (typeof value === 'object' && value) Object.values(value).forEach(walk);
		else texts.push(String(value));
	};
	for (const store of ['sessions', 'results', 'folders', 'locks'] as const) {
		(await db.getAll(store)).forEach(walk);
	}
	return texts.join('\n');
}
async function forms(): Promise<string[]> {
	const db = await database();
	const all = [...(await db.getAll('sessions')), ...(await db.getAll('results'))];
	return all.map((record) => ('sealed' in record ? 'sealed' : 'plain'));
}

let tabs: FakeTabs;

/** A page that was loaded: it knows no key. */
async function freshPage(): Promise<Passphrase> {
	dropKey();
	const page = new Passphrase(tabs, rounds);
	await page.start();
	return page;
}
async function sealedPage(): Promise<Passphrase> {
	const page = await freshPage();
	expect(await page.set(WORDS, null)).toBeNull();
	return page;
}

beforeEach(async () => {
	dropKey();
	tabs = new FakeTabs();
	await emptyStorage();
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

describe('a passphrase', () => {
	it('makes all of every session unreadable but its keys', async () => {
		await write('a', [FILM]);
		expect(await raw()).toMatch(/film 0[^]*Amina Diallo[^]*Grüße/);
		const page = await sealedPage();
		expect(page.state).toBe('open');
		const db = await database();
		const [session] = await db.getAll('sessions');
		const [result] = await db.getAll('results');
		expect(Object.keys(session).sort()).toEqual(['deletedAt', 'id', 'sealed', 'uses']);
		expect(Object.keys(result).sort()).toEqual(['index', 'sealed', 'session']);
		for (const word of ['film', 'Amina', '12345', 'list a', 'abababab', 'Grüße', 'quoted', WORDS]) {
			expect(await raw()).not.toContain(word);
		}
		expect((await db.get('locks', 'sessions'))?.phase).toBe('sealed');
	});

	it('changes nothing for the page that has it', async () => {
		await write('a', [FILM]);
		await sealedPage();
		expect(await rowsOf('a')).toEqual([FILM]);
		expect(await readSession('a')).toEqual({ session: storedSession('a'), manifest });
		expect(await listSessions()).toEqual([storedSession('a')]);
		expect(await readSome('a', [0, 7])).toEqual([FILM]);
		expect([...(await knownSessions())]).toEqual([['a', storedSession('a').changedAt]]);
	});

	it('seals what comes later', async () => {
		await sealedPage();
		await write('a', [FILM, storedResult('a', 1)]);
		await renameSession('a', 'Ward 3');
		await markExported('a');
		await write('a', [storedResult('a', 2)], { finished: 2 });
		expect(await forms()).toEqual(Array(4).fill('sealed'));
		expect((await readSession('a'))?.session).toMatchObject({ name: 'Ward 3', finished: 2 });
		expect(await rowsOf('a')).toHaveLength(3);
		expect(await raw()).not.toContain('Ward');
	});

	it('locks a page that is loaded again, and the right one opens it', async () => {
		await write('a', [FILM]);
		await sealedPage();
		const page = await freshPage();
		expect(page.state).toBe('locked');
		const error = await listSessions().catch((thrown: unknown) => thrown);
		expect(storageProblem(error).code).toBe('storage-locked');
		await expect(rowsOf('a')).rejects.toMatchObject({ name: 'LockedError' });
		expect(await page.unlock('five words of it')).toMatchObject({ code: 'passphrase-wrong' });
		expect(page.state).toBe('locked');
		expect(await page.unlock(WORDS)).toBeNull();
		expect(page.state).toBe('open');
		expect(await rowsOf('a')).toEqual([FILM]);
	});

	it('lets nobody write who does not know it', async () => {
		await sealedPage();
		await freshPage();
		await expect(write('a', [FILM])).rejects.toMatchObject({ name: 'LockedError' });
		expect(await forms()).toEqual([]);
	});

	it('is changed without touching a record', async () => {
		await write('a', [FILM]);
		const page = await sealedPage();
		const before = await (await database()).getAll('results');
		expect(await page.change('wrong', 'another one')).toMatchObject({ code: 'passphrase-wrong' });
		expect(await page.change(WORDS, 'another one')).toBeNull();
		expect(await (await database()).getAll('results')).toEqual(before);
		await write('a', [storedResult('a', 1)]);
		const again = await freshPage();
		expect(await again.unlock(WORDS)).toMatchObject({ code: 'passphrase-wrong' });
		expect(await again.unlock('another one')).toBeNull();
		expect(await rowsOf('a')).toHaveLength(2);
	});

	it('is removed, and all is as it was', async () => {
		await write('a', [FILM, storedResult('a', 1)]);
		const page = await sealedPage();
		expect(await page.remove()).toBeNull();
		expect(page.state).toBe('none');
		expect(await forms()).toEqual(['plain', 'plain', 'plain']);
		expect((await freshPage()).state).toBe('none');
		expect(await rowsOf('a')).toEqual([FILM, storedResult('a', 1)]);
		expect(await (await database()).count('locks')).toBe(0);
	});

	it('takes the handles of folders away, and lets none be kept', async () => {
		await write('a', []);
		expect(await keepFolders('a', [{ name: 'Ward 3' }] as FileSystemHandle[])).toBe(true);
		await sealedPage();
		expect(await readFolders('a')).toEqual([]);
		expect(await keepFolders('a', [{ name: 'Ward 3' }] as FileSystemHandle[])).toBe(false);
		expect(await readFolders('a')).toEqual([]);
	});

	it('is not set while another tab works on a list, whose results could not be kept', async () => {
		await write('a', []);
		await tabs.locks.claimSession('a');
		const page = await freshPage();
		expect(await page.set(WORDS, null)).toMatchObject({ code: 'passphrase-elsewhere' });
		expect(page.state).toBe('none');
		expect(await page.set(WORDS, 'a')).toBeNull();
	});

	describe('of a backup', () => {
		const id = 'a'.repeat(32);

		/** Sessions under a passphrase, their backup, and a device without them. */
		async function backedUp(): Promise<Blob> {
			await write(id, [{ ...FILM, session: id }, storedResult(id, 1)]);
			await sealedPage();
			const file = await saveBackup(true);
			dropKey();
			await emptyStorage();
			return file;
		}
		const lines = async (file: Blob) => (await file.text()).trim().split('\n');
		const again = (all: readonly string[]) => new Blob([`${all.join('\n')}\n`]);

		it('makes it unreadable without it, and opens it with it on another device', async () => {
			const file = await backedUp();
			expect(await isEncrypted(file)).toBe(true);
			for (const word of ['film', 'Amina', '12345', 'list a', 'Grüße', 'result', WORDS]) {
				expect(await file.text()).not.toContain(word);
			}
			expect(await openBackup(file, tabs.locks, undefined, 'other words')).toMatchObject({
				ok: false,
				problem: { code: 'passphrase-wrong' }
			});
			expect(await listSessions()).toEqual([]);
			expect(await openBackup(file, tabs.locks, undefined, WORDS)).toMatchObject({
				ok: true,
				value: { added: 1 }
			});
			expect(await forms()).toEqual(['plain', 'plain', 'plain']);
			expect((await rowsOf(id))[0].facts?.patientName).toBe('Amina Diallo');
		});

		it('refuses one whose lines were changed, moved, left out or taken from another', async () => {
			const file = await backedUp();
			const all = await lines(file);
			const other = await lines(await backedUp());
			const flipped = all[3].startsWith('A') ? `B${all[3].slice(1)}` : `A${all[3].slice(1)}`;
			const spoiled = [
				[...all.slice(0, 3), flipped, ...all.slice(4)],
				[...all.slice(0, 3), all[4], all[3], ...all.slice(5)],
				[...all.slice(0, 3), ...all.slice(4)],
				[...all.slice(0, 3), other[3], ...all.slice(4)],
				all.slice(0, -1)
			];
			await emptyStorage();
			for (const one of spoiled) {
				expect(await openBackup(again(one), tabs.locks, undefined, WORDS)).toMatchObject({
					ok: false
				});
				expect(await listSessions()).toEqual([]);
			}
		});

		it('is none of a backup that was saved without one, which opens as it is and is sealed here', async () => {
			await write(id, [storedResult(id, 0)]);
			const file = await saveBackup(false);
			expect(await isEncrypted(file)).toBe(false);
			expect(await file.text()).toContain('film 0.jpg');
			await markDeleted([id], '2026-11-21T12:00:00.000Z');
			await sweep('2026-11-21T12:00:00.000Z');
			const page = await sealedPage();
			expect(await openBackup(file, tabs.locks)).toMatchObject({ ok: true, value: { added: 1 } });
			expect(await forms()).toEqual(['sealed', 'sealed']);
			expect(await rowsOf(id)).toEqual([storedResult(id, 0)]);
			expect(page.state).toBe('open');
		});
	});

	describe('and the secret of replacement numbers', () => {
		const SECRET = 'c2VjcmV0IG9mIGEgZGV2aWNl';
		const kept = async () => (await database()).get('settings', PATIENT_SECRET);

		it('seals it, gives it to the page that has the key, and leaves it plain when it goes', async () => {
			await secretSettings.write(PATIENT_SECRET, SECRET);
			expect(await kept()).toBe(SECRET);
			const page = await sealedPage();
			expect(await kept()).not.toContain(SECRET);
			expect(await secretSettings.read(PATIENT_SECRET)).toBe(SECRET);
			await freshPage();
			await expect(secretSettings.read(PATIENT_SECRET)).rejects.toThrow('locked');
			expect(await page.unlock(WORDS)).toBeNull();
			expect(await page.remove()).toBeNull();
			expect(await kept()).toBe(SECRET);
		});

		it('seals one that is made later, keeps it from backups, and takes it along when it is lost', async () => {
			await sealedPage();
			await secretSettings.write(PATIENT_SECRET, SECRET);
			expect(await kept()).not.toContain(SECRET);
			const file = await saveBackup(true);
			const page = await freshPage();
			expect(await page.forget()).toBeNull();
			expect(await kept()).toBeUndefined();
			expect(await openBackup(file, tabs.locks, undefined, WORDS)).toMatchObject({ ok: true });
			expect(await kept()).toBeUndefined();
		});
	});

	it('that is forgotten is gone with what it locked, and nothing else', async () => {
		await write('a', [FILM]);
		await sealedPage();
		const page = await freshPage();
		expect(await page.forget()).toBeNull();
		expect(page.state).toBe('none');
		expect(await forms()).toEqual([]);
		await write('b', [storedResult('b', 0)]);
		expect(await forms()).toEqual(['plain', 'plain']);
	});
});

describe('deleting while sessions are locked', () => {
	it('still ends after its time, and leaves the others', async () => {
		await write('a', [FILM]);
		await write('b', [storedResult('b', 0)]);
		await sealedPage();
		await markDeleted(['a'], '2026-11-21T12:00:00.000Z');
		const page = await freshPage();
		await sweep('2026-11-21T12:00:00.000Z');
		await page.unlock(WORDS);
		expect((await listSessions()).map(({ id }) => id)).toEqual(['b']);
		expect(await rowsOf('a')).toEqual([]);
		expect(await rowsOf('b')).toHaveLength(1);
		expect((await readSession('b'))?.manifest).toEqual(manifest);
	});

	it('can be undone', async () => {
		await write('a', [FILM]);
		await sealedPage();
		await markDeleted(['a'], '2026-11-21T12:00:00.000Z');
		expect(await listSessions()).toEqual([]);
		await markDeleted(['a'], null);
		expect(await listSessions()).toEqual([storedSession('a')]);
	});
});

describe('a change of all records that is interrupted', () => {
	const COUNT = 2 * OPEN_GROUP + 3;
	const rows = Array.from({ length: COUNT }, (_, i) => storedResult('a', i));

	/** The power goes after so many writing transactions. */
	function cutAfter(transactions: number) {
		const begin = IDBDatabase.prototype.transaction;
		let count = 0;
		vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
			this: IDBDatabase,
			...args: Parameters<IDBDatabase['transaction']>
		) {
			if (args[1] === 'readwrite' && ++count > transactions) {
				throw new DOMException('The power is gone.', 'AbortError');
			}
			return begin.apply(this, args);
		});
	}

	it.each([1, 2, 3, 4])(
		'leaves every record readable, and goes on: sealing, %i',
		async (writes) => {
			await write('a', rows);
			const page = await freshPage();
			cutAfter(writes);
			await page.set(WORDS, null);
			expect(page.problem?.code).toBe('passphrase-unfinished');
			vi.restoreAllMocks();

			const again = await freshPage();
			expect(again.state).toBe('locked');
			expect(await again.unlock(WORDS)).toBeNull();
			expect(await rowsOf('a')).toEqual(rows);
			await soon(async () =>
				expect((await (await database()).get('locks', 'sessions'))?.phase).toBe('sealed')
			);
			expect(new Set(await forms())).toEqual(new Set(['sealed']));
			expect(await rowsOf('a')).toEqual(rows);
		}
	);

	it.each([1, 2, 3, 4])(
		'leaves every record readable, and goes on: opening, %i',
		async (writes) => {
			await write('a', rows);
			const page = await sealedPage();
			cutAfter(writes);
			await page.remove();
			expect(page.problem?.code).toBe('passphrase-unfinished');
			vi.restoreAllMocks();

			const again = await freshPage();
			expect(again.state).toBe('locked');
			expect(await again.unlock(WORDS)).toBeNull();
			expect(await rowsOf('a')).toEqual(rows);
			await soon(() => expect(again.state).toBe('none'));
			expect(new Set(await forms())).toEqual(new Set(['plain']));
			expect(await rowsOf('a')).toEqual(rows);
		}
	);

	it('tears nothing that is written meanwhile', async () => {
		await write('a', rows);
		const page = await freshPage();
		const setting = page.set(WORDS, null);
		await soon(() => expect(page.state).toBe('open'));
		const late = storedResult('a', 5, { probability: 0.5 });
		await write('a', [late]);
		await renameSession('a', 'Ward 3');
		await setting;
		expect((await rowsOf('a'))[5]).toEqual(late);
		expect((await listSessions())[0].name).toBe('Ward 3');
		expect(new Set(await forms())).toEqual(new Set(['sealed']));
	});

	it('says how far it is', async () => {
		await write('a', rows);
		const page = await freshPage();
		cutAfter(1);
		await page.set(WORDS, null);
		vi.restoreAllMocks();
		const seen: number[] = [];
		await convert((done, total) => {
			expect(total).toBe(COUNT + 1);
			seen.push(done);
		});
		expect(seen.at(-1)).toBe(COUNT + 1);
	});
});

describe('a damaged record', () => {
	it('is left out, and the others are read', async () => {
		await write(
			'a',
			[0, 1, 2].map((index) => storedResult('a', index))
		);
		await sealedPage();
		const db = await database();
		const record = await db.get('results', ['a', 1]);
		if (!record || !('sealed' in record)) throw new Error('It is not sealed.');
		new Uint8Array(record.sealed.data)[9] ^= 1;
		await db.put('results', record);
		expect((await rowsOf('a')).map(({ index }) => index)).toEqual([0, 2]);
	});

	it('is not read in the place of another', async () => {
		await write(
			'a',
			[0, 1].map((index) => storedResult('a', index))
		);
		await sealedPage();
		const db = await database();
		const record = await db.get('results', ['a', 1]);
		await db.put('results', { ...record!, index: 0 });
		expect((await rowsOf('a')).map(({ index }) => index)).toEqual([1]);
	});
});
