import { describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import { failWrites } from '../helpers/storage';
import { film, ONE, page, readFilm, store, useFreshDevices } from '../helpers/app';
import type { AppState } from '../../../src/lib/app/app-state.svelte';

useFreshDevices();

describe('sessions under a passphrase', () => {
	const WORDS = 'four words of it';
	const entries = [film];

	/** A page with a list that is read, under a passphrase. */
	async function sealed(): Promise<AppState> {
		await store(ONE);
		const opened = await page();
		await readFilm(opened);
		await soon(() => expect(opened.recorder.isSettled).toBe(true));
		expect(await opened.lock.set(WORDS)).toBeNull();
		return opened;
	}

	it('are gone from the page when it is locked, and back when it is unlocked', async () => {
		const opened = await sealed();
		await soon(() => expect(opened.lock.mayLock).toBe(true));
		await opened.sessions.refresh();
		expect(opened.sessions.list).toHaveLength(1);
		await opened.lock.lock();
		expect(opened.passphrase.state).toBe('locked');
		expect(opened.worklist.total).toBe(0);
		expect(opened.recorder.session).toBeNull();
		expect(opened.sessions.list).toEqual([]);
		expect(await opened.lock.unlock('five words of it')).toMatchObject({
			code: 'passphrase-wrong'
		});
		expect(opened.sessions.list).toEqual([]);
		expect(await opened.lock.unlock(WORDS)).toBeNull();
		expect(opened.sessions.list).toHaveLength(1);
		expect(opened.sessionActions.offer).toMatchObject({ total: 1, finished: 1 });
	});

	it('are not locked while a list is read, but when it is done', async () => {
		const opened = await sealed();
		opened.passphrase.requestLock();
		opened.add({ entries: [{ ...film, path: 'b.jpg' }], problems: [] });
		expect(opened.pipeline.state).toBe('running');
		opened.lock.lockWhenDue();
		expect(opened.passphrase.state).toBe('open');
		await soon(() => expect(opened.pipeline.state).toBe('done'));
		opened.lock.lockWhenDue();
		expect(opened.passphrase.state).toBe('locked');
		expect(await opened.lock.unlock(WORDS)).toBeNull();
		expect(opened.sessions.list[0]).toMatchObject({ total: 2, finished: 2 });
	});

	it('are not locked while a list would be lost', async () => {
		const opened = await sealed();
		opened.passphrase.requestLock();
		failWrites('QuotaExceededError');
		opened.add({ entries: [{ ...film, path: 'b.jpg' }], problems: [] });
		await soon(() => expect(opened.pipeline.state).toBe('done'));
		opened.lock.lockWhenDue();
		expect(opened.passphrase.state).toBe('open');
		expect(opened.worklist.total).toBe(2);
	});

	it('lock after a while without use', async () => {
		const opened = await sealed();
		expect(opened.passphrase.isDue).toBe(false);
		vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 60_000 });
		await opened.passphrase.chooseIdle(15);
		expect(opened.passphrase.isDue).toBe(true);
		await opened.passphrase.chooseIdle(30);
		expect(opened.passphrase.isDue).toBe(false);
	});

	it('let files wait that come while they are locked', async () => {
		await sealed();
		const again = await page();
		await soon(() => expect(again.passphrase.state).toBe('locked'));
		again.add({ entries, problems: [] });
		expect(again.worklist.total).toBe(0);
		await again.lock.unlock(WORDS);
		await soon(() => expect(again.worklist.total).toBe(1));
	});
});
