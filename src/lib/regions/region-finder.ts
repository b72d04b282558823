/** The region worker as the page sees it: started when needed, replaced when it hangs or dies. */
import * as Comlink from 'comlink';
import { OPEN_TIMEOUT_MS, READ_TIMEOUT_MS } from '../base/limits';
import { withTimeLimit } from '../base/time-limit';
import { Lifeline } from '../engine/lifeline';
import { detailOf, failed, succeeded, type Outcome } from '../problems/problems';
import type { LungCrop } from './lungs/find';
import type { Polygon } from './region';
import type { RegionModel } from './region-model';
import type { RegionService } from './region-service';

/** A region worker on its own thread. */
export interface RegionWorker {
	service: RegionService;
	lifeline: Lifeline;
	end(): void;
}

/** Start the worker's script. */
function startRegionWorker(): RegionWorker {
	const worker = new Worker(new URL('./region.worker.ts', import.meta.url), { type: 'module' });
	const lifeline = new Lifeline();
	worker.addEventListener('error', (event) => {
		event.preventDefault();
		lifeline.cut(new Error(event.message || 'the region worker stopped'));
	});
	const remote = Comlink.wrap<RegionService>(worker);
	return {
		service: {
			open: (model, exact) => remote.open(model, exact),
			find: (film, aspect, drawn) => remote.find(film, aspect, drawn)
		},
		lifeline,
		end: () => {
			worker.terminate();
			lifeline.cut(new Error('the region worker was closed'));
		}
	};
}

/** Finds the region of one image after the other. */
export class RegionFinder {
	readonly #model: RegionModel;
	readonly #exact: boolean;
	readonly #start: () => RegionWorker;
	#opened: Promise<Outcome<RegionWorker>> | null = null;
	#closed = false;

	/** @param exact in floats, as the classifier that is asked for. */
	constructor(model: RegionModel, exact: boolean, start: () => RegionWorker = startRegionWorker) {
		this.#model = model;
		this.#exact = exact;
		this.#start = start;
	}

	/** Start the worker ahead of the first image. */
	warmUp(): void {
		if (!this.#closed) this.#opened ??= this.#open();
	}

	/**
	 * Find and cut out what is read of an image; one that a worker dies of is tried once more.
	 * @param film uint8 greys of the working film.
	 * @param aspect width of the image over its height.
	 * @param drawn outlines that a person drew: nothing is looked for.
	 */
	async find(
		film: Uint8Array,
		aspect: number,
		drawn: readonly Polygon[] | null = null
	): Promise<Outcome<LungCrop>> {
		for (let attempt = 0; attempt < 2 && !this.#closed; attempt++) {
			const opening = (this.#opened ??= this.#open());
			const opened = await opening;
			if (!opened.ok) return opened;
			const worker = opened.value;
			try {
				const found = worker.lifeline.tied(worker.service.find(film, aspect, drawn));
				return succeeded(await withTimeLimit(found, READ_TIMEOUT_MS));
			} catch {
				worker.end();
				if (this.#opened === opening) this.#opened = null;
			}
		}
		return failed('image-not-finished');
	}

	close(): void {
		this.#closed = true;
		void this.#opened?.then((opened) => {
			if (opened.ok) opened.value.end();
		});
	}

	async #open(): Promise<Outcome<RegionWorker>> {
		const worker = this.#start();
		try {
			const opening = worker.lifeline.tied(worker.service.open(this.#model, this.#exact));
			const opened = await withTimeLimit(opening, OPEN_TIMEOUT_MS);
			if (opened.ok) return succeeded(worker);
			worker.end();
			return opened;
		} catch (error) {
			worker.end();
			const backend = this.#exact ? 'wasm' : 'int8';
			return failed('backend-failed', { backend, detail: detailOf(error).slice(0, 200) });
		}
	}
}
