import { emptyStorage } from '../helpers/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import { UNDO_MS } from '../../../src/lib/base/limits';
import { KeptSessions } from '../../../src/lib/sessions/sessions.svelte';
import { writeChanges } from '../../../src/lib/sessions/store';
import { closeDatabase, database } from '../../../src/lib/storage/database';
import type { StoredSession } from '../../../src/lib/sessions/stored';
import { FakeTabs } from '../helpers/tabs';
import { storedResult, storedSession } from '../helpers/stored';

let sessions: KeptSessions;
let tabs: FakeTabs;
const names = () => sessions.list.map(({ name }) => name);
const named = (name: string) => sessions.list.find((one) => one.name === name) as StoredSession;
const rowCount = async () => (await database()).count('results');

beforeEach(async () => {
	tabs = new FakeTabs();
	await emptyStorage();
	for (const id of ['one', 'two', 'three']) {
		const session = storedSession(id, { name: id });
		await writeChanges({ session, results: [storedResult(id, 0)], manifest: null });
	}
	sessions = new KeptSessions(tabs);
	await sessions.start();
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

describe('the list of sessions', () => {
	it('is there after the first look', () => {
		expect(sessions.ready).toBe(true);
		expect(names().sort()).toEqual(['one', 'three', 'two']);
	});

	it('shows a new name, and none that is empty', async () => {
		expect(await sessions.rename(named('one'), '  Ward 3 ')).toBe('Ward 3');
		expect(await sessions.rename(named('two'), '   ')).toBe('two');
		expect(names().sort()).toEqual(['Ward 3', 'three', 'two']);
	});

	it('brings back what was deleted, for some seconds', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		expect(await sessions.remove(named('two'))).toBe(true);
		expect(names()).not.toContain('two');
		expect(sessions.deleted?.name).toBe('two');
		await sessions.undo();
		expect(names()).toContain('two');
		expect(sessions.deleted).toBeNull();

		await sessions.remove(named('two'));
		vi.advanceTimersByTime(UNDO_MS);
		vi.useRealTimers();
		await soon(async () => expect(await rowCount()).toBe(2));
		expect(sessions.deleted).toBeNull();
		await sessions.undo();
		expect(names().sort()).toEqual(['one', 'three']);
	});

	it('deletes none that another tab works on, and says so', async () => {
		const claim = await tabs.locks.claimSession('two');
		await sessions.refresh();
		expect([...sessions.inUse]).toEqual(['two']);
		expect(await sessions.remove(named('two'))).toBe(false);
		expect(sessions.problem?.code).toBe('session-in-use');
		await sessions.removeAll();
		expect(names()).toEqual(['two']);
		expect(sessions.problem?.code).toBe('session-in-use');
		claim?.release();
	});

	it('is empty after all were deleted, and whole again when that is undone', async () => {
		await sessions.removeAll();
		expect(names()).toEqual([]);
		await sessions.undo();
		expect(names()).toHaveLength(3);
	});

	it('forgets for good what was deleted on an earlier visit', async () => {
		await sessions.remove(named('two'));
		vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * UNDO_MS });
		const later = new KeptSessions(tabs);
		await later.start();
		expect(await rowCount()).toBe(2);
	});

	it('says why it cannot be shown', async () => {
		await closeDatabase();
		vi.stubGlobal('indexedDB', undefined);
		const none = new KeptSessions(tabs);
		await none.start();
		expect(none.problem?.code).toBe('storage-refused');
		expect(none.ready).toBe(true);
	});
});
