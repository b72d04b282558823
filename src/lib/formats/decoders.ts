/** The decode workers as the page sees them. */
import * as Comlink from 'comlink';
import type { Corners, FilmPlace } from '../intake/corners';
import type { Outcome } from '../problems/problems';
import type { Prepared } from './decode';
import type { Decoder } from './decode.worker';
import type { PixelRule } from '../pixels/model-input';
import { WorkerPool, type PoolWorker } from './worker-pool';

function startWorker(): PoolWorker<Decoder> {
	const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
	return { worker, service: Comlink.wrap<Decoder>(worker) };
}

export class Decoders {
	private readonly pool: WorkerPool<Decoder>;

	/** @param count workers at most; each holds one full-size image at a time. */
	constructor(count: number, openWorker: () => PoolWorker<Decoder> = startWorker) {
		this.pool = new WorkerPool(count, openWorker);
	}

	/** Start the first worker ahead of the first file. */
	warmUp(): void {
		this.pool.warmUp();
	}

	/** Read a file into a model's input; waits for a free worker. */
	prepare(file: File, rule: PixelRule, corners: FilmPlace = null): Promise<Outcome<Prepared>> {
		return this.pool.ask((decoder) => decoder.prepare(file, rule, corners));
	}

	/** A file as a picture to look at, its longest side `side` pixels at most; waits likewise. */
	picture(file: File, side: number, corners: FilmPlace = null): Promise<Outcome<Blob>> {
		return this.pool.ask((decoder) => decoder.picture(file, side, corners));
	}

	/** Where in a photograph the film lies; null where none is found. Waits likewise. */
	filmIn(file: File): Promise<Outcome<Corners | null>> {
		return this.pool.ask((decoder) => decoder.filmIn(file));
	}

	close(): void {
		this.pool.close();
	}
}
