/** Gives the pipeline the model that it reads with, and takes it away. */
import type { Backend } from '../engine/backends';
import type { LibraryModel, ModelLibrary } from '../models/library.svelte';
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import { problem } from '../problems/problems';
import type { Worklist } from '../worklist/list.svelte';
import type { ScreeningPipeline } from './pipeline.svelte';

export class ModelLoader {
	/** The package in use, kept so that a list can go on with it. */
	#loaded: ModelPackage | null = null;
	/** Aborted when another model is opened: an earlier one that is late is let go. */
	#opening = new AbortController();
	/** While a stored list is being shown no model may be given to the pipeline. */
	#isHeld = false;

	constructor(
		private readonly pipeline: ScreeningPipeline,
		private readonly worklist: Worklist,
		private readonly library: ModelLibrary
	) {}

	/**
	 * Load a model into the engine, where it is stored. A list that has results keeps the model and
	 * version that made them, whatever was chosen or stored meanwhile.
	 * @param wanted the model that is to read the next list; undefined where there is none.
	 * @param forced the backend that is asked for; null for the automatic choice.
	 */
	async open(wanted: LibraryModel | undefined, forced: Backend | null): Promise<void> {
		const { pipeline, worklist } = this;
		const signal = this.#restart();
		if (this.#isHeld) return;
		if (worklist.isFollowing) {
			pipeline.closeEngine();
			return;
		}
		const made = worklist.finishedCount > 0 ? worklist.manifest : null;
		if (this.#loaded && made && isSame(this.#loaded.manifest, made)) {
			await pipeline.useModel(this.#loaded, forced);
			return;
		}
		const model = made ? this.library.find(made.id) : wanted;
		if (made && this.#refuseOther(model, made)) return;
		if (worklist.manifest && worklist.manifest.id !== model?.id) this.#drop();
		if (!model?.stored) {
			pipeline.closeEngine();
			return;
		}
		pipeline.engine.prepare();
		const opened = await this.library.open(model);
		if (signal.aborted) return;
		if (opened.ok) {
			this.#loaded = opened.value;
			await pipeline.useModel(opened.value, forced);
		} else {
			pipeline.closeEngine();
		}
	}

	/** Whether a model that is to read the next list is in the engine, or on its way there. */
	isReady(wanted: LibraryModel | undefined): boolean {
		const { manifest } = this.worklist;
		const stored = wanted?.stored;
		const isOpen = this.pipeline.engine.state !== 'none';
		return isOpen && !!manifest && !!stored && isSame(manifest, stored);
	}

	/** Show another list without a model: none may get hold of its files, now or late. */
	async closedWhile<T>(show: () => Promise<T>): Promise<T> {
		this.#restart();
		this.#isHeld = true;
		this.pipeline.closeEngine();
		this.pipeline.engine.forgetProblem();
		try {
			return await show();
		} finally {
			this.#isHeld = false;
		}
	}

	/**
	 * Whether a list cannot go on because the version that read it is not on the device, and
	 * cannot be downloaded. Another version's results would not compare.
	 */
	#refuseOther(model: LibraryModel | undefined, made: Manifest): boolean {
		const version = model?.stored?.version ?? model?.offered?.version;
		if (version === made.version) return false;
		this.pipeline.closeEngine();
		this.pipeline.engine.refuse(problem('session-model-gone', { version: made.version }));
		return true;
	}

	/** Let go of the model in the engine: another one is wanted, which may not be stored. */
	#drop(): void {
		this.pipeline.closeEngine();
		this.pipeline.engine.forgetProblem();
		this.worklist.readBy(null);
		this.#loaded = null;
	}

	#restart(): AbortSignal {
		this.#opening.abort();
		this.#opening = new AbortController();
		return this.#opening.signal;
	}
}

function isSame(a: Manifest, b: Manifest): boolean {
	return a.id === b.id && a.version === b.version;
}
