/**
 * A screening session: the files that were added, and what came of each. The only room that
 * knows all the others; `feeder.ts` reads, `kept-list.svelte.ts` keeps what came of it.
 */
import type { Backend } from '../engine/backends';
import type { Choice } from '../engine/choice';
import type { Corners } from '../pixels/corners';
import type { Collected, Entry } from '../intake/entries';
import type { Manifest, OperatingPoint } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import { problem, type Problem } from '../problems/problems';
import type { ReportRow } from '../exports/csv';
import type { Review } from '../review/review';
import { Feeder, type Supply, type Turn } from './feeder';
import { FileSearch } from '../sessions/file-search.svelte';
import { Pace } from './pace';
import { isLeftOut, recropped, reportRow, type Row } from '../worklist/row';
import { RowList } from '../worklist/row-list';

/**
 * `interrupted`: files wait that are not on the page, as after a reload; `following`: another
 * tab works on the list, this one shows it.
 */
export type SessionState = 'idle' | 'running' | 'paused' | 'interrupted' | 'following' | 'done';
export type EngineState = 'none' | 'starting' | 'ready' | 'failed';

/** Who keeps the list beyond the page. */
export interface Keeping {
	/** The first files of a list came. */
	begin(entries: readonly Entry[]): void;
	/** The list has so many rows now. */
	grow(total: number): void;
	/**
	 * Rows changed; settles when that is kept, or cannot be.
	 * @param canWait whether it may wait a moment for others.
	 */
	keep(ids: readonly number[], canWait?: boolean): Promise<unknown>;
	/** Something of the list as a whole changed. */
	touch(): void;
	/** The list leaves the page. */
	end(): void;
}

/**
 * The page is told of changes at most this often, and of a list that grows long less often: sorting
 * and counting 10,000 rows takes some milliseconds, which are then missing for reading.
 */
const NOTIFY_MS = 250;
const NOTIFY_MS_A_ROW = 0.1;
const NOTIFY_MOST_MS = 2000;

export class ScreeningSession {
	/** Rises when rows change; read it to follow `rows`, which is not reactive itself. */
	version = $state(0);
	state: SessionState = $state('idle');
	engine: EngineState = $state('none');
	/** The way of reading in use, with what was tried. */
	choice: Choice | null = $state.raw(null);
	engineProblem: Problem | null = $state.raw(null);
	/** Problems of the list as a whole (folders that could not be opened). */
	listProblems: Problem[] = $state.raw([]);
	manifest: Manifest | null = $state.raw(null);
	/** Whether results exist that no file which the user saved holds yet. */
	unsaved = $state(false);
	readonly pace = new Pace();
	keeping: Keeping | null = null;
	private readonly list = new RowList();
	private readonly search = new FileSearch(this.list);
	/** Rises when the list is cleared: late answers belong to another list. */
	private generation = 0;
	private feeder: Feeder | null = null;
	private matched: Promise<void> = Promise.resolve();
	private resume: (() => void) | null = null;
	private paused: Promise<void> | null = null;
	private notifyTimer: ReturnType<typeof setTimeout> | null = null;

	get rows(): readonly Row[] {
		return this.list.rows;
	}

	get total(): number {
		return this.list.total;
	}

	/** Files that need no more work, whatever came of them. */
	get finishedCount(): number {
		return this.list.finishedCount;
	}

	/** Images that a closed tab would lose: in a decoder, in a lane, or on their way to the disk. */
	get inFlight(): number {
		return this.list.inFlight;
	}

	/** Files that wait and are not on the page. */
	get missing(): number {
		return this.list.missing;
	}

	/** Whether any image is not on the page: the list was opened from storage. */
	get hasDetached(): boolean {
		return this.list.hasDetached;
	}

	/** Files looked at, of those that may be in the list already; null while none are. */
	get matching(): { done: number; total: number } | null {
		return this.search.progress;
	}

	/** A row as it will be shown: finished, though perhaps not on the disk yet. */
	latest(id: number): Row {
		return this.list.latest(id);
	}

	/**
	 * Load a model into lanes; files that wait start at once. Any lanes of before are closed.
	 * @param forced a backend that the user or the address asks for.
	 */
	async useModel(model: ModelPackage, forced: Backend | null): Promise<void> {
		this.closeEngine();
		this.manifest = model.manifest;
		this.engine = 'starting';
		this.engineProblem = null;
		const feeder = new Feeder(model, forced, this.supply());
		this.feeder = feeder;
		const started = await feeder.start();
		if (this.feeder !== feeder) return;
		if (!started.ok) {
			this.engineFailed(started.problem);
			return;
		}
		this.engine = 'ready';
		this.feed();
	}

	/** Add files to the list; reading starts or goes on by itself. */
	add(collected: Collected): void {
		if (this.state === 'following') {
			this.listProblems = [problem('list-elsewhere')];
			return;
		}
		this.noteProblems(collected);
		const { entries } = collected;
		if (entries.length === 0) return;
		if (this.list.hasDetached) {
			this.matched = this.matched.then(() => this.findFiles(entries));
			return;
		}
		this.append(entries);
		this.proceed();
	}

	pause(): void {
		if (this.state !== 'running') return;
		this.state = 'paused';
		this.pace.reset();
		this.paused ??= new Promise((resolve) => (this.resume = resolve));
	}

	/** Go on after `pause`. */
	goOn(): void {
		if (this.state !== 'paused') return;
		this.state = 'running';
		this.endPause();
		this.feed();
	}

	/** Stop: what is done stays, what is not is marked as stopped. */
	cancel(): void {
		if (this.state === 'following') return;
		this.feeder?.drop();
		const time = new Date().toISOString();
		const stopped = this.list.unfinished;
		for (const row of stopped) this.list.put({ ...row, status: 'stopped', time });
		void this.keeping?.keep(stopped.map(({ id }) => id));
		this.settle();
	}

	/** Forget the list; where it is kept, it stays kept as it is. The engine stays ready. */
	clear(): void {
		this.keeping?.end();
		this.generation++;
		this.feeder?.drop();
		this.list.clear();
		this.pace.clear();
		this.listProblems = [];
		this.search.forget();
		this.unsaved = false;
		this.state = 'idle';
		this.endPause();
		this.notify(true);
	}

	/** Try the images again that failed or were stopped. */
	retryFailed(): void {
		const again = this.rows.filter((row) => row.status === 'failed' || row.status === 'stopped');
		for (const row of again) this.change(row.id, { status: 'waiting', problem: null });
		if (again.length > 0) this.proceed();
	}

	/** Keep what a person says of an image; null takes it back. */
	review(id: number, review: Review | null): void {
		if (!this.rows[id] || this.state === 'following') return;
		this.change(id, { review });
		this.unsaved = true;
		this.notify(true);
	}

	/**
	 * Give an image a category though its file says that it is outside the intended use, or take
	 * it back.
	 */
	overrule(id: number, overruled: boolean): void {
		if (!this.rows[id] || this.state === 'following') return;
		this.change(id, { overruled });
		this.unsaved = true;
		this.notify(true);
	}

	/** Whether one image can be read again, with its film marked. */
	canCrop(id: number): boolean {
		const isRead = this.rows[id]?.status === 'done' || this.rows[id]?.status === 'failed';
		return isRead && !this.list.isDetached(id) && this.state !== 'following';
	}

	/**
	 * Read one image again: of the picture only the film that a person marked, or, with null, all
	 * of it.
	 */
	crop(id: number, corners: Corners | null): void {
		if (!this.canCrop(id)) return;
		this.list.put(recropped(this.rows[id], corners));
		void this.keeping?.keep([id]);
		this.proceed();
	}

	closeEngine(): void {
		this.feeder?.close();
		this.feeder = null;
		this.choice = null;
		this.engine = 'none';
		for (const { id } of this.rows) {
			if (this.list.isBeingRead(id)) this.change(id, { status: 'waiting' });
		}
		this.list.rewind();
	}

	/** All of the list is in a file that the user saved. */
	markSaved(): void {
		this.unsaved = false;
		this.keeping?.touch();
	}

	/**
	 * Show rows that were kept, after those that are shown already. Their files are not on the
	 * page; `settleKept` follows when all are there.
	 */
	showKept(rows: readonly Row[]): void {
		this.list.showKept(rows);
		this.notify(false);
	}

	/** All rows of a kept list are there: say what holds of it. */
	settleKept(following: boolean): void {
		this.state = following ? 'following' : this.restingState();
		this.notify(true);
	}

	/** Median time between two finished images, ms; null before there are any. */
	medianMilliseconds(): number | null {
		return this.pace.median;
	}

	/** Everything of the list for a report, in the order given. */
	report(rows: readonly Row[], point: OperatingPoint): ReportRow[] {
		const { manifest } = this;
		if (!manifest) return [];
		return rows.map((row) => reportRow(row, point, manifest));
	}

	private noteProblems({ entries, problems }: Collected): void {
		const isEmpty = entries.length === 0 && problems.length === 0;
		// What could not be opened of an earlier drop stays said.
		const lasting = this.listProblems.filter(({ code }) => code !== 'nothing-added');
		this.listProblems = isEmpty
			? [...lasting, problem('nothing-added')]
			: [...lasting, ...problems];
	}

	private append(entries: readonly Entry[]): void {
		if (this.rows.length === 0) this.keeping?.begin(entries);
		this.list.append(entries);
		this.keeping?.grow(this.total);
	}

	/** Give rows of a kept list their files again; what the list does not know is added. */
	private async findFiles(entries: readonly Entry[]): Promise<void> {
		const found = await this.search.find(entries);
		if (!found) return;
		const { changedRows, changedCount: count, fresh } = found;
		if (changedRows.length > 0) void this.keeping?.keep(changedRows);
		if (count > 0) {
			this.listProblems = [...this.listProblems, problem('files-changed', { count })];
		}
		this.append(fresh);
		this.proceed();
	}

	/** There is something to read again, or all there was is found to be done. */
	private proceed(): void {
		this.list.rewind();
		if (this.list.hasWaiting()) this.run();
		else if (this.inFlight === 0) this.state = this.restingState();
		this.notify(true);
		this.feed();
	}

	/** The state where nothing is being read. */
	private restingState(): SessionState {
		if (this.rows.length === 0) return 'idle';
		return this.list.isDone ? 'done' : 'interrupted';
	}

	private supply(): Supply {
		return {
			pause: () => this.paused,
			hasWaiting: () => this.list.hasWaiting(),
			take: () => this.take(),
			onChoice: (choice) => (this.choice = choice),
			onEnd: (ended) => this.engineFailed(ended)
		};
	}

	private engineFailed(ended: Problem): void {
		this.engine = 'failed';
		this.engineProblem = ended;
		this.notify(true);
	}

	private feed(): void {
		if (this.engine === 'ready') this.feeder?.feed();
	}

	private take(): Turn {
		const { generation, manifest } = this;
		const { id, entry } = this.list.takeWaiting();
		this.change(id, { status: 'reading' });
		return {
			entry,
			isWanted: () =>
				this.generation === generation && this.manifest === manifest && this.list.isBeingRead(id),
			done: (result) => {
				this.pace.tick(performance.now());
				this.finish(id, result);
			},
			giveUp: (reason, file) =>
				this.finish(id, {
					status: isLeftOut(reason) ? 'left-out' : 'failed',
					problem: reason,
					file
				})
		};
	}

	/** Replace a row; what a later visit must know of the change is kept. */
	private change(id: number, changes: Partial<Row>): void {
		const before = this.rows[id];
		this.list.put({ ...before, ...changes });
		// Being read is a matter of this page.
		const isPassing = changes.status === 'reading' || before.status === 'reading';
		if (!isPassing) void this.keeping?.keep([id]);
	}

	/** Show a result when it is on the disk, or at once where nothing is kept. */
	private finish(id: number, changes: Partial<Row>): void {
		const row = { ...this.rows[id], ...changes, time: new Date().toISOString() };
		if (!this.keeping) {
			this.show(row);
			return;
		}
		const { generation } = this;
		this.list.await(row);
		// Behind the last one no other comes that it could wait for.
		void this.keeping.keep([id], !this.list.isAllRead).then(() => {
			if (this.generation === generation) this.show(row);
		});
	}

	private show(row: Row): void {
		this.list.arrive(row);
		this.unsaved = true;
		this.settle();
	}

	private settle(): void {
		const { isDone, hasDetached } = this.list;
		const isStuck = !isDone && hasDetached && this.finishedCount + this.missing === this.total;
		if ((isDone || isStuck) && this.total > 0) {
			this.state = this.restingState();
			this.endPause();
			this.keeping?.touch();
		}
		this.notify(isDone || isStuck);
	}

	/** Work has come: begin, or go on with what was done; a pause stays. */
	private run(): void {
		if (this.state === 'paused') return;
		// The time between two lists is no time spent on images.
		if (this.state !== 'running') this.pace.reset();
		this.state = 'running';
	}

	private endPause(): void {
		this.resume?.();
		this.paused = null;
		this.resume = null;
	}

	/** Tell the page, now or soon. */
	private notify(now: boolean): void {
		if (now) {
			if (this.notifyTimer) clearTimeout(this.notifyTimer);
			this.notifyTimer = null;
			this.version++;
		} else {
			const pause = Math.max(NOTIFY_MS, NOTIFY_MS_A_ROW * this.finishedCount);
			this.notifyTimer ??= setTimeout(
				() => {
					this.notifyTimer = null;
					this.version++;
				},
				Math.min(pause, NOTIFY_MOST_MS)
			);
		}
	}
}
