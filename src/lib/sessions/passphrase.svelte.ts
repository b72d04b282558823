/** The passphrase of kept sessions as the pages show it: set, changed, removed, locked, unlocked. */
import { IDLE_MINUTES } from '../base/limits';
import { detailOf, problem, type Problem } from '../problems/problems';
import { readSetting, writeSetting } from '../storage/database';
import type { StoredLock } from './stored';
import type { Channel } from './channel';
import { changeLock, convert, deleteLocked, putLock, readLock } from './convert';
import { Idle } from './idle.svelte';
import { dropKey, holdKey } from './keyring';
import { canSeal, makeKey, measureIterations, rewrap, unwrap } from './seal';
import { newId } from './store';
import type { Tabs } from './tabs';

const IDLE_SETTING = 'lock after minutes';

/** `looking`: not known yet; `none`: no passphrase is set; `open`: it is set and was entered. */
export type PassphraseState = 'looking' | 'none' | 'locked' | 'open';

export class Passphrase {
	#state: PassphraseState = $state('looking');
	/** Records changed, of all, while a passphrase takes hold or goes. */
	converting: { done: number; total: number } | null = $state.raw(null);
	/** What became of the last conversion. */
	problem: Problem | null = $state.raw(null);
	idleMinutes = $state(IDLE_MINUTES);
	/** Whether the browser can encrypt at this address. */
	readonly isPossible = canSeal();
	/** Whether to lock as soon as nothing runs, whatever the user does meanwhile. */
	private wantsLock = $state(false);

	private readonly idle: Idle;
	private locking: Promise<void> = Promise.resolve();
	private readonly channel: Channel;

	/** @param measure iterations for a new passphrase. */
	constructor(
		private readonly tabs: Tabs,
		private readonly measure: () => Promise<number> = measureIterations
	) {
		this.idle = new Idle(tabs.openChannel);
		this.channel = tabs.openChannel();
	}

	/** Look whether sessions are locked. Without storage there is nothing to lock. */
	async start(): Promise<void> {
		const minutes = Number(await readSetting(IDLE_SETTING));
		this.setIdle(minutes > 0 ? minutes : IDLE_MINUTES);
		const lock = await readLock().catch(() => undefined);
		this.#become(lock ? 'locked' : 'none');
	}

	/** Lock as soon as nothing runs: the user locked another tab. */
	requestLock(): void {
		if (this.state === 'open') this.wantsLock = true;
	}

	get state(): PassphraseState {
		return this.#state;
	}

	/** Call `look` as soon as the user was away for too long: it asks `isDue`. */
	watch(look: () => void): void {
		this.idle.listen(look);
	}

	/** Whether it is time to lock. */
	get isDue(): boolean {
		return this.state === 'open' && (this.wantsLock || this.idle.isOver);
	}

	async chooseIdle(minutes: number): Promise<void> {
		this.setIdle(minutes);
		await writeSetting(IDLE_SETTING, String(minutes));
	}

	/**
	 * Set a passphrase and seal what is kept.
	 * @param ours the session that this tab works on.
	 */
	async set(passphrase: string, ours: string | null): Promise<Problem | null> {
		return this.attempt(async () => {
			// Without the key that tab could keep nothing any more.
			const inUse = await this.tabs.locks.claimedSessions();
			if ([...inUse].some((id) => id !== ours)) return problem('passphrase-elsewhere');
			const { key, wrapped } = await makeKey(passphrase, await this.measure());
			const lock: StoredLock = { ...wrapped, id: 'sessions', key: newId(), phase: 'sealing' };
			holdKey(lock, key);
			if (!(await putLock(lock))) {
				dropKey();
				await this.lookAgain();
				return problem('storage-locked');
			}
			this.beOpen();
			this.channel.tell({ kind: 'passphrase' });
			await this.convert();
			return null;
		});
	}

	/** Put the same key under another passphrase. */
	async change(old: string, next: string): Promise<Problem | null> {
		return this.attempt(async () => {
			const lock = await readLock();
			if (!lock) return problem('storage-locked');
			const wrapped = await rewrap(lock, old, next, await this.measure());
			if (!wrapped) return problem('passphrase-wrong');
			await changeLock(lock.key, (now) => ({ ...now, ...wrapped }));
			return null;
		});
	}

	/** Make all plain again. */
	async remove(): Promise<Problem | null> {
		return this.attempt(async () => {
			const lock = await readLock();
			if (lock) await changeLock(lock.key, (now) => ({ ...now, phase: 'opening' }));
			this.channel.tell({ kind: 'passphrase' });
			await this.convert();
			return null;
		});
	}

	/** Enter the passphrase. What an interrupted conversion left over is converted then. */
	async unlock(passphrase: string): Promise<Problem | null> {
		return this.attempt(async () => {
			await this.locking.catch(() => undefined);
			const lock = await readLock();
			if (lock) {
				const key = await unwrap(lock, passphrase);
				if (!key) return problem('passphrase-wrong');
				holdKey(lock, key);
				this.beOpen();
				// The sessions can be read meanwhile.
				if (lock.phase !== 'sealed') void this.convert();
			} else {
				this.#become('none');
			}
			return null;
		});
	}

	/**
	 * Lock: the pages show nothing from now on, and the key goes when what is left is written.
	 * @param forget writes what is left and lets go of what was read.
	 */
	async lock(forget: () => Promise<void>): Promise<void> {
		if (this.state !== 'open') return;
		this.#become('locked');
		this.wantsLock = false;
		this.locking = forget().finally(dropKey);
		await this.locking;
	}

	/** Lock the other tabs too. */
	tellLock(): void {
		this.channel.tell({ kind: 'lock' });
	}

	/** Delete what is locked, for whoever forgot the passphrase. */
	async forget(): Promise<Problem | null> {
		return this.attempt(async () => {
			// Another tab that has the key could write half a session again.
			if ((await this.tabs.locks.claimedSessions()).size > 0)
				return problem('passphrase-elsewhere');
			await this.tabs.locks.inTurn(deleteLocked);
			dropKey();
			this.#become('none');
			this.channel.tell({ kind: 'passphrase' });
			return null;
		});
	}

	/** Only what was opened can be left open. */
	#become(state: PassphraseState): void {
		this.#state = state;
		if (state === 'open') this.idle.begin();
		else this.idle.end();
	}

	private setIdle(minutes: number): void {
		this.idleMinutes = minutes;
		this.idle.setLimit(minutes * 60_000);
	}

	private beOpen(): void {
		this.wantsLock = false;
		this.#become('open');
	}

	/**
	 * Look at what another tab did with the passphrase.
	 * @returns whether the sessions are locked or open otherwise than before.
	 */
	async lookAgain(): Promise<boolean> {
		const lock = await readLock().catch(() => undefined);
		if (lock && this.state === 'open') return false;
		if (!lock) dropKey();
		this.#become(lock ? 'locked' : 'none');
		return true;
	}

	private async convert(): Promise<void> {
		this.problem = null;
		try {
			await this.tabs.locks.inTurn(() =>
				convert((done, total) => (this.converting = { done, total }))
			);
		} catch (error) {
			this.problem = problem('passphrase-unfinished', { detail: detailOf(error) });
		}
		this.converting = null;
		const lock = await readLock().catch(() => undefined);
		if (lock) return;
		dropKey();
		this.#become('none');
		this.channel.tell({ kind: 'passphrase' });
	}

	private async attempt(work: () => Promise<Problem | null>): Promise<Problem | null> {
		try {
			return await work();
		} catch (error) {
			return problem('passphrase-failed', { detail: detailOf(error) });
		}
	}
}
