/**
 * Group commit: one write at a time, and all that became ready meanwhile goes into the next.
 * So a result is on the disk before it is shown, whatever a write takes, and a slow disk makes
 * groups larger rather than the list slower. What can wait a moment waits for others: a write
 * costs more than the rows in it. Knows neither what a row is nor IndexedDB.
 */
import { KEEP_GROUP, KEEP_PAUSE_MS, KEEP_RETRY_MS, KEEP_TIMEOUT_MS } from '../base/limits';
import { detailOf, problem, type Problem } from '../problems/problems';
import { withTimeLimit } from '../base/time-limit';
import { isFull } from './all-or-none';

/** A group of rows that are written together, by their places in the list. */
export type Group<T> = ReadonlyMap<number, T>;

export class GroupCommitWriter<T> {
	/** Rows that were written once, from the first on without a gap. */
	private prefix = 0;
	private total = 0;
	/** The latest version of every row that is not on the disk. */
	private readonly pending = new Map<number, T>();
	/** Rows among them that changed: they go before the new ones. */
	private readonly dirty = new Set<number>();
	/** Whether the session's record changed, or rows were added. */
	private recordDirty = false;
	/** Whether rows that changed are to be written now. */
	private rowsUrgent = false;
	/** When the last write began, ms of a steady clock. */
	private lastWrite = -Infinity;
	private waiting: ((kept: boolean) => void)[] = [];
	private running: Promise<void> | null = null;
	#problem: Problem | null = $state.raw(null);
	private retryTimer: ReturnType<typeof setTimeout> | null = null;
	private pauseTimer: ReturnType<typeof setTimeout> | null = null;
	private closed = false;

	/**
	 * @param write writes these rows, and the session's record as it is then, all or none.
	 * @param kept rows that are on the disk already: a list that was opened.
	 */
	constructor(
		private readonly write: (group: Group<T>) => Promise<void>,
		kept = 0
	) {
		this.prefix = this.total = kept;
	}

	/** Why writing fails; null while it works, and when all of it came through after all. */
	get problem(): Problem | null {
		return this.#problem;
	}

	/** Whether all that was handed over is on the disk. */
	get isSettled(): boolean {
		return !this.hasWork && !this.running;
	}

	private get hasWork(): boolean {
		return this.dirty.size > 0 || this.isUrgent;
	}

	private get isUrgent(): boolean {
		return this.rowsUrgent || this.recordDirty || this.prefix < this.total;
	}

	/** New rows, behind all others; they are written when nothing is more urgent. */
	append(rows: readonly T[]): void {
		for (const row of rows) this.pending.set(this.total++, row);
		this.start();
	}

	/** The session's record changed. */
	touch(): void {
		this.recordDirty = true;
		this.start();
	}

	/**
	 * Write rows that changed.
	 * @param canWait whether others may join them: they are then written `KEEP_PAUSE_MS` after the
	 *   write before them began.
	 * @returns true when they are on the disk; false where they cannot be kept for now: they
	 * are then tried again, and shown meanwhile.
	 */
	put(rows: Iterable<readonly [number, T]>, canWait = false): Promise<boolean> {
		for (const [index, row] of rows) {
			this.pending.set(index, row);
			this.dirty.add(index);
		}
		if (this.problem || this.closed) return Promise.resolve(false);
		return new Promise((resolve) => {
			this.waiting.push(resolve);
			if (canWait) this.startSoon();
			else this.startNow();
		});
	}

	/** Try again at once what could not be written. */
	async retry(): Promise<void> {
		if (this.retryTimer) clearTimeout(this.retryTimer);
		this.retryTimer = null;
		await this.running;
		if (this.hasWork && !this.closed) await this.launch();
	}

	/** Write what is left and take nothing more. */
	async close(): Promise<void> {
		while (this.running) await this.running;
		if (this.hasWork) {
			this.rowsUrgent = true;
			await this.launch();
		}
		this.closed = true;
		if (this.retryTimer) clearTimeout(this.retryTimer);
		this.endPause();
	}

	private start(): void {
		// While writing fails the retry takes everything.
		if (!this.running && !this.problem && !this.closed) void this.launch();
	}

	private startNow(): void {
		this.rowsUrgent = true;
		this.start();
	}

	/** Asked again with each row: browsers slow down the timers of a page that nobody looks at. */
	private startSoon(): void {
		if (this.problem || this.closed) return;
		const pause = this.lastWrite + KEEP_PAUSE_MS - performance.now();
		if (pause <= 0) this.startNow();
		else this.pauseTimer ??= setTimeout(() => this.startNow(), pause);
	}

	private endPause(): void {
		if (this.pauseTimer) clearTimeout(this.pauseTimer);
		this.pauseTimer = null;
	}

	private launch(): Promise<void> {
		this.running = this.run().finally(() => {
			this.running = null;
			// What was handed over while the last write ended.
			if (this.isUrgent) this.start();
			else if (this.dirty.size > 0) this.startSoon();
		});
		return this.running;
	}

	private async run(): Promise<void> {
		// What becomes ready in the same turn goes into one write.
		await Promise.resolve();
		while (this.isUrgent) {
			const group = this.takeGroup();
			const waiting = this.waiting.splice(0);
			try {
				await withTimeLimit(this.write(group.rows), KEEP_TIMEOUT_MS);
			} catch (error) {
				this.fail(group.rows, error);
				for (const answer of [...waiting, ...this.waiting.splice(0)]) answer(false);
				return;
			}
			this.prefix = Math.max(this.prefix, group.prefix);
			for (const answer of waiting) answer(true);
		}
		this.#problem = null;
	}

	/**
	 * All rows that changed, some of the new ones, and every new one in front of those that
	 * changed: what is kept has no gaps, whenever the power goes.
	 */
	private takeGroup(): { rows: Map<number, T>; prefix: number } {
		const last = [...this.dirty].reduce((largest, index) => Math.max(largest, index), -1);
		const prefix = Math.min(this.total, Math.max(this.prefix + KEEP_GROUP, last + 1));
		const indices = new Set(this.dirty);
		for (let index = this.prefix; index < prefix; index++) indices.add(index);
		this.dirty.clear();
		this.recordDirty = this.rowsUrgent = false;
		this.lastWrite = performance.now();
		this.endPause();
		const rows = new Map<number, T>();
		for (const index of [...indices].sort((a, b) => a - b)) {
			const row = this.pending.get(index);
			if (row === undefined) continue;
			rows.set(index, row);
			this.pending.delete(index);
		}
		return { rows, prefix };
	}

	private fail(rows: Group<T>, error: unknown): void {
		for (const [index, row] of rows) {
			// What changed meanwhile is newer.
			if (!this.pending.has(index)) this.pending.set(index, row);
			// New rows come back by themselves: the prefix has not grown.
			if (index < this.prefix) this.dirty.add(index);
		}
		this.recordDirty = true;
		this.#problem = isFull(error)
			? problem('sessions-disk-full')
			: problem('sessions-not-kept', { detail: detailOf(error) });
		if (this.closed) return;
		this.retryTimer ??= setTimeout(() => void this.retry(), KEEP_RETRY_MS);
	}
}
