/** The kept sessions as the pages show them. */
import { UNDO_MS } from '../base/limits';
import { problem, type Problem } from '../problems/problems';
import { storageProblem } from '../storage/database';
import type { StoredSession } from './stored';
import type { Channel } from './channel';
import type { Tabs } from './tabs';
import { listSessions, markDeleted, renameSession, sweep } from './store';

/** What the browser says of its storage. Bytes; null where it does not say. */
export interface StorageFigures {
	used: number | null;
	/** Whether the browser promises to clear nothing by itself. */
	persisted: boolean;
}

/** Sessions that were deleted and can be brought back. */
export interface Deleted {
	ids: readonly string[];
	/** Of the one; null for all. */
	name: string | null;
}

/** The list of sessions is read anew at most this often while another tab writes. */
const REFRESH_MS = 1000;

export class KeptSessions {
	/** The newest first. */
	list: StoredSession[] = $state.raw([]);
	/** False until the first look. */
	ready = $state(false);
	/** Why they cannot be shown, or what went wrong last. */
	problem: Problem | null = $state.raw(null);
	/** Ids of those that some tab works on, this one included. */
	inUse: ReadonlySet<string> = $state.raw(new Set());
	deleted: Deleted | null = $state.raw(null);
	figures: StorageFigures | null = $state.raw(null);
	#declined = $state(false);

	private channel: Channel | null = null;
	/** Aborted when the sessions are locked. */
	private unlocked = new AbortController();
	private refreshTimer: ReturnType<typeof setTimeout> | null = null;
	private undoTimer: ReturnType<typeof setTimeout> | null = null;

	constructor(private readonly tabs: Tabs) {}

	/** Whether the user said that the last list is not to go on: no more offers on this page. */
	get declined(): boolean {
		return this.#declined;
	}

	/** The last list is not to go on. */
	decline(): void {
		this.#declined = true;
	}

	/** Look at what is kept and follow what other tabs do. Called once a page. */
	async start(): Promise<void> {
		this.channel ??= this.tabs.openChannel(({ kind }) => {
			if (kind === 'rows' || kind === 'list') this.refreshSoon();
		});
		// What was deleted on an earlier visit, and what an interrupted one left over.
		const before = new Date(Date.now() - 2 * UNDO_MS).toISOString();
		await this.tabs.locks.alone(() => sweep(before)).catch(() => undefined);
		await this.refresh();
	}

	async refresh(): Promise<void> {
		const { signal } = this.unlocked;
		try {
			const list = await listSessions();
			// Locked meanwhile: what was read before is not shown after.
			if (signal.aborted) return;
			this.list = list;
			this.inUse = await this.tabs.locks.claimedSessions();
			// What went wrong before may be over.
			if (this.problem?.code.startsWith('storage-')) this.problem = null;
		} catch (error) {
			this.list = [];
			this.problem = storageProblem(error);
		}
		this.ready = true;
	}

	/** Let go of all that was read: the sessions are locked. */
	forget(): void {
		this.unlocked.abort();
		this.unlocked = new AbortController();
		this.list = [];
		this.forgetUndo();
		this.problem = null;
		this.ready = this.#declined = false;
	}

	/** Look at the room on the device. */
	async measure(): Promise<void> {
		const storage = globalThis.navigator?.storage;
		try {
			// How much is left is not said: browsers give a share of the disk, not what is free.
			const { usage } = (await storage?.estimate?.()) ?? {};
			const persisted = (await storage?.persisted?.()) ?? false;
			this.figures = { used: usage ?? null, persisted };
		} catch {
			this.figures = null;
		}
	}

	/** @returns the name that it has now. */
	async rename(session: StoredSession, name: string): Promise<string> {
		const wanted = name.trim().slice(0, 200) || session.name;
		await this.attempt(() => renameSession(session.id, wanted));
		return wanted;
	}

	/** Delete a session; for some seconds `undo` brings it back. */
	async remove(session: StoredSession): Promise<boolean> {
		if ((await this.tabs.locks.claimedSessions()).has(session.id)) {
			this.problem = problem('session-in-use', { name: session.name });
			return false;
		}
		return this.removeThese([session], session.name);
	}

	/** Delete all that no other tab works on. */
	async removeAll(): Promise<boolean> {
		const inUse = await this.tabs.locks.claimedSessions();
		const free = this.list.filter(({ id }) => !inUse.has(id));
		const held = this.list.find(({ id }) => inUse.has(id));
		const done = await this.removeThese(free, null);
		if (held) this.problem = problem('session-in-use', { name: held.name });
		return done;
	}

	/** Bring back what was deleted last. */
	async undo(): Promise<void> {
		const { deleted } = this;
		if (!deleted) return;
		this.forgetUndo();
		await this.attempt(() => markDeleted(deleted.ids, null));
	}

	/** Tell other tabs that something changed, and look again. */
	async changed(): Promise<void> {
		this.channel?.tell({ kind: 'list' });
		await this.refresh();
	}

	private async removeThese(
		sessions: readonly StoredSession[],
		name: string | null
	): Promise<boolean> {
		const ids = sessions.map(({ id }) => id);
		if (ids.length === 0) return true;
		// An earlier one goes for good: one is undone at a time.
		this.forgetUndo();
		const now = new Date().toISOString();
		await this.attempt(() => markDeleted(ids, now));
		if (this.problem) return false;
		this.deleted = { ids, name };
		this.undoTimer = setTimeout(() => {
			this.forgetUndo();
			// What another tab deleted later can still be brought back there.
			void this.tabs.locks
				.alone(() => sweep(now))
				.catch(() => undefined)
				.then(() => this.measure());
		}, UNDO_MS);
		return true;
	}

	private forgetUndo(): void {
		if (this.undoTimer) clearTimeout(this.undoTimer);
		this.undoTimer = null;
		this.deleted = null;
	}

	/**
	 * Do something with what is kept and look again; what goes wrong is shown.
	 * @returns what it gives back; undefined where it failed.
	 */
	async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
		this.problem = null;
		try {
			const value = await work();
			await this.changed();
			return value;
		} catch (error) {
			this.problem = storageProblem(error);
			return undefined;
		}
	}

	private refreshSoon(): void {
		this.refreshTimer ??= setTimeout(() => {
			this.refreshTimer = null;
			void this.refresh();
		}, REFRESH_MS);
	}
}
