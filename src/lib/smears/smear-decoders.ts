/** The workers that decode files of smears and find their cells, as the page sees them. */
import * as Comlink from 'comlink';
import type { Prepared } from '../formats/decode';
import { WorkerPool, type PoolWorker } from '../formats/worker-pool';
import type { FilmPlace } from '../intake/corners';
import type { Outcome } from '../problems/problems';
import type { PreparedField, SmearRule } from './prepare';
import type { SmearDecoder } from './smear.worker';

function startWorker(): PoolWorker<SmearDecoder> {
	const worker = new Worker(new URL('./smear.worker.ts', import.meta.url), { type: 'module' });
	return { worker, service: Comlink.wrap<SmearDecoder>(worker) };
}

export class SmearDecoders {
	private readonly pool: WorkerPool<SmearDecoder>;

	/** @param count workers at most; each holds one full-size image at a time. */
	constructor(count: number) {
		this.pool = new WorkerPool(count, startWorker);
	}

	/** Start the first worker ahead of the first file. */
	warmUp(): void {
		this.pool.warmUp();
	}

	/** Read a file into a model's input, or into those of its cells; waits for a free worker. */
	prepare(
		file: File,
		rule: SmearRule,
		corners: FilmPlace = null
	): Promise<Outcome<Prepared | PreparedField>> {
		return this.pool.ask((decoder) => decoder.prepare(file, rule, corners));
	}

	close(): void {
		this.pool.close();
	}
}
