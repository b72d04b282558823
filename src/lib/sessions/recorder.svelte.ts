/**
 * Keeps the list on the page in storage while it grows, and brings one back: as its owner,
 * or, where another tab works on it, as its mirror.
 */
import { withArchives } from '../intake/archives';
import type { Entry } from '../intake/entries';
import type { Manifest, OperatingPoint } from '../models/manifest';
import { problem, type Problem } from '../problems/problems';
import { Channel } from './channel';
import { claimSession, type Claim } from './claim';
import { entriesOfHandles, mayRead } from './folder';
import { keepFolders, readFolders } from './kept-folders';
import { GroupCommitWriter } from './group-commit-writer';
import { newId, readResults, readSession, writeChanges } from './store';
import { storageProblem, type StoredSession } from '../storage/database';
import { nameOf, Records, type Kept } from './session-record';
import { lostRow, recordOf, rowOf } from './stored-row';
import { Mirror, type Found } from './mirror';
import type { Row } from '../worklist/row';
import type { Keeping, ScreeningSession } from '../screening/session.svelte';

/** What is written: the list on the page, or, when it has left, what it was then. */
interface Source {
	row(id: number): Row;
	record(): StoredSession;
	manifest(): Manifest | null;
}

export class KeptList implements Keeping {
	/** What is kept of the list on the page; null while nothing is. */
	kept: Kept | null = $state.raw(null);
	/** Why new results are not kept; null while they are. */
	problem: Problem | null = $state.raw(null);
	/** Whether the browser may open the list's folders again by itself. */
	hasFolders = $state(false);
	/** Whether the other tab let go of the list that this one mirrored. */
	tookOver = $state(false);

	/** Called when this tab has the list that it mirrored. */
	onTakeOver: () => void = () => undefined;

	private keeper: GroupCommitWriter | null = null;
	private source: Source | null = null;
	/** The last writes of the list that left the page. */
	private leaving: Promise<void> = Promise.resolve();
	private claim: Claim | null = null;
	/** Where another tab works on the list. */
	private mirror: Mirror | null = null;
	/** Tells other tabs what was written. */
	private channel: Channel | null = null;
	private readonly records: Records;
	/** Folders of the drop that is about to be added. */
	private handles: FileSystemHandle[] = [];

	constructor(
		private readonly session: ScreeningSession,
		pointOf: () => OperatingPoint | null
	) {
		this.records = new Records(session, pointOf);
		session.keeping = this;
	}

	/** Whether what is done is, or will be in a moment, on the disk. */
	get works(): boolean {
		return this.kept !== null && this.problem === null;
	}

	/** Whether all that is done is there now: closing the page loses images in flight at most. */
	get isSettled(): boolean {
		return this.works && (this.keeper?.isSettled ?? true);
	}

	/** The list's name, as it was renamed elsewhere on the page. */
	rename(name: string): void {
		if (this.kept) this.kept = { ...this.kept, name };
	}

	/** What opens the folders again of which files are about to be added. */
	useHandles(handles: FileSystemHandle[]): void {
		this.handles = handles;
		if (this.kept && this.keeper) this.storeHandles();
	}

	begin(entries: readonly Entry[]): void {
		const id = newId();
		this.kept = { id, name: nameOf(entries), startedAt: new Date().toISOString() };
		this.startKeeper(0);
		// Nobody else knows this session yet: the claim is there before anybody asks.
		void claimSession(id).then((claim) => this.hold(id, claim));
		this.storeHandles();
		// Kept against the browser's own tidying; it may say no, and the page says what holds.
		void globalThis.navigator?.storage?.persist?.().catch(() => false);
	}

	grow(total: number): void {
		this.keeper?.grow(total);
	}

	keep(ids: readonly number[], canWait = false): Promise<unknown> {
		return this.keeper?.keep(ids, canWait) ?? Promise.resolve(false);
	}

	touch(): void {
		this.keeper?.touch();
	}

	end(): void {
		const { keeper, claim, channel, kept, source, session } = this;
		if (keeper && kept && source) {
			// What is not written yet still belongs to the list that leaves.
			const rows = session.rows.map(({ id }) => session.latest(id));
			const record = this.records.of(kept);
			const { manifest } = session;
			source.row = (id) => rows[id];
			source.record = () => record;
			source.manifest = () => manifest;
		}
		this.leaving = (keeper?.close() ?? Promise.resolve()).then(() => {
			claim?.release();
			channel?.close();
		});
		this.mirror?.close();
		this.keeper = this.source = this.claim = this.mirror = null;
		this.channel = this.kept = null;
		this.problem = null;
		this.records.forget();
		this.hasFolders = this.tookOver = false;
		this.handles = [];
	}

	/** Settles when the list that left the page last is on the disk, and free for other tabs. */
	left(): Promise<void> {
		return this.leaving;
	}

	/** Try at once to write what could not be written. */
	async retry(): Promise<void> {
		await this.keeper?.retry();
	}

	/**
	 * Show a kept session in place of the list on the page. Where another tab works on it, it
	 * is mirrored, and taken over when that tab lets go.
	 * @returns the session, or the problem that stands in its place.
	 */
	async open(id: string): Promise<StoredSession | Problem> {
		try {
			const found = await readSession(id);
			if (!found) return problem('session-lost');
			this.session.clear();
			await this.leaving;
			const claim = await claimSession(id);
			const { name, startedAt } = found.session;
			this.kept = { id, name, startedAt };
			if (claim) {
				this.hold(id, claim);
				await this.show(found, false);
			} else {
				const mirror = new Mirror(id, this.session, found, (now) => this.show(now, true));
				this.mirror = mirror;
				await mirror.shown();
				this.takeOver(mirror).catch((error: unknown) => (this.problem = storageProblem(error)));
			}
			return found.session;
		} catch (error) {
			// Half a list would look like a whole one.
			this.session.clear();
			return storageProblem(error);
		}
	}

	/**
	 * Open the list's folders again, where the browser has them and the user agrees.
	 * @param ask whether the browser may put the question; right after a click only.
	 * @returns false where they cannot be opened: the user adds the folder.
	 */
	async findFolders(ask: boolean): Promise<boolean> {
		const { kept, session } = this;
		if (!kept) return false;
		try {
			const handles = await readFolders(kept.id);
			if (!(await mayRead(handles, ask))) return false;
			const collected = await withArchives(await entriesOfHandles(handles));
			// The user may have gone on to another list meanwhile.
			if (this.kept?.id !== kept.id) return true;
			session.add(collected);
			return true;
		} catch {
			return false;
		}
	}

	private async show({ session: stored, manifest }: Found, following: boolean): Promise<void> {
		const { session } = this;
		if (manifest) session.manifest = manifest;
		for await (const part of readResults(stored.id)) {
			if (this.kept?.id !== stored.id) return;
			const rows: Row[] = [];
			for (const record of part) {
				while (session.total + rows.length < record.index) {
					rows.push(lostRow(session.total + rows.length));
				}
				rows.push(rowOf(record));
			}
			session.showKept(rows);
		}
		if (this.kept?.id !== stored.id) return;
		if (manifest) session.manifest = manifest;
		session.unsaved = session.finishedCount > 0 && !stored.exported;
		if (!following) this.startKeeper(session.total);
		session.settleKept(following);
		this.hasFolders = !following && (await readFolders(stored.id)).length > 0;
	}

	/** As soon as the other tab lets go this one has the list, read anew from the disk. */
	private async takeOver(mirror: Mirror): Promise<void> {
		const taken = await mirror.taken();
		if (!taken) return;
		if (this.mirror !== mirror) return taken.claim.release();
		mirror.close();
		this.mirror = null;
		this.hold(taken.found.session.id, taken.claim);
		await this.show(taken.found, false);
		this.tookOver = true;
		this.onTakeOver();
	}

	private hold(id: string, claim: Claim | null): void {
		if (this.kept?.id === id) this.claim = claim;
		else claim?.release();
	}

	private startKeeper(keptRows: number): void {
		const { kept } = this;
		if (!kept) return;
		const { session } = this;
		const channel = new Channel();
		this.channel = channel;
		const source: Source = {
			row: (id) => session.latest(id),
			record: () => this.records.of(kept),
			manifest: () => session.manifest
		};
		this.source = source;
		const keeper = new GroupCommitWriter((indices) => write(source, kept.id, indices), {
			onKept: (indices) => channel.tell({ kind: 'rows', session: kept.id, indices }),
			onProblem: (trouble) => {
				if (this.keeper === keeper) this.problem = trouble;
			}
		});
		keeper.begin(keptRows);
		this.keeper = keeper;
	}

	private storeHandles(): void {
		const { kept, handles } = this;
		if (!kept || handles.length === 0) return;
		this.handles = [];
		keepFolders(kept.id, handles).then(
			(isKept) => (this.hasFolders ||= isKept && this.kept?.id === kept.id),
			// Without them the folder is added by hand.
			() => undefined
		);
	}
}

/** Write these rows as they are now, and what holds of the list. */
async function write(source: Source, id: string, indices: readonly number[]): Promise<void> {
	const rows = indices.map((index) => source.row(index));
	const session = source.record();
	const manifest = source.manifest();
	const results = await Promise.all(rows.map((row) => recordOf(id, row)));
	await writeChanges({ session, results, manifest });
}
