/** What the user chose for the next list: the task, its model, and the way of reading. */
import { isBackend, type Backend } from '../engine/backends';
import type { LibraryModel, ModelLibrary } from '../models/library.svelte';
import type { Manifest } from '../models/manifest';
import type { Task } from '../tasks/task';
import { readSetting, writeSetting } from '../storage/database';
import { OFFERED_TASKS } from '../tasks/offered-tasks';

export class ModelChoice {
	#task: Task | null = $state(null);
	#forced: Backend | null = $state(null);
	/** Ids of the models that the user chose, by task. */
	#chosen: Partial<Record<Task, string>> = $state.raw({});

	constructor(private readonly library: ModelLibrary) {}

	/** What is looked for in the next list; null where the site has no model. */
	get task(): Task | null {
		return this.#task;
	}

	/** The backend that the user or the address asks for; null for the automatic choice. */
	get forced(): Backend | null {
		return this.#forced;
	}

	/** What can be looked for; before the catalog was read, what the site was built with. */
	get tasks(): readonly Task[] {
		return this.library.ready ? this.library.tasks.map(({ task }) => task) : OFFERED_TASKS;
	}

	/** The models of the task, the recommended one first. */
	get models(): LibraryModel[] {
		return this.#modelsOf(this.#task);
	}

	/** The model that reads the next list. */
	get model(): LibraryModel | undefined {
		return this.#task ? this.modelFor(this.#task) : undefined;
	}

	get manifest(): Manifest | null {
		return this.model?.manifest ?? null;
	}

	/**
	 * The model that reads for a task: the user's choice, else one that is on the device, else
	 * the recommended one.
	 */
	modelFor(task: Task): LibraryModel | undefined {
		const models = this.#modelsOf(task);
		const chosen = models.find(({ id }) => id === this.#chosen[task]);
		return chosen ?? models.find(({ stored }) => stored) ?? models[0];
	}

	/**
	 * Take what was chosen on earlier visits, and what the address asks for.
	 * @param query parameters `model` and `backend` force a choice, which is not kept.
	 */
	async load(base: string, query: URLSearchParams): Promise<void> {
		const asked = query.get('backend') ?? (await readSetting('backend')) ?? null;
		this.#forced = isBackend(asked) ? asked : null;
		const kept = await readSetting('task');
		await this.library.load(base);
		const { tasks } = this.library;
		for (const { task } of tasks) {
			this.#chosen = { ...this.#chosen, [task]: await readSetting(`model ${task}`) };
		}
		const wanted = this.library.find(query.get('model'));
		if (wanted?.manifest) {
			this.#chosen = { ...this.#chosen, [wanted.manifest.task]: wanted.id };
		}
		const known = tasks.find(({ task }) => task === (wanted?.manifest?.task ?? kept));
		this.#task = (known ?? tasks[0])?.task ?? null;
	}

	/** Look for this from now on. Holds at once; resolves when it is kept. */
	async chooseTask(task: Task): Promise<void> {
		this.#task = task;
		await writeSetting('task', task);
	}

	/** Read with this model from now on, and look for what it knows. Holds at once. */
	async chooseModel({ id, task }: Manifest): Promise<void> {
		this.#chosen = { ...this.#chosen, [task]: id };
		this.#task = task;
		await writeSetting(`model ${task}`, id);
		await writeSetting('task', task);
	}

	/** Read with this backend from now on; null for the automatic choice. Holds at once. */
	async chooseBackend(backend: Backend | null): Promise<void> {
		this.#forced = backend;
		await writeSetting('backend', backend ?? 'auto');
	}

	/** A model was removed from the device: it is not chosen any more. */
	async forget({ id, task }: Manifest): Promise<void> {
		if (this.#chosen[task] !== id) return;
		this.#chosen = { ...this.#chosen, [task]: undefined };
		await writeSetting(`model ${task}`, '');
	}

	/** A first model came: look for what it knows, where nothing was looked for yet. */
	beginWith(task: Task): void {
		this.#task ??= task;
	}

	#modelsOf(task: Task | null): LibraryModel[] {
		return this.library.tasks.find((group) => group.task === task)?.models ?? [];
	}
}
