/** Workers that decode: started when needed, replaced when one hangs or dies. */
import { DECODE_TIMEOUT_MS } from '../base/limits';
import { withTimeLimit } from '../base/time-limit';
import { failed, type Outcome } from '../problems/problems';

/** A worker and what it can be asked. */
export interface PoolWorker<Service> {
	worker: Pick<Worker, 'onerror' | 'terminate'>;
	service: Service;
}

export class WorkerPool<Service> {
	private readonly idle: PoolWorker<Service>[] = [];
	private readonly waiting: ((slot: PoolWorker<Service>) => void)[] = [];
	private started = 0;
	private closed = false;

	/**
	 * @param count workers at most; each holds one full-size image at a time.
	 * @param openWorker starts the script that exposes the service.
	 */
	constructor(
		private readonly count: number,
		private readonly openWorker: () => PoolWorker<Service>
	) {}

	/** Start the first worker ahead of the first file. */
	warmUp(): void {
		if (this.started === 0) this.idle.push(this.start());
	}

	/** Put a question to a worker that is free, or wait for one. */
	async ask<T>(question: (service: Service) => Promise<Outcome<T>>): Promise<Outcome<T>> {
		const slot = await this.take();
		try {
			const died = new Promise<never>((_, reject) => {
				slot.worker.onerror = (event) => {
					event.preventDefault();
					reject(new Error('the decode worker stopped'));
				};
			});
			const answer = await withTimeLimit(
				Promise.race([question(slot.service), died]),
				DECODE_TIMEOUT_MS
			);
			this.give(slot);
			return answer;
		} catch {
			slot.worker.terminate();
			this.started--;
			if (this.waiting.length > 0 && !this.closed) this.give(this.start());
			return failed('image-not-opened');
		}
	}

	close(): void {
		this.closed = true;
		for (const slot of this.idle.splice(0)) slot.worker.terminate();
	}

	private start(): PoolWorker<Service> {
		this.started++;
		return this.openWorker();
	}

	private take(): Promise<PoolWorker<Service>> {
		const slot = this.idle.pop();
		if (slot) return Promise.resolve(slot);
		if (this.started < this.count) return Promise.resolve(this.start());
		return new Promise((resolve) => this.waiting.push(resolve));
	}

	private give(slot: PoolWorker<Service>): void {
		if (this.closed) {
			slot.worker.terminate();
			return;
		}
		const next = this.waiting.shift();
		if (next) next(slot);
		else this.idle.push(slot);
	}
}
