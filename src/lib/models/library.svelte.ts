/** The models as the pages show them: offered, stored, on their way. */
import {
	detailOf,
	failed,
	problem,
	succeeded,
	type Outcome,
	type Problem
} from '../problems/problems';
import { storageProblem } from '../storage/database';
import { byTask, Catalog, type TaskModels } from './catalog';
import { download } from './download';
import { storePackage, type PackageFolder } from './from-files';
import type { Manifest } from './manifest';
import { networkBack } from './network-back';
import { isObstacle, obstacleHere, remarksHere } from './obstacles';
import { readPackage, removeModel, storedModels, type ModelPackage } from './store';

export type ModelState =
	'not-stored' | 'downloading' | 'stored' | 'update-available' | 'incomplete';

/** One model of the library. */
export class LibraryModel {
	/** What the site offers; null where it is not offered (any more). */
	offered: Manifest | null = $state.raw(null);
	/** What is on the device; null where nothing complete is. */
	stored: Manifest | null = $state.raw(null);
	incomplete = $state(false);
	downloading = $state(false);
	/** Bytes of the package on the device, while it is downloaded. */
	loadedBytes = $state(0);
	millisecondsLeft: number | null = $state(null);
	problem: Problem | null = $state.raw(null);
	/** Whether a download waits for the network, to go on by itself. */
	isWaiting = $state(false);
	private abort: AbortController | null = null;
	private waiting: AbortController | null = null;

	constructor(readonly id: string) {}

	/** The manifest to show: what is in use, else what would be. */
	get manifest(): Manifest | null {
		return this.stored ?? this.offered;
	}

	get state(): ModelState {
		if (this.downloading) return 'downloading';
		if (this.incomplete) return 'incomplete';
		if (!this.stored) return 'not-stored';
		const newer = this.offered && this.offered.version !== this.stored.version;
		return newer ? 'update-available' : 'stored';
	}

	/** Fetch what is missing, check it and keep it. Problems are shown, not thrown. */
	async download(catalog: Catalog): Promise<boolean> {
		const { offered, stored } = this;
		if (!(offered ?? stored) || this.downloading) return false;
		this.downloading = true;
		this.problem = null;
		this.abort = new AbortController();
		const { signal } = this.abort;
		let first: { time: number; bytes: number } | null = null;
		const onProgress = (loaded: number, total: number) => {
			const now = performance.now();
			first ??= { time: now, bytes: loaded };
			this.loadedBytes = loaded;
			const rate = (loaded - first.bytes) / (now - first.time);
			this.millisecondsLeft = rate > 0 && now - first.time > 1000 ? (total - loaded) / rate : null;
		};
		// Kept against the browser's own tidying; it may say no, and the page says what holds.
		void navigator.storage?.persist?.().catch(() => false);
		let wanted = stored;
		const work = async () => {
			if (offered && offered.version !== stored?.version) {
				const whole = await catalog.whole(offered);
				if (!whole.ok) return whole;
				wanted = whole.value;
			}
			return wanted ? download(catalog, wanted, onProgress, signal) : succeeded(false);
		};
		// Two tabs fetch one after the other: the second finds everything there.
		const outcome = navigator.locks
			? await navigator.locks.request('download', work)
			: await work();
		this.downloading = false;
		if (!outcome.ok) this.problem = outcome.problem;
		if (!outcome.ok || !outcome.value) return false;
		this.stored = wanted;
		this.incomplete = false;
		return true;
	}

	stopDownload(): void {
		this.abort?.abort();
	}

	/** Wait until a download that lost the network may go on. */
	async waitForNetwork(back: typeof networkBack): Promise<void> {
		this.waiting = new AbortController();
		this.isWaiting = true;
		await back(this.waiting.signal);
		this.isWaiting = false;
	}

	/** Wait no longer. @returns whether it waited. */
	goOn(): boolean {
		this.waiting?.abort();
		return this.isWaiting;
	}
}

export class ModelLibrary {
	models: LibraryModel[] = $state.raw([]);
	/** False until the first look at the catalog and the store. */
	ready = $state(false);
	/** Why the catalog or the store could not be read. */
	problem: Problem | null = $state.raw(null);
	/** What makes reading slow or uncertain in this browser. */
	remarks: readonly Problem[] = $state.raw([]);
	private catalog: Catalog | null = null;

	/** @param back when the network is there again. */
	constructor(private readonly back = networkBack) {}

	/** Look at what is offered and what is stored. */
	async load(base: string): Promise<void> {
		const catalog = (this.catalog = new Catalog(base));
		this.problem = obstacleHere();
		this.remarks = remarksHere();
		const found = new Map<string, LibraryModel>();
		const modelOf = (id: string) => {
			const known = found.get(id) ?? new LibraryModel(id);
			found.set(id, known);
			return known;
		};
		const ids = await catalog.ids();
		if (!ids.ok) this.problem ??= ids.problem;
		const read = async (id: string) => {
			const model = modelOf(id);
			const manifest = await catalog.manifest(id);
			if (manifest.ok) model.offered = manifest.value;
			else model.problem = manifest.problem;
		};
		// Side by side: on a slow network one after the other takes as many times as long.
		await Promise.all(ids.ok ? ids.value.map(read) : []);
		try {
			for (const { id, manifest } of await storedModels()) modelOf(id).stored = manifest;
		} catch (error) {
			if (!this.obstacle) this.problem = storageProblem(error);
		}
		this.models = [...found.values()];
		this.ready = true;
	}

	/** The problem, where downloading a model is of no use under it. */
	get obstacle(): Problem | null {
		return this.problem && isObstacle(this.problem) ? this.problem : null;
	}

	/** The models that can be shown, by task. */
	get tasks(): TaskModels<LibraryModel>[] {
		return byTask(this.models);
	}

	find(id: string | null): LibraryModel | undefined {
		return this.models.find((model) => model.id === id);
	}

	/**
	 * Bring a model onto the device. Where the network is lost it goes on by itself when that is back.
	 * @returns whether it is there now; false also where a download of it is under way already.
	 */
	async download(model: LibraryModel): Promise<boolean> {
		const { catalog } = this;
		if (!catalog || model.goOn()) return false;
		for (;;) {
			if (await model.download(catalog)) return true;
			if (model.problem?.code !== 'model-offline') return false;
			await model.waitForNetwork(this.back);
		}
	}

	/** Store a model from its files, checked like a download. */
	async take(folder: PackageFolder): Promise<Outcome<Manifest>> {
		void navigator.storage?.persist?.().catch(() => false);
		const work = () => storePackage(folder);
		const outcome = navigator.locks
			? await navigator.locks.request('download', work)
			: await work();
		if (outcome.ok) {
			const { id } = outcome.value;
			const known = this.find(id);
			const model = known ?? new LibraryModel(id);
			model.stored = outcome.value;
			model.incomplete = false;
			model.problem = null;
			if (!known) this.models = [...this.models, model];
		}
		return outcome;
	}

	async remove(model: LibraryModel): Promise<void> {
		try {
			await removeModel(model.id);
			model.stored = null;
			model.incomplete = false;
		} catch (error) {
			model.problem = problem('storage-refused', { detail: detailOf(error) });
		}
	}

	/** Read a stored model, checked. What is damaged is marked, to be fetched again. */
	async open(model: LibraryModel): Promise<Outcome<ModelPackage>> {
		if (!model.stored) return failed('model-not-offered', { id: model.id });
		try {
			const read = await readPackage(model.stored);
			if (!read.ok) {
				model.incomplete = true;
				model.problem = read.problem;
			}
			return read;
		} catch (error) {
			return failed('storage-refused', { detail: detailOf(error) });
		}
	}
}
