import { describe, expect, it, vi } from 'vitest';
import { failWrites } from '../helpers/storage';
import {
	film,
	ONE,
	page,
	readFilm,
	store,
	useFreshDevices,
	type Workplace
} from '../helpers/workplace';

useFreshDevices();

describe('sessions under a passphrase', () => {
	const WORDS = 'four words of it';
	const entries = [film];

	/** A page with a list that is read, under a passphrase. */
	async function sealed(): Promise<Workplace> {
		await store(ONE);
		const opened = await page();
		await readFilm(opened);
		await vi.waitFor(() => expect(opened.kept.isSettled).toBe(true));
		expect(await opened.passphrase.set(WORDS, opened.kept.kept?.id ?? null)).toBeNull();
		return opened;
	}

	it('are gone from the page when it is locked, and back when it is unlocked', async () => {
		const opened = await sealed();
		await vi.waitFor(() => expect(opened.mayLock).toBe(true));
		await opened.sessions.refresh();
		expect(opened.sessions.list).toHaveLength(1);
		await opened.lock();
		expect(opened.passphrase.state).toBe('locked');
		expect(opened.session.total).toBe(0);
		expect(opened.kept.kept).toBeNull();
		expect(opened.sessions.list).toEqual([]);
		expect(await opened.unlock('five words of it')).toMatchObject({ code: 'passphrase-wrong' });
		expect(opened.sessions.list).toEqual([]);
		expect(await opened.unlock(WORDS)).toBeNull();
		expect(opened.sessions.list).toHaveLength(1);
		expect(opened.sessionDesk.offer).toMatchObject({ total: 1, finished: 1 });
	});

	it('are not locked while a list is read, but when it is done', async () => {
		const opened = await sealed();
		opened.passphrase.wantsLock = true;
		opened.add({ entries: [{ ...film, path: 'b.jpg' }], problems: [] });
		expect(opened.session.state).toBe('running');
		opened.lockWhenDue();
		expect(opened.passphrase.state).toBe('open');
		await vi.waitFor(() => expect(opened.session.state).toBe('done'));
		opened.lockWhenDue();
		expect(opened.passphrase.state).toBe('locked');
		expect(await opened.unlock(WORDS)).toBeNull();
		expect(opened.sessions.list[0]).toMatchObject({ total: 2, finished: 2 });
	});

	it('are not locked while a list would be lost', async () => {
		const opened = await sealed();
		opened.passphrase.wantsLock = true;
		failWrites('QuotaExceededError');
		opened.add({ entries: [{ ...film, path: 'b.jpg' }], problems: [] });
		await vi.waitFor(() => expect(opened.session.state).toBe('done'));
		opened.lockWhenDue();
		expect(opened.passphrase.state).toBe('open');
		expect(opened.session.total).toBe(2);
	});

	it('lock after a while without use', async () => {
		const opened = await sealed();
		expect(opened.passphrase.isDue).toBe(false);
		vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 60_000 });
		expect(opened.passphrase.isDue).toBe(true);
		await opened.passphrase.chooseIdle(30);
		expect(opened.passphrase.isDue).toBe(false);
	});

	it('let files wait that come while they are locked', async () => {
		await sealed();
		const again = await page();
		await vi.waitFor(() => expect(again.passphrase.state).toBe('locked'));
		again.add({ entries, problems: [] });
		expect(again.session.total).toBe(0);
		await again.unlock(WORDS);
		await vi.waitFor(() => expect(again.session.total).toBe(1));
	});
});
