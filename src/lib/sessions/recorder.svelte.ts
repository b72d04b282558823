/**
 * Puts the list on the page into storage while it grows, and brings a stored one back: as its
 * owner, or, where another tab works on it, as its mirror.
 */
import { withArchives } from '../intake/archives';
import type { Collected } from '../intake/entries';
import type { OperatingPoint } from '../models/manifest';
import { failed, succeeded, type Outcome, type Problem } from '../problems/problems';
import { storageProblem } from '../storage/database';
import type { Worklist } from '../worklist/list.svelte';
import type { Row } from '../worklist/row';
import type { Channel } from './channel';
import { entriesOfHandles, mayRead } from './folder';
import { GroupCommitWriter, type Group } from './group-commit-writer.svelte';
import { keepFolders, readFolders } from './kept-folders';
import type { Claim } from './locks';
import { Mirror } from './mirror';
import { loadSession, type FoundSession } from './session-loader';
import { nameOf, RecordCounter, type ListFacts, type OpenSession } from './session-record';
import { newId, readSession, writeChanges } from './store';
import type { Tabs } from './tabs';
import { recordOf } from './stored-row';

/** A session that is shown. */
export interface OpenedSession {
	/** Id of the operating point that it was left at; '' where it has none. */
	point: string;
	/**
	 * Where another tab works on it: settles with true when that tab let go and this one has the
	 * list, or with false when the list left the page first.
	 */
	owned: Promise<boolean> | null;
}

/** The list on the page as it goes to the disk. */
interface Recording {
	writer: GroupCommitWriter<Row>;
	/** Each row as it was handed over last. */
	rows: Row[];
	/** What holds of the list; of one that left the page, what held of it then. */
	facts: () => ListFacts;
	/** Tells other tabs what was written. */
	channel: Channel;
}

export class Recorder {
	readonly #worklist: Worklist;
	readonly #points: { readonly inForce: OperatingPoint | null };
	readonly #tabs: Tabs;
	#session: OpenSession | null = $state.raw(null);
	#recording: Recording | null = $state.raw(null);
	#mirrorProblem: Problem | null = $state.raw(null);
	#hasFolders = $state(false);
	#tookOver = $state(false);
	#claim: Claim | null = null;
	/** Aborted when the list leaves the page. */
	#list = new AbortController();
	/** The last writes of the list that left the page. */
	#leaving: Promise<void> = Promise.resolve();

	/** @param points knows the operating point in force. */
	constructor(worklist: Worklist, points: { readonly inForce: OperatingPoint | null }, tabs: Tabs) {
		this.#worklist = worklist;
		this.#points = points;
		this.#tabs = tabs;
	}

	/** What is kept of the list on the page; null while nothing is. */
	get session(): OpenSession | null {
		return this.#session;
	}

	/** Why new results are not kept; null while they are. */
	get problem(): Problem | null {
		return this.#recording?.writer.problem ?? this.#mirrorProblem;
	}

	/** Whether the browser may open the list's folders again by itself. */
	get hasFolders(): boolean {
		return this.#hasFolders;
	}

	/** Whether the other tab let go of the list that this one mirrored. */
	get tookOver(): boolean {
		return this.#tookOver;
	}

	/** Whether what is done is, or will be in a moment, on the disk. */
	get works(): boolean {
		return this.#session !== null && this.problem === null;
	}

	/** Whether all that is done is there now: closing the page loses images in flight at most. */
	get isSettled(): boolean {
		return this.works && (this.#recording?.writer.isSettled ?? true);
	}

	/**
	 * Rows were added to the list; the first ones begin a session.
	 * @param handles what opens their folders again.
	 */
	append(rows: readonly Row[], handles: readonly FileSystemHandle[] = []): void {
		if (!this.#session && rows.length > 0) this.#begin(rows);
		this.#recording?.rows.push(...rows);
		this.#recording?.writer.append(rows);
		if (handles.length > 0) void this.#keepHandles(handles);
	}

	/**
	 * Write rows that changed.
	 * @param canWait whether they may wait a moment for others.
	 * @returns true when they are on the disk; false where they cannot be kept for now.
	 */
	commit(rows: readonly Row[], canWait = false): Promise<boolean> {
		const recording = this.#recording;
		if (!recording || rows.length === 0) return Promise.resolve(false);
		for (const row of rows) recording.rows[row.id] = row;
		return recording.writer.put(
			rows.map((row) => [row.id, row] as const),
			canWait
		);
	}

	/** Something of the list as a whole changed. */
	touch(): void {
		this.#recording?.writer.touch();
	}

	/** The list's name, as it was renamed elsewhere on the page. */
	rename(name: string): void {
		if (this.#session) this.#session = { ...this.#session, name };
	}

	/** Try at once to write what could not be written. */
	async retry(): Promise<void> {
		await this.#recording?.writer.retry();
	}

	/** The list leaves the page; what is not written yet still is. */
	end(): void {
		const recording = this.#recording;
		const claim = this.#claim;
		if (recording) {
			const facts = recording.facts();
			recording.facts = () => facts;
		}
		this.#leaving = (recording?.writer.close() ?? Promise.resolve()).then(() => {
			claim?.release();
			recording?.channel.close();
		});
		this.#list.abort();
		this.#list = new AbortController();
		this.#session = this.#recording = this.#claim = this.#mirrorProblem = null;
		this.#hasFolders = this.#tookOver = false;
	}

	/** Settles when the list that left the page last is on the disk, and free for other tabs. */
	left(): Promise<void> {
		return this.#leaving;
	}

	/** Look up a stored session. */
	async find(id: string): Promise<Outcome<FoundSession>> {
		try {
			const found = await readSession(id);
			return found ? succeeded(found) : failed('session-lost');
		} catch (error) {
			return { ok: false, problem: storageProblem(error) };
		}
	}

	/**
	 * Show a stored session; the page must be empty. Where another tab works on it, it is
	 * mirrored, and taken over when that tab lets go.
	 */
	async open(found: FoundSession): Promise<Outcome<OpenedSession>> {
		const { signal } = this.#list;
		const { id, name, startedAt, point } = found.session;
		try {
			await this.#leaving;
			const claim = await this.#tabs.locks.claimSession(id);
			if (signal.aborted) {
				claim?.release();
				return failed('session-lost');
			}
			this.#session = { id, name, startedAt };
			if (claim) {
				this.#claim = claim;
				await this.#own(found, signal);
				return succeeded({ point, owned: null });
			}
			const mirror = new Mirror(found, this.#worklist, this.#tabs.openChannel, signal);
			await mirror.shown();
			return succeeded({ point, owned: this.#takeOver(mirror, signal) });
		} catch (error) {
			return { ok: false, problem: storageProblem(error) };
		}
	}

	/**
	 * The files of the list's folders, where the browser has them and the user agrees.
	 * @param ask whether the browser may put the question; right after a click only.
	 * @returns null where they cannot be opened: the user adds the folder.
	 */
	async openFolders(ask: boolean): Promise<Collected | null> {
		const session = this.#session;
		if (!session) return null;
		try {
			const handles = await readFolders(session.id);
			if (!(await mayRead(handles, ask))) return null;
			return await withArchives(await entriesOfHandles(handles));
		} catch {
			return null;
		}
	}

	#begin(files: readonly Row[]): void {
		const id = newId();
		const { signal } = this.#list;
		this.#session = { id, name: nameOf(files), startedAt: new Date().toISOString() };
		this.#record(this.#session, []);
		// Nobody else knows this session yet: the claim is there before anybody asks.
		void this.#tabs.locks.claimSession(id).then((claim) => {
			if (signal.aborted) claim?.release();
			else this.#claim = claim;
		});
		// Kept against the browser's own tidying; it may say no, and the page says what holds.
		void globalThis.navigator?.storage?.persist?.().catch(() => false);
	}

	/** Show a session that this tab has the right to, and record what becomes of it. */
	async #own(found: FoundSession, signal: AbortSignal): Promise<void> {
		const { id, name, startedAt } = found.session;
		if (!(await loadSession(this.#worklist, found, 'own', signal))) return;
		this.#record({ id, name, startedAt }, [...this.#worklist.rows]);
		const hasFolders = (await readFolders(id)).length > 0;
		if (!signal.aborted) this.#hasFolders = hasFolders;
	}

	/** As soon as the other tab lets go this one has the list, read anew from the disk. */
	async #takeOver(mirror: Mirror, signal: AbortSignal): Promise<boolean> {
		try {
			const taken = await mirror.taken(this.#tabs.locks);
			if (!taken) return false;
			this.#claim = taken.claim;
			await this.#own(taken.found, signal);
			if (!signal.aborted) this.#tookOver = true;
			return !signal.aborted;
		} catch (error) {
			if (!signal.aborted) this.#mirrorProblem = storageProblem(error);
			return false;
		}
	}

	/** @param rows those that are on the disk already. */
	#record(session: OpenSession, rows: Row[]): void {
		const counter = new RecordCounter();
		const recording: Recording = {
			rows,
			writer: new GroupCommitWriter((group) => write(group), rows.length),
			facts: () => ({
				manifest: this.#worklist.manifest,
				point: this.#points.inForce,
				exported: !this.#worklist.unsaved,
				redCells: this.#worklist.redCells,
				patientRules: this.#worklist.patientRules,
				isBusy: this.#worklist.readableCount > 0
			}),
			channel: this.#tabs.openChannel()
		};
		this.#recording = recording;

		/** Write these rows, and what holds of the list now. */
		async function write(group: Group<Row>): Promise<void> {
			const facts = recording.facts();
			const record = counter.recordOf(session, recording.rows, facts);
			const results = await Promise.all(
				[...group.values()].map((row) => recordOf(session.id, row))
			);
			await writeChanges({ session: record, results, manifest: facts.manifest });
			recording.channel.tell({ kind: 'rows', session: session.id, indices: [...group.keys()] });
		}
	}

	async #keepHandles(handles: readonly FileSystemHandle[]): Promise<void> {
		const session = this.#session;
		const { signal } = this.#list;
		if (!session) return;
		// Without them the folder is added by hand.
		const isKept = await keepFolders(session.id, [...handles]).catch(() => false);
		if (isKept && !signal.aborted) this.#hasFolders = true;
	}
}
