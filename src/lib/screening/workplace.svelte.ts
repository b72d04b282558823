/** What the pages share: the model library, the session, and what the user chose. */
import {
	asOperatingPoint,
	localId,
	LOCAL_PREFIX,
	type LocalPoint
} from '../calibration/local-point';
import { LocalPoints } from '../calibration/local-points.svelte';
import { isBackend, type Backend } from '../engine/backends';
import { ModelLibrary, type LibraryModel } from '../models/library.svelte';
import type { OperatingPoint, Task } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import { problem, type Problem } from '../problems';
import { operatingPointOf } from '../reading/score';
import { readSetting, writeSetting } from '../storage/database';
import { ScreeningSession } from './session.svelte';

class Workplace {
	readonly library = new ModelLibrary();
	readonly session = new ScreeningSession();
	readonly localPoints = new LocalPoints();
	/** What is looked for in the next list; null where the site has no model. */
	task: Task | null = $state(null);
	/** The backend that the user or the address asks for; null for the automatic choice. */
	forced: Backend | null = $state(null);
	/** Ids of the models that the user chose, by task. */
	private chosen: Partial<Record<Task, string>> = $state({});
	/** Ids of the operating points that the user chose, by model. */
	private points: Record<string, string> = $state({});
	private started = false;
	/** The package in use, kept so that a list can go on with it. */
	private loaded: ModelPackage | null = null;
	/** Rises with each model that is opened: an earlier one that is late is let go. */
	private opening = 0;

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
		const id = this.points[manifest.id] ?? null;
		const local = id?.startsWith(LOCAL_PREFIX) ? this.localPoints.inForce(manifest) : null;
		return local ? asOperatingPoint(local) : operatingPointOf(manifest, id);
	}

	/** Why the local point that the user chose does not decide; null where all is as chosen. */
	get pointProblem(): Problem | null {
		const manifest = this.session.manifest ?? this.model?.manifest;
		if (!manifest || !this.wantsLocal(manifest.id)) return null;
		const kept = this.localPoints.of(manifest);
		return kept ? kept.problem : problem('point-gone');
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
	 * @param query the address's parameters: `model` and `backend` force a choice.
	 */
	async start(base: string, query: URLSearchParams): Promise<void> {
		if (this.started) return;
		this.started = true;
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
		await this.openModel();
	}

	/**
	 * Load the chosen model into the engine, where it is stored. A list that has results keeps
	 * the model and version that made them, whatever was chosen or stored meanwhile.
	 */
	async openModel(): Promise<void> {
		const { model, session, loaded } = this;
		const turn = ++this.opening;
		if (loaded && session.finishedCount > 0) {
			await session.useModel(loaded, this.forced);
			return;
		}
		if (session.manifest && session.manifest.id !== model?.id) this.dropModel();
		if (!model?.stored) {
			session.closeEngine();
			return;
		}
		session.engine = 'starting';
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

	/** Forget the list, and load what was chosen or stored meanwhile. */
	async startOver(): Promise<void> {
		this.session.clear();
		const { manifest } = this.session;
		const { model } = this;
		const isSame = manifest?.id === model?.id && manifest?.version === model?.stored?.version;
		if (!isSame) await this.openModel();
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
		void writeSetting(`point ${model}`, id);
	}

	/**
	 * Keep a local point and let it decide from now on.
	 * @returns what went wrong with keeping it.
	 */
	async useLocalPoint(point: LocalPoint): Promise<Problem | null> {
		this.points[point.model] = localId(point);
		const trouble = await this.localPoints.keep(point);
		await writeSetting(`point ${point.model}`, localId(point));
		return trouble;
	}

	/** Forget the local point of a model; its default decides where the local one did. */
	async removeLocalPoint(model: string): Promise<void> {
		await this.localPoints.remove(model);
		if (!this.wantsLocal(model)) return;
		this.points[model] = '';
		await writeSetting(`point ${model}`, '');
	}

	/** Whether the user chose the local point of a model, in force or not. */
	private wantsLocal(model: string): boolean {
		return this.points[model]?.startsWith(LOCAL_PREFIX) ?? false;
	}

	private modelsOf(task: Task | null): LibraryModel[] {
		return this.library.tasks.find((group) => group.task === task)?.models ?? [];
	}

	/** A list with results goes on as it is; else the chosen model takes the engine. */
	private async changeModel(): Promise<void> {
		if (this.loaded && this.session.finishedCount > 0) return;
		await this.openModel();
	}

	/** Let go of the model in the engine: another one is wanted, which may not be stored. */
	private dropModel(): void {
		this.session.closeEngine();
		this.session.manifest = null;
		this.session.engineProblem = null;
		this.loaded = null;
	}
}

export const workplace = new Workplace();
