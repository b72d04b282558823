/**
 * The screening pipeline: entries are decoded and read, each result is recorded, and then shown in
 * the worklist. The only writer of results.
 *
 *   entries -> decode -> read -> recorder.commit(row) -> worklist.put(row)
 */
import type { Backend } from '../engine/backends';
import type { Collected } from '../intake/entries';
import type { ModelPackage } from '../models/store';
import type { Corners } from '../intake/corners';
import type { Polygon } from '../intake/polygon';
import type { Problem } from '../problems/problems';
import type { Recorder } from '../sessions/recorder.svelte';
import type { Worklist } from '../worklist/list.svelte';
import {
	entryOf,
	hasPixels,
	isUnfinished,
	recropped,
	redrawn,
	withFilmFound,
	type Row
} from '../worklist/row';
import { AddedFiles } from './added-files.svelte';
import { Pace } from './pace';
import type { Reader, ReadResult } from './reader';
import type { ReadingEngine } from './reading-engine.svelte';

/**
 * `interrupted`: files wait that are not on the page, as after a reload; `following`: another
 * tab works on the list, this one shows it.
 */
export type ScreeningState = 'idle' | 'running' | 'paused' | 'interrupted' | 'following' | 'done';

/** How far a screening is, and how fast it goes. */
export interface ScreeningProgress {
	done: number;
	total: number;
	/** Images a minute; null while too few are done to tell. */
	perMinute: number | null;
	/** Milliseconds that the rest will take; null while unknown. */
	timeLeft: number | null;
	/** Median time between two finished images, ms; null before there are any. */
	median: number | null;
}

/** What puts rows on the disk. */
export type RowRecorder = Pick<Recorder, 'append' | 'commit' | 'touch' | 'end'>;

/** A pause that waits for its end. */
interface Pause {
	over: Promise<void>;
	end: () => void;
}

export class ScreeningPipeline {
	readonly engine: ReadingEngine;
	readonly #worklist: Worklist;
	readonly #recorder: RowRecorder;
	readonly #added: AddedFiles;
	readonly #pace = new Pace();
	#pause: Pause | null = $state.raw(null);
	/** Aborted when the list leaves the page. */
	#list = new AbortController();
	/** Aborted when what is being read is not wanted any more: stopped, cleared, another model. */
	#run = new AbortController();
	/** Rows in a decoder or a lane. */
	readonly #reading = new Set<number>();
	/** Finished rows on their way to the disk; they are shown when they are there. */
	readonly #committing = new Set<number>();
	/** No row before this one waits. */
	#cursor = 0;
	/** Files that the present reader works on side by side. */
	#workers = 0;

	constructor(engine: ReadingEngine, worklist: Worklist, recorder: RowRecorder) {
		this.engine = engine;
		this.#worklist = worklist;
		this.#recorder = recorder;
		this.#added = new AddedFiles(worklist, recorder);
	}

	get state(): ScreeningState {
		const { mode, total, isDone, readableCount } = this.#worklist;
		if (mode === 'following') return 'following';
		if (mode === 'loading' || total === 0) return 'idle';
		if (isDone) return 'done';
		if (readableCount === 0) return 'interrupted';
		return this.#pause ? 'paused' : 'running';
	}

	/** Problems of the list as a whole (folders that could not be opened). */
	get problems(): readonly Problem[] {
		return this.#added.problems;
	}

	/** Files looked at, of those that may be in the list already; null while none are. */
	get matching(): { done: number; total: number } | null {
		return this.#added.matching;
	}

	/** Images that a closed tab would lose: in a decoder, in a lane, or on their way to the disk. */
	get inFlight(): number {
		// Follows the list: whatever ends in here changes it.
		return this.#worklist.total > 0 ? this.#reading.size + this.#committing.size : 0;
	}

	get progress(): ScreeningProgress {
		const { total, finishedCount: done } = this.#worklist;
		const { perMinute, median } = this.#pace;
		return { done, total, perMinute, timeLeft: this.#pace.timeLeft(total - done), median };
	}

	/**
	 * Load a model into lanes; files that wait start at once. Any lanes of before are closed.
	 * @param forced a backend that the user or the address asks for.
	 */
	async useModel(model: ModelPackage, forced: Backend | null): Promise<void> {
		this.closeEngine();
		this.#worklist.readBy(model.manifest);
		if (await this.engine.start(model, forced)) this.#feed();
	}

	/** Close the lanes; what was in them waits again. */
	closeEngine(): void {
		this.#restart();
		this.engine.close();
		this.#workers = 0;
		for (const id of this.#reading) {
			this.#worklist.put({ ...this.#worklist.rows[id], status: 'waiting' });
		}
		this.#reading.clear();
		this.#cursor = 0;
	}

	/** Add files to the list; reading starts or goes on by itself. */
	add(collected: Collected): void {
		this.#added.add(collected, this.#list.signal, (change) => this.#change(change));
	}

	pause(): void {
		if (this.state !== 'running') return;
		this.#pace.reset();
		this.#pause = newPause();
	}

	/** Go on after `pause`. */
	goOn(): void {
		this.#endPause();
		this.#feed();
	}

	/** Stop: what is done stays, what is not is marked as stopped. */
	stop(): void {
		if (this.#worklist.isFollowing) return;
		this.#restart();
		this.#reading.clear();
		const time = new Date().toISOString();
		const stopped = this.#worklist.rows
			.filter((row) => isUnfinished(row) && !this.#committing.has(row.id))
			.map((row): Row => ({ ...row, status: 'stopped', time }));
		for (const row of stopped) this.#worklist.put(row);
		void this.#recorder.commit(stopped);
		this.#settle();
	}

	/** Forget the list; where it is kept, it stays kept as it is. The engine stays ready. */
	clear(): void {
		this.#recorder.end();
		this.#list.abort();
		this.#list = new AbortController();
		this.#restart();
		this.#reading.clear();
		this.#committing.clear();
		this.#worklist.clear();
		this.#pace.clear();
		this.#cursor = 0;
		this.#added.clear();
		this.#endPause();
	}

	/** Try the images again that failed or were stopped. */
	retryFailed(): void {
		if (this.#worklist.isFollowing) return;
		const again = this.#worklist.rows
			.filter(({ status }) => status === 'failed' || status === 'stopped')
			.map((row): Row => ({ ...row, status: 'waiting', problem: null }));
		if (again.length === 0) return;
		this.#change(() => {
			for (const row of again) this.#worklist.put(row);
			void this.#recorder.commit(again);
		});
	}

	/** Whether one image can be read again, with its film marked. */
	canCrop(id: number): boolean {
		const row = this.#worklist.rows.at(id);
		return (
			row !== undefined &&
			hasPixels(row) &&
			!this.#worklist.isDetached(id) &&
			!this.#worklist.isFollowing
		);
	}

	/**
	 * Read one image again: of the picture only the film that a person marked, or, with null, all
	 * of it.
	 */
	crop(id: number, corners: Corners | null): void {
		if (this.canCrop(id)) this.#readAgain(recropped(this.#worklist.rows[id], corners));
	}

	/** Read one image again within outlines that a person drew, or, with null, as they are found. */
	redraw(id: number, drawn: readonly Polygon[] | null): void {
		if (this.canCrop(id)) this.#readAgain(redrawn(this.#worklist.rows[id], drawn));
	}

	/**
	 * The images that can be read again as photographs of films: pictures of no DICOM file, that
	 * nobody marked and that were not looked through yet.
	 */
	get photographs(): readonly Row[] {
		return this.#worklist.rows.filter(
			(row) =>
				row.facts === null &&
				row.corners === null &&
				row.drawn === null &&
				!row.findsFilm &&
				this.canCrop(row.id)
		);
	}

	/** Read images again, of each the film that the program finds in it. */
	findFilms(rows: readonly Row[]): void {
		this.#readAgain(...rows.filter(({ id }) => this.canCrop(id)).map(withFilmFound));
	}

	#readAgain(...rows: Row[]): void {
		this.#change(() => {
			for (const row of rows) this.#worklist.put(row, true);
			void this.#recorder.commit(rows);
		});
	}

	/** Change the list, and go on: there is something to read, or all there was is found to be done. */
	#change(change: () => void): void {
		const before = this.state;
		change();
		this.#cursor = 0;
		// The time between two lists is no time spent on images.
		if (before !== 'running' && this.state === 'running') this.#pace.reset();
		this.#settle();
		this.#feed();
	}

	/** Start as many workers as are wanted; each takes the next waiting file until none is left. */
	#feed(): void {
		const { reader } = this.engine;
		while (reader && this.#workers < reader.wanted && this.#hasWaiting()) {
			this.#workers++;
			void this.#work(reader).finally(() => {
				if (this.engine.reader !== reader) return;
				this.#workers--;
				// Files added while the last worker ended.
				if (!this.#pause) this.#feed();
			});
		}
	}

	async #work(reader: Reader): Promise<void> {
		while (this.#hasWaiting()) {
			await this.#pause?.over;
			if (this.engine.reader !== reader || !this.#hasWaiting()) return;
			const row = this.#worklist.rows[this.#cursor++];
			this.#reading.add(row.id);
			this.#worklist.put({ ...row, status: 'reading' });
			await reader.read(row.entry, this.#run.signal, (result) => this.#finish(row.id, result));
		}
	}

	/** Whether a file waits that is on the page; the cursor is then at its row. */
	#hasWaiting(): boolean {
		const { rows } = this.#worklist;
		while (this.#cursor < rows.length && !this.#canRead(rows[this.#cursor])) this.#cursor++;
		return this.#cursor < rows.length;
	}

	#canRead({ id, status }: Row): boolean {
		return status === 'waiting' && !this.#worklist.isDetached(id);
	}

	/** Show a result when it is on the disk, or at once where nothing is kept. */
	#finish(id: number, result: ReadResult): void {
		if (result.status === 'done') this.#pace.tick(performance.now());
		const read: Row = { ...this.#worklist.rows[id], ...result, time: new Date().toISOString() };
		// From now on it is the film that was found that is shown.
		const row = read.findsFilm ? { ...read, entry: entryOf(read) } : read;
		this.#reading.delete(id);
		this.#committing.add(id);
		const { finishedCount, total } = this.#worklist;
		// Behind the last one no other comes that it could wait for.
		const canWait = finishedCount + this.#committing.size < total;
		const { signal } = this.#list;
		void this.#recorder.commit([row], canWait).then(() => {
			if (signal.aborted) return;
			this.#committing.delete(id);
			this.#worklist.put(row);
			this.#settle();
		});
	}

	/** Where the list came to an end a pause does, too, and its record says how it stands. */
	#settle(): void {
		const { state } = this;
		if (state !== 'done' && state !== 'interrupted') return;
		this.#endPause();
		this.#recorder.touch();
	}

	/** What is being read is not wanted any more. */
	#restart(): void {
		this.#run.abort();
		this.#run = new AbortController();
		this.engine.drop();
	}

	#endPause(): void {
		this.#pause?.end();
		this.#pause = null;
	}
}

function newPause(): Pause {
	let end: () => void = () => undefined;
	const over = new Promise<void>((resolve) => (end = resolve));
	return { over, end };
}
