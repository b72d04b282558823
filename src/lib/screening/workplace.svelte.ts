/** What the pages share: the model library, the session, what is kept, and what the user chose. */
import {
	asOperatingPoint,
	localId,
	LOCAL_PREFIX,
	type LocalPoint
} from '../calibration/local-point';
import { LocalPoints } from '../calibration/local-points.svelte';
import { isBackend, type Backend } from '../engine/backends';
import type { Collected } from '../intake/entries';
import { packagesAmong, type PackageFolder } from '../models/from-files';
import { ModelLibrary, type LibraryModel } from '../models/library.svelte';
import type { Manifest, OperatingPoint, Task } from '../models/manifest';
import { OFFERED_TASKS } from '../models/offered-tasks';
import type { ModelPackage } from '../models/store';
import { problem, type Problem } from '../problems';
import { operatingPointOf } from '../reading/score';
import { saveCsv } from '../report/save';
import { Passphrase } from '../sessions/passphrase.svelte';
import { KeptSessions } from '../sessions/sessions.svelte';
import { markExported, readPaths } from '../sessions/store';
import { readSetting, writeSetting, type StoredSession } from '../storage/database';
import { withTimeLimit } from '../time-limit';
import { Arrivals } from './arrivals.svelte';
import { Awake } from './awake';
import { Bell } from './bell.svelte';
import { KeptList } from './kept-list.svelte';
import { reportOfKept } from './kept-row';
import { ScreeningSession } from './session.svelte';

/** Storage that does not answer must not keep the page from showing. */
const LOOK_LIMIT_MS = 2000;

class Workplace {
	readonly library = new ModelLibrary();
	readonly session = new ScreeningSession();
	/** Keeps the session's list. */
	readonly kept = new KeptList(this.session, () => this.point);
	/** All that was kept. */
	readonly sessions = new KeptSessions();
	readonly passphrase = new Passphrase(() => this.followPassphrase());
	readonly awake = new Awake();
	readonly bell = new Bell();
	readonly localPoints = new LocalPoints();
	readonly arrivals = new Arrivals((collected, handles) => this.add(collected, handles));
	/** Whether it is known what the pages show: the models, what the user chose, the last list. */
	ready = $state(false);
	/** What came of models that were added as files, until the next are. */
	fromFiles: { name: string; problem: Problem | null }[] = $state.raw([]);
	/** What is looked for in the next list; null where the site has no model. */
	task: Task | null = $state(null);
	/** The backend that the user or the address asks for; null for the automatic choice. */
	forced: Backend | null = $state(null);
	/** Ids of the models that the user chose, by task. */
	private chosen: Partial<Record<Task, string>> = $state({});
	/** Ids of the operating points that the user chose, by model. */
	private points: Record<string, string> = $state({});
	/** The operating point that an opened list was left at. */
	private listPoint: string | null = $state(null);
	private started = false;
	/** The package in use, kept so that a list can go on with it. */
	private loaded: ModelPackage | null = null;
	/** Rises with each model that is opened: an earlier one that is late is let go. */
	private opening = 0;
	/** Files that came before it was known whether sessions are locked, or while they are. */
	private heldBack: { collected: Collected; handles: FileSystemHandle[] }[] = [];
	/** While a kept list is being shown no model may be given to the session. */
	private showing = false;

	/** What can be looked for; before the catalog was read, what the site was built with. */
	get tasks(): readonly Task[] {
		return this.ready ? this.library.tasks.map(({ task }) => task) : OFFERED_TASKS;
	}

	/** The models of the task, the recommended one first. */
	get models(): LibraryModel[] {
		return this.modelsOf(this.task);
	}

	/** The model that reads the next list. */
	get model(): LibraryModel | undefined {
		return this.task ? this.modelFor(this.task) : undefined;
	}

	/** The model of what is on the page: a list with results keeps its own. */
	get shownModel(): LibraryModel | undefined {
		const { manifest } = this.session;
		return manifest ? this.library.find(manifest.id) : this.model;
	}

	/** The task of what is on the page. */
	get shownTask(): Task | null {
		return this.session.manifest?.task ?? this.task;
	}

	/** The operating point in force. */
	get point(): OperatingPoint | null {
		const manifest = this.session.manifest ?? this.model?.manifest;
		if (!manifest) return null;
		return this.pointOf(manifest, this.pointId(manifest));
	}

	/** Why the local point that the user chose does not decide; null where all is as chosen. */
	get pointProblem(): Problem | null {
		const manifest = this.session.manifest ?? this.model?.manifest;
		if (!manifest) return null;
		const id = this.pointId(manifest);
		if (!id?.startsWith(LOCAL_PREFIX)) return null;
		const kept = this.localPoints.of(manifest);
		return kept && localId(kept.point) === id ? kept.problem : problem('point-gone');
	}

	/**
	 * The model that reads for a task: the user's choice, else one that is on the device, else
	 * the recommended one.
	 */
	modelFor(task: Task): LibraryModel | undefined {
		const models = this.modelsOf(task);
		const chosen = models.find(({ id }) => id === this.chosen[task]);
		return chosen ?? models.find(({ stored }) => stored) ?? models[0];
	}

	/**
	 * Look at the device and the address, and get the stored model ready. Called once a page.
	 * @param base the site's root path.
	 * @param query the address's parameters: `model` and `backend` force a choice, `shared` says
	 * what came of a share.
	 */
	async start(base: string, query: URLSearchParams): Promise<void> {
		if (this.started) return;
		this.started = true;
		this.kept.onTakeOver = () => void this.openModel();
		// What is kept is offered before any model is looked for.
		const looked = this.startSessions();
		void this.bell.start();
		const asked = query.get('backend') ?? (await readSetting('backend')) ?? null;
		this.forced = isBackend(asked) ? asked : null;
		const kept = await readSetting('task');
		await this.library.load(base);
		const { tasks } = this.library;
		for (const { task, models } of tasks) {
			this.chosen[task] = await readSetting(`model ${task}`);
			for (const { id } of models) {
				const point = await readSetting(`point ${id}`);
				if (point !== undefined) this.points[id] = point;
				await this.localPoints.load(id);
			}
		}
		const wanted = this.library.find(query.get('model'));
		if (wanted?.manifest) this.chosen[wanted.manifest.task] = wanted.id;
		const known = tasks.find(({ task }) => task === (wanted?.manifest?.task ?? kept));
		this.task = (known ?? tasks[0])?.task ?? null;
		// Once it is known which list could go on with them.
		void looked.then(() => this.arrivals.takeShared(query.get('shared')));
		void withTimeLimit(looked, LOOK_LIMIT_MS)
			.catch(() => undefined)
			.then(() => (this.ready = true));
		await this.openModel();
	}

	/**
	 * Load the chosen model into the engine, where it is stored. A list that has results keeps
	 * the model and version that made them, whatever was chosen or stored meanwhile.
	 */
	async openModel(): Promise<void> {
		const { session, loaded } = this;
		const turn = ++this.opening;
		if (this.showing) return;
		if (session.state === 'following') {
			session.closeEngine();
			return;
		}
		const made = session.finishedCount > 0 ? session.manifest : null;
		if (loaded && made && isSame(loaded.manifest, made)) {
			await session.useModel(loaded, this.forced);
			return;
		}
		const model = made ? this.library.find(made.id) : this.model;
		if (made && this.refuseOther(model, made)) return;
		if (session.manifest && session.manifest.id !== model?.id) this.dropModel();
		if (!model?.stored) {
			session.closeEngine();
			return;
		}
		session.engine = 'starting';
		session.engineProblem = null;
		const opened = await this.library.open(model);
		if (turn !== this.opening) return;
		if (opened.ok) {
			this.loaded = opened.value;
			await session.useModel(opened.value, this.forced);
		} else {
			session.closeEngine();
		}
	}

	/** Bring a model onto the device, and load it where it is the one that reads. */
	async downloadModel(model = this.model): Promise<void> {
		if (!model || !(await this.library.download(model))) return;
		if (model === this.model || model === this.shownModel) await this.openModel();
	}

	/** Take a model off the device; images that wait for it go on waiting. */
	async removeModel(model: LibraryModel): Promise<void> {
		const task = model.manifest?.task;
		const isReading = model === this.shownModel;
		if (isReading) this.session.closeEngine();
		await this.library.remove(model);
		if (task && this.chosen[task] === model.id) {
			this.chosen[task] = undefined;
			await writeSetting(`model ${task}`, '');
		}
		if (isReading) await this.changeModel();
	}

	/** Begin a new list, and load what was chosen or stored meanwhile. The old one stays kept. */
	async startOver(): Promise<void> {
		void this.arrivals.forget();
		this.session.clear();
		this.session.engineProblem = null;
		this.listPoint = null;
		// Whoever begins a new list need not be offered the old one.
		this.sessions.declined = true;
		void this.kept.left().then(() => this.sessions.refresh());
		const { manifest, engine } = this.session;
		const stored = this.model?.stored;
		const isReady = engine !== 'none' && manifest && stored && isSame(manifest, stored);
		if (!isReady) await this.openModel();
	}

	/** Whether the list on the page would be lost if it left: it is neither kept nor saved. */
	get wouldLose(): boolean {
		const { state, unsaved, total } = this.session;
		const isBusy = state === 'running' || state === 'paused';
		return total > 0 && state !== 'following' && !this.kept.works && (unsaved || isBusy);
	}

	/**
	 * The last list, where it is worth going on with: unfinished, in no saved file, or being
	 * read in another tab.
	 */
	get offer(): StoredSession | null {
		const { list, inUse, declined } = this.sessions;
		const last = list.at(0);
		if (!last || declined || this.kept.kept) return null;
		return isUnfinished(last) || !last.exported || inUse.has(last.id) ? last : null;
	}

	/** Store models that were added as files, one after the other, and read with them. */
	private async takePackages(packages: readonly PackageFolder[]): Promise<void> {
		this.fromFiles = [];
		for (const folder of packages) {
			const outcome = await this.library.take(folder);
			const taken = outcome.ok
				? { name: `${outcome.value.name} ${outcome.value.version}`, problem: null }
				: { name: folder.path, problem: outcome.problem };
			this.fromFiles = [...this.fromFiles, taken];
			if (!outcome.ok) continue;
			this.task ??= outcome.value.task;
			const model = this.library.find(outcome.value.id);
			if (model && (model === this.model || model === this.shownModel)) await this.openModel();
		}
	}

	/**
	 * Add files to the list on the page. Where there is none yet, and they are the files of the
	 * unfinished list that is offered, that one goes on: what is done is not read twice.
	 * @param handles what opens their folders again, where the browser gives that.
	 */
	add(collected: Collected, handles: FileSystemHandle[] = []): void {
		const { state } = this.passphrase;
		if (state === 'locked' || (state === 'looking' && this.started)) {
			this.heldBack.push({ collected, handles });
			return;
		}
		const { packages, rest } = packagesAmong(collected.entries);
		if (packages.length > 0) {
			void this.takePackages(packages);
			// What came with a model in its folder is no list.
			if (rest.length === 0 && collected.problems.length === 0) return;
			collected = { ...collected, entries: rest };
		}
		const { offer } = this;
		const mayGoOn = offer && isUnfinished(offer) && !this.sessions.inUse.has(offer.id);
		if (mayGoOn && collected.entries.length > 0) void this.addToOffered(offer, collected, handles);
		else this.addHere(collected, handles);
	}

	/**
	 * Show a kept session in place of the list on the page, at once and without a model; then
	 * get its model ready to go on.
	 */
	async openKept(id: string): Promise<Problem | null> {
		if (this.kept.kept?.id === id) return null;
		const trouble = await this.showKept(id);
		await this.readyModel();
		return trouble;
	}

	/**
	 * The same, and read on where the browser still has the list's folder. Call it in answer to
	 * a click, which lets the browser ask whether it may open the folder.
	 */
	async goOnWith(id: string): Promise<Problem | null> {
		if (this.kept.kept?.id === id) return null;
		const trouble = await this.showKept(id);
		// Neither is waited for: the list is there, and a click counts for a few seconds only.
		void this.readyModel();
		if (!trouble && this.session.state === 'interrupted') void this.kept.findFolders(true);
		return trouble;
	}

	/** Save a kept session as a table. */
	async exportKept(session: StoredSession): Promise<void> {
		const rows = await this.sessions.attempt(() =>
			reportOfKept(session.id, (manifest, id) => this.pointOf(manifest, id))
		);
		if (!rows) return;
		saveCsv(rows);
		if (this.kept.kept?.id === session.id) this.session.markSaved();
		else await this.sessions.attempt(() => markExported(session.id));
	}

	/** Delete a kept session; where it is the list on the page, that is emptied. */
	async removeKept(session: StoredSession): Promise<void> {
		if (this.kept.kept?.id === session.id && this.session.state !== 'following') {
			await this.leave();
		}
		await this.sessions.remove(session);
	}

	async removeAllKept(): Promise<void> {
		if (this.kept.kept && this.session.state !== 'following') await this.leave();
		await this.sessions.removeAll();
	}

	async renameKept(session: StoredSession, name: string): Promise<void> {
		const given = await this.sessions.rename(session, name);
		if (this.kept.kept?.id === session.id) this.kept.rename(given);
	}

	/** Whether locking would cost work: then it waits. */
	get mayLock(): boolean {
		const { state, inFlight } = this.session;
		const isBusy = state === 'running' || inFlight > 0 || this.passphrase.converting !== null;
		return !isBusy && !this.wouldLose;
	}

	/** Lock the sessions in all tabs, as the user asks. */
	async lock(): Promise<void> {
		this.passphrase.tellLock();
		await this.lockHere();
	}

	/** Lock if the user is away or locked another tab, as soon as it costs no work. */
	lockWhenDue(): void {
		if (this.passphrase.isDue && this.mayLock) void this.lockHere();
	}

	/** Enter the passphrase: what is kept is there again. */
	async unlock(passphrase: string): Promise<Problem | null> {
		const trouble = await this.passphrase.unlock(passphrase);
		if (!trouble) await this.sessionsReadable();
		return trouble;
	}

	/** Delete what is locked and go on without a passphrase. */
	async forgetLocked(): Promise<Problem | null> {
		const trouble = await this.passphrase.forget();
		if (!trouble) await this.sessionsReadable();
		return trouble;
	}

	private async startSessions(): Promise<void> {
		await this.passphrase.start();
		await this.sessions.start();
		this.releaseHeldBack();
	}

	private async lockHere(): Promise<void> {
		await this.passphrase.lock(async () => {
			await this.leave();
			this.sessions.forget();
		});
	}

	/** Another tab set or removed the passphrase. */
	private followPassphrase(): void {
		if (this.passphrase.state === 'locked') {
			void this.leave().then(() => this.sessions.forget());
		} else {
			void this.sessionsReadable();
		}
	}

	private async sessionsReadable(): Promise<void> {
		await this.sessions.refresh();
		this.releaseHeldBack();
	}

	private releaseHeldBack(): void {
		if (this.passphrase.state === 'locked') return;
		for (const { collected, handles } of this.heldBack.splice(0)) this.add(collected, handles);
	}

	/** Look for something else from now on. A list with results keeps its model. */
	async chooseTask(task: Task): Promise<void> {
		if (task === this.task) return;
		this.task = task;
		// The model first: images that are dropped meanwhile must not be read by the other.
		const change = this.changeModel();
		await writeSetting('task', task);
		await change;
	}

	/** Read the next list with this model, and look for what it knows. */
	async chooseModel(model: LibraryModel): Promise<void> {
		if (!model.manifest) return;
		const { task } = model.manifest;
		this.chosen[task] = model.id;
		this.task = task;
		const change = this.changeModel();
		await writeSetting(`model ${task}`, model.id);
		await writeSetting('task', task);
		await change;
	}

	async chooseBackend(backend: Backend | null): Promise<void> {
		this.forced = backend;
		await writeSetting('backend', backend ?? 'auto');
		await this.openModel();
	}

	choosePoint(id: string): void {
		const model = this.session.manifest?.id ?? this.model?.id;
		if (!model) return;
		this.points[model] = id;
		if (this.listPoint !== null) this.listPoint = id;
		this.kept.touch();
		void writeSetting(`point ${model}`, id);
	}

	/**
	 * Keep a local point and let it decide from now on.
	 * @returns what went wrong with keeping it.
	 */
	async useLocalPoint(point: LocalPoint): Promise<Problem | null> {
		this.points[point.model] = localId(point);
		if (this.listPoint !== null && this.session.manifest?.id === point.model) {
			this.listPoint = localId(point);
		}
		this.kept.touch();
		const trouble = await this.localPoints.keep(point);
		await writeSetting(`point ${point.model}`, localId(point));
		return trouble;
	}

	/** Forget the local point of a model; its default decides where the local one did. */
	async removeLocalPoint(model: string): Promise<void> {
		await this.localPoints.remove(model);
		if (this.session.manifest?.id === model && this.listPoint?.startsWith(LOCAL_PREFIX)) {
			this.listPoint = '';
		}
		if (!this.wantsLocal(model)) return;
		this.points[model] = '';
		await writeSetting(`point ${model}`, '');
	}

	/** Whether the user chose the local point of a model, in force or not. */
	private wantsLocal(model: string): boolean {
		return this.points[model]?.startsWith(LOCAL_PREFIX) ?? false;
	}

	/** Id of the point that was chosen for the list on the page, or for lists of the model. */
	private pointId(manifest: Manifest): string | null {
		return this.listPoint ?? this.points[manifest.id] ?? null;
	}

	/** A point by its id: the local one while it is in force, the model's own, or its default. */
	private pointOf(manifest: Manifest, id: string | null): OperatingPoint {
		const local = this.localPoints.inForce(manifest);
		return local && localId(local) === id
			? asOperatingPoint(local)
			: operatingPointOf(manifest, id);
	}

	private modelsOf(task: Task | null): LibraryModel[] {
		return this.library.tasks.find((group) => group.task === task)?.models ?? [];
	}

	/** A list with results goes on as it is; else the chosen model takes the engine. */
	private async changeModel(): Promise<void> {
		if (this.session.finishedCount > 0 && this.session.manifest) return;
		await this.openModel();
	}

	private addHere(collected: Collected, handles: FileSystemHandle[]): void {
		const isTaken = collected.entries.length > 0 && this.session.state !== 'following';
		if (isTaken) this.kept.useHandles(handles);
		this.session.add(collected);
	}

	private async showKept(id: string): Promise<Problem | null> {
		// No lane of another model may get hold of the list's files, now or when it comes late.
		this.opening++;
		this.showing = true;
		this.session.closeEngine();
		this.session.engineProblem = null;
		try {
			const opened = await this.kept.open(id);
			if ('code' in opened) return opened;
			this.listPoint = opened.point || null;
			return null;
		} finally {
			this.showing = false;
		}
	}

	/** Get the list's model ready; before the library was looked at `start` does it. */
	private async readyModel(): Promise<void> {
		if (this.library.ready) await this.openModel();
	}

	private async addToOffered(
		offer: StoredSession,
		collected: Collected,
		handles: FileSystemHandle[]
	): Promise<void> {
		try {
			const known = await readPaths(offer.id);
			const again = collected.entries.filter(({ path }) => known.has(path)).length;
			if (2 * again > collected.entries.length) await this.openKept(offer.id);
		} catch {
			// A new list, then; the old one is where it was.
		}
		this.addHere(collected, handles);
	}

	/** Empty the page, and wait until what it held is on the disk and free. */
	private async leave(): Promise<void> {
		await this.startOver();
		await this.kept.left();
	}

	/**
	 * Whether a list cannot go on because the version that read it is not on the device, and
	 * cannot be downloaded. Another version's results would not compare.
	 */
	private refuseOther(model: LibraryModel | undefined, made: Manifest): boolean {
		const version = model?.stored?.version ?? model?.offered?.version;
		if (version === made.version) return false;
		this.session.closeEngine();
		this.session.engineProblem = problem('session-model-gone', { version: made.version });
		return true;
	}

	/** Let go of the model in the engine: another one is wanted, which may not be stored. */
	private dropModel(): void {
		this.session.closeEngine();
		this.session.manifest = null;
		this.session.engineProblem = null;
		this.loaded = null;
	}
}

function isUnfinished({ finished, total }: StoredSession): boolean {
	return finished < total;
}

function isSame(a: Manifest, b: Manifest): boolean {
	return a.id === b.id && a.version === b.version;
}

export const workplace = new Workplace();
