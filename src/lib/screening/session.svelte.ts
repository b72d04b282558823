/**
 * A screening session: the files that were added, their way through decoding and reading,
 * and what came of each. The only room that knows all the others.
 */
import { LanePool, type Job } from '../engine/pool';
import { isGpu, type Backend } from '../engine/backends';
import { thisDevice, type Choice } from '../engine/choice';
import { openLane } from '../engine/lane';
import { ReadyQueue } from '../engine/ready-queue';
import type { Collected } from '../intake/entries';
import { openEntry, uniquePath } from '../intake/entries';
import type { Manifest, OperatingPoint } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import { Decoders } from '../pixels/decoders';
import { problem, type Problem } from '../problems';
import { packMap } from '../reading/heat-map';
import { probabilityOf } from '../reading/score';
import type { ReportRow } from '../report/csv';
import type { Review } from '../review/review';
import { Pace } from './pace';
import { isLeftOut, isUnfinished, newRow, reportRow, type Row } from './row';

export type SessionState = 'idle' | 'running' | 'paused' | 'done';
export type EngineState = 'none' | 'starting' | 'ready' | 'failed';

/** The list is told of changes at most this often: sorting 10,000 rows takes some milliseconds. */
const NOTIFY_MS = 250;

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
	/** Whether results exist that no CSV holds yet. */
	unsaved = $state(false);

	readonly rows: Row[] = [];
	readonly pace = new Pace();
	private readonly paths = new Set<string>();
	private readonly readTimes: number[] = [];
	private finished = 0;
	private next = 0;
	/** Rises when the list is cleared: late answers belong to another list. */
	private list = 0;
	private feeding = 0;
	private decoders: Decoders | null = null;
	private pool: LanePool | null = null;
	private queue = new ReadyQueue<Job>(2);
	private resume: (() => void) | null = null;
	private paused: Promise<void> | null = null;
	private notifyTimer: ReturnType<typeof setTimeout> | null = null;

	get total(): number {
		return this.rows.length;
	}

	/** Files that need no more work, whatever came of them. */
	get finishedCount(): number {
		return this.finished;
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
		const queue = new ReadyQueue<Job>(this.readyCapacity());
		this.queue = queue;
		const pool = new LanePool(model, forced, queue, openLane, {
			onChoice: (choice) => (this.choice = choice),
			onEnd: (ended) => this.engineFailed(ended)
		});
		this.pool = pool;
		this.decoders = new Decoders(this.readyCapacity());
		this.decoders.warmUp();
		const started = await pool.start();
		if (this.pool !== pool) return;
		if (!started.ok) {
			this.engineFailed(started.problem);
			return;
		}
		this.engine = 'ready';
		this.feed();
	}

	/** Add files to the list; reading starts or goes on by itself. */
	add({ entries, problems }: Collected): void {
		const isEmpty = entries.length === 0 && problems.length === 0;
		// What could not be opened of an earlier drop stays said.
		const lasting = this.listProblems.filter(({ code }) => code !== 'nothing-added');
		this.listProblems = isEmpty
			? [...lasting, problem('nothing-added')]
			: [...lasting, ...problems];
		for (const entry of entries) {
			const path = uniquePath(entry.path, (taken) => this.paths.has(taken));
			this.paths.add(path);
			this.rows.push(newRow(this.rows.length, { ...entry, path }));
		}
		if (entries.length === 0) return;
		this.run();
		this.notify(true);
		this.feed();
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
		this.next = this.rows.length;
		this.queue.clear();
		const stopped = new Date().toISOString();
		for (const row of this.rows.filter(isUnfinished)) {
			this.change(row.id, { status: 'stopped', time: stopped });
			this.finished++;
		}
		this.settle();
	}

	/** Forget the list. The engine stays ready. */
	clear(): void {
		this.cancel();
		this.list++;
		this.rows.length = 0;
		this.paths.clear();
		this.readTimes.length = 0;
		this.listProblems = [];
		this.finished = this.next = 0;
		this.unsaved = false;
		this.state = 'idle';
		this.notify(true);
	}

	/** Try the images again that failed or were stopped. */
	retryFailed(): void {
		const again = this.rows.filter((row) => row.status === 'failed' || row.status === 'stopped');
		for (const row of again) this.change(row.id, { status: 'waiting', problem: null });
		this.finished -= again.length;
		if (again.length === 0) return;
		this.next = 0;
		this.run();
		this.notify(true);
		this.feed();
	}

	/** Keep what a person says of an image; null takes it back. */
	review(id: number, review: Review | null): void {
		if (!this.rows[id]) return;
		this.change(id, { review });
		this.unsaved = true;
		this.notify(true);
	}

	/**
	 * Give an image a category though its file says that it is outside the intended use, or take
	 * it back.
	 */
	overrule(id: number, overruled: boolean): void {
		if (!this.rows[id]) return;
		this.change(id, { overruled });
		this.unsaved = true;
		this.notify(true);
	}

	closeEngine(): void {
		this.pool?.close();
		this.decoders?.close();
		this.queue.clear();
		this.pool = null;
		this.decoders = null;
		this.choice = null;
		this.engine = 'none';
		for (const row of this.rows.filter(({ status }) => status === 'reading')) {
			this.change(row.id, { status: 'waiting' });
		}
		this.next = 0;
	}

	/** Median time between two finished images, ms; null before there are any. */
	medianMilliseconds(): number | null {
		const gaps = this.readTimes
			.slice(1)
			.map((time, i) => time - this.readTimes[i])
			.sort((a, b) => a - b);
		return gaps.length > 0 ? gaps[Math.floor(gaps.length / 2)] : null;
	}

	/** Everything of the list for a report, in the order given. */
	report(rows: readonly Row[], point: OperatingPoint): ReportRow[] {
		const { manifest } = this;
		if (!manifest) return [];
		return rows.map((row) => reportRow(row, point, manifest));
	}

	private readyCapacity(): number {
		const { cores } = thisDevice();
		return Math.max(1, Math.min(4, Math.floor(cores / 2)));
	}

	private engineFailed(ended: Problem): void {
		this.engine = 'failed';
		this.engineProblem = ended;
		this.notify(true);
	}

	/** Start as many feeders as there are decoders; each takes the next waiting file. */
	private feed(): void {
		if (this.engine !== 'ready' || !this.manifest) return;
		const wanted = this.choice && isGpu(this.choice.backend) ? this.readyCapacity() : 1;
		while (this.feeding < wanted && this.hasWaiting()) {
			this.feeding++;
			void this.feeder().finally(() => {
				this.feeding--;
				// Files added while the last feeder ended.
				if (this.hasWaiting() && this.state === 'running') this.feed();
			});
		}
	}

	private hasWaiting(): boolean {
		while (this.next < this.rows.length && this.rows[this.next].status !== 'waiting') this.next++;
		return this.next < this.rows.length;
	}

	private async feeder(): Promise<void> {
		const { decoders, queue, manifest } = this;
		if (!decoders || !manifest) return;
		while (this.hasWaiting()) {
			if (this.paused) await this.paused;
			if (this.decoders !== decoders || !this.hasWaiting()) return;
			const { id, entry } = this.rows[this.next++];
			const list = this.list;
			/** Whether the file is still wanted: not stopped, cleared or given to another model. */
			const isWanted = () =>
				this.list === list && this.manifest === manifest && this.rows[id].status === 'reading';
			this.change(id, { status: 'reading' });
			const file = await openEntry(entry);
			const prepared = file.ok ? await decoders.prepare(file.value, manifest.input) : file;
			if (!isWanted()) continue;
			if (!prepared.ok) {
				this.giveUp(id, prepared.problem);
				continue;
			}
			const { pixels, width, height, thumbnail, facts } = prepared.value;
			await queue.put({
				pixels,
				attempts: 0,
				done: (outcome, backend) => {
					if (!isWanted()) return;
					if (!outcome.ok) {
						this.giveUp(id, outcome.problem);
						return;
					}
					const { logits, map, distance } = outcome.value;
					this.noteTime();
					this.finish(id, {
						status: 'done',
						probability: probabilityOf(logits, manifest),
						distance,
						map: packMap(map, manifest.outputs.camScale),
						backend,
						thumbnail,
						width,
						height,
						facts
					});
				}
			});
		}
	}

	private noteTime(): void {
		const now = performance.now();
		this.pace.tick(now);
		this.readTimes.push(now);
		if (this.readTimes.length > 1000) this.readTimes.shift();
	}

	private change(id: number, changes: Partial<Row>): void {
		this.rows[id] = { ...this.rows[id], ...changes };
	}

	private giveUp(id: number, reason: Problem): void {
		this.finish(id, { status: isLeftOut(reason) ? 'left-out' : 'failed', problem: reason });
	}

	private finish(id: number, changes: Partial<Row>): void {
		this.change(id, { ...changes, time: new Date().toISOString() });
		this.finished++;
		this.unsaved = true;
		this.settle();
	}

	private settle(): void {
		const isDone = this.finished === this.rows.length;
		if (isDone && this.rows.length > 0) {
			this.state = 'done';
			this.endPause();
		}
		this.notify(isDone);
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
			this.notifyTimer ??= setTimeout(() => {
				this.notifyTimer = null;
				this.version++;
			}, NOTIFY_MS);
		}
	}
}
