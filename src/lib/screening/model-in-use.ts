/** Gives the session the model that it reads with, and takes it away. */
import type { Backend } from '../engine/backends';
import type { LibraryModel, ModelLibrary } from '../models/library.svelte';
import type { Manifest } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import { problem } from '../problems/problems';
import type { ScreeningSession } from './session.svelte';

/** What the user chose for the next list. */
export interface Wanted {
	readonly model: LibraryModel | undefined;
	/** The backend that is asked for; null for the automatic choice. */
	readonly forced: Backend | null;
}

export class ModelInUse {
	/** The package in use, kept so that a list can go on with it. */
	private loaded: ModelPackage | null = null;
	/** Rises with each model that is opened: an earlier one that is late is let go. */
	private opening = 0;
	/** While a kept list is being shown no model may be given to the session. */
	private showing = false;

	constructor(
		private readonly session: ScreeningSession,
		private readonly library: ModelLibrary,
		private readonly wanted: Wanted
	) {}

	/**
	 * Load the chosen model into the engine, where it is stored. A list that has results keeps
	 * the model and version that made them, whatever was chosen or stored meanwhile.
	 */
	async open(): Promise<void> {
		const { session, loaded } = this;
		const turn = ++this.opening;
		if (this.showing) return;
		if (session.state === 'following') {
			session.closeEngine();
			return;
		}
		const made = session.finishedCount > 0 ? session.manifest : null;
		if (loaded && made && isSame(loaded.manifest, made)) {
			await session.useModel(loaded, this.wanted.forced);
			return;
		}
		const model = made ? this.library.find(made.id) : this.wanted.model;
		if (made && this.refuseOther(model, made)) return;
		if (session.manifest && session.manifest.id !== model?.id) this.drop();
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
			await session.useModel(opened.value, this.wanted.forced);
		} else {
			session.closeEngine();
		}
	}

	/** Whether the model that reads the next list is in the engine, or on its way there. */
	get isReady(): boolean {
		const { manifest, engine } = this.session;
		const stored = this.wanted.model?.stored;
		return engine !== 'none' && !!manifest && !!stored && isSame(manifest, stored);
	}

	/** Show another list without a model: none may get hold of its files, now or late. */
	async closedWhile<T>(show: () => Promise<T>): Promise<T> {
		this.opening++;
		this.showing = true;
		this.session.closeEngine();
		this.session.engineProblem = null;
		try {
			return await show();
		} finally {
			this.showing = false;
		}
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
	private drop(): void {
		this.session.closeEngine();
		this.session.manifest = null;
		this.session.engineProblem = null;
		this.loaded = null;
	}
}

function isSame(a: Manifest, b: Manifest): boolean {
	return a.id === b.id && a.version === b.version;
}
