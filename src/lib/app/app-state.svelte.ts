/**
 * What the pages share: the model library, the session, what is kept, and what the user chose.
 * It brings the rooms together; what each does is said there.
 */
import { isBackend, type Backend } from '../engine/backends';
import type { Collected } from '../intake/entries';
import { modelName } from '../models/card-messages';
import { packagesAmong, type PackageFolder } from '../models/from-files';
import { ModelLibrary, type LibraryModel } from '../models/library.svelte';
import type { Task } from '../tasks/task';
import { OFFERED_TASKS } from '../tasks/offered-tasks';
import type { Problem } from '../problems/problems';
import type { Passphrase } from '../sessions/passphrase.svelte';
import { KeptSessions } from '../sessions/sessions.svelte';
import { readSetting, writeSetting } from '../storage/database';
import { withTimeLimit } from '../base/time-limit';
import { Arrivals } from './arrivals.svelte';
import { ScreenWakeLock } from '../platform/wake-lock';
import { Notifier } from '../platform/notifier.svelte';
import { KeptList } from '../sessions/recorder.svelte';
import { LockDesk } from '../sessions/session-lock';
import { ModelInUse } from '../screening/model-in-use';
import { Points } from '../screening/points.svelte';
import { ScreeningSession } from '../screening/session.svelte';
import { SessionDesk } from './session-actions';

/** Storage that does not answer must not keep the page from showing. */
const LOOK_LIMIT_MS = 2000;

class Workplace {
	readonly library = new ModelLibrary();
	readonly session = new ScreeningSession();
	readonly points = new Points(
		this.session,
		() => this.model?.manifest,
		() => this.kept.touch()
	);
	/** Keeps the session's list. */
	readonly kept = new KeptList(this.session, () => this.points.inForce);
	/** All that was kept. */
	readonly sessions = new KeptSessions();
	readonly modelInUse = new ModelInUse(this.session, this.library, this);
	readonly sessionDesk = new SessionDesk(this);
	readonly awake = new ScreenWakeLock();
	readonly bell = new Notifier();
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
	private readonly lockDesk = new LockDesk(this);
	private started = false;

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
		const looked = this.lockDesk.start();
		void this.bell.start();
		const asked = query.get('backend') ?? (await readSetting('backend')) ?? null;
		this.forced = isBackend(asked) ? asked : null;
		const kept = await readSetting('task');
		await this.library.load(base);
		const { tasks } = this.library;
		for (const { task, models } of tasks) {
			this.chosen[task] = await readSetting(`model ${task}`);
			for (const { id } of models) await this.points.load(id);
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

	/** Load the model that is to read into the engine, where it is stored. */
	async openModel(): Promise<void> {
		await this.modelInUse.open();
	}

	/** Get the list's model ready; before the library was looked at `start` does it. */
	async readyModel(): Promise<void> {
		if (this.library.ready) await this.openModel();
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

	/** Begin a new list, and load what was chosen or stored meanwhile. The old one stays kept. */
	async startOver(): Promise<void> {
		void this.arrivals.forget();
		this.session.clear();
		this.session.engineProblem = null;
		this.points.showList(null);
		// Whoever begins a new list need not be offered the old one.
		this.sessions.declined = true;
		void this.kept.left().then(() => this.sessions.refresh());
		if (!this.modelInUse.isReady) await this.openModel();
	}

	/** Empty the page, and wait until what it held is on the disk and free. */
	async leave(): Promise<void> {
		await this.startOver();
		await this.kept.left();
	}

	/** Whether the list on the page would be lost if it left: it is neither kept nor saved. */
	get wouldLose(): boolean {
		const { state, unsaved, total } = this.session;
		const isBusy = state === 'running' || state === 'paused';
		return total > 0 && state !== 'following' && !this.kept.works && (unsaved || isBusy);
	}

	/**
	 * Add files to the list on the page. Where there is none yet, and they are the files of the
	 * unfinished list that is offered, that one goes on: what is done is not read twice.
	 * @param handles what opens their folders again, where the browser gives that.
	 */
	add(collected: Collected, handles: FileSystemHandle[] = []): void {
		if (this.lockDesk.holdsBack(collected, handles)) return;
		const { packages, rest } = packagesAmong(collected.entries);
		if (packages.length > 0) {
			void this.takePackages(packages);
			// What came with a model in its folder is no list.
			if (rest.length === 0 && collected.problems.length === 0) return;
			collected = { ...collected, entries: rest };
		}
		const files = collected;
		const opened = this.sessionDesk.openFor(files);
		if (opened) void opened.then(() => this.addHere(files, handles));
		else this.addHere(files, handles);
	}

	get passphrase(): Passphrase {
		return this.lockDesk.passphrase;
	}

	/** See `LockDesk`, as with what follows. */
	get mayLock(): boolean {
		return this.lockDesk.mayLock;
	}

	lock(): Promise<void> {
		return this.lockDesk.lock();
	}

	lockWhenDue(): void {
		this.lockDesk.lockWhenDue();
	}

	unlock(passphrase: string): Promise<Problem | null> {
		return this.lockDesk.unlock(passphrase);
	}

	forgetLocked(): Promise<Problem | null> {
		return this.lockDesk.forgetLocked();
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

	/** Store models that were added as files, one after the other, and read with them. */
	private async takePackages(packages: readonly PackageFolder[]): Promise<void> {
		this.fromFiles = [];
		for (const folder of packages) {
			const outcome = await this.library.take(folder);
			const taken = outcome.ok
				? { name: `${modelName(outcome.value)} ${outcome.value.version}`, problem: null }
				: { name: folder.path, problem: outcome.problem };
			this.fromFiles = [...this.fromFiles, taken];
			if (!outcome.ok) continue;
			this.task ??= outcome.value.task;
			const model = this.library.find(outcome.value.id);
			if (model && (model === this.model || model === this.shownModel)) await this.openModel();
		}
	}
}

export const workplace = new Workplace();
