/** What the pages share: the model library, the session, and what the user chose. */
import { isBackend, type Backend } from '../engine/backends';
import { ModelLibrary, type LibraryModel } from '../models/library.svelte';
import type { OperatingPoint } from '../models/manifest';
import type { ModelPackage } from '../models/store';
import { operatingPointOf } from '../reading/score';
import { readSetting, writeSetting } from '../storage/database';
import { ScreeningSession } from './session.svelte';

class Workplace {
	readonly library = new ModelLibrary();
	readonly session = new ScreeningSession();
	/** Id of the model in use. */
	modelId: string | null = $state(null);
	/** The backend that the user or the address asks for; null for the automatic choice. */
	forced: Backend | null = $state(null);
	private pointId: string | null = $state(null);
	private started = false;
	/** The package in use, kept so that a list can go on with it. */
	private loaded: ModelPackage | null = null;

	get model(): LibraryModel | undefined {
		return this.library.find(this.modelId);
	}

	/** The operating point in force. */
	get point(): OperatingPoint | null {
		const manifest = this.session.manifest ?? this.model?.manifest;
		return manifest ? operatingPointOf(manifest, this.pointId) : null;
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
		await this.library.load(base);
		const wanted = query.get('model');
		this.modelId = this.library.find(wanted)?.id ?? this.library.models[0]?.id ?? null;
		if (this.modelId) this.pointId = (await readSetting(`point ${this.modelId}`)) ?? null;
		await this.openModel();
	}

	/**
	 * Load the chosen model into the engine, where it is stored. A list that has results keeps
	 * the version that made them, even when a newer one was stored meanwhile.
	 */
	async openModel(): Promise<void> {
		const { model, session, loaded } = this;
		if (loaded && session.finishedCount > 0) {
			await session.useModel(loaded, this.forced);
			return;
		}
		if (!model?.stored) return;
		session.engine = 'starting';
		const opened = await this.library.open(model);
		if (opened.ok) {
			this.loaded = opened.value;
			await session.useModel(opened.value, this.forced);
		} else {
			session.engine = 'none';
		}
	}

	/** Bring the chosen model onto the device and load it. */
	async downloadModel(): Promise<void> {
		const { model } = this;
		if (model && (await this.library.download(model))) await this.openModel();
	}

	/** Forget the list, and load the model anew where a newer version was stored meanwhile. */
	async startOver(): Promise<void> {
		this.session.clear();
		const stored = this.model?.stored;
		if (stored && stored.version !== this.session.manifest?.version) await this.openModel();
	}

	async chooseBackend(backend: Backend | null): Promise<void> {
		this.forced = backend;
		await writeSetting('backend', backend ?? 'auto');
		await this.openModel();
	}

	choosePoint(id: string): void {
		this.pointId = id;
		void writeSetting(`point ${this.modelId}`, id);
	}
}

export const workplace = new Workplace();
