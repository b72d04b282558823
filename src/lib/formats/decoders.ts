/** The decode workers: started when needed, replaced when one hangs or dies. */
import * as Comlink from 'comlink';
import type { Corners } from '../intake/corners';
import { DECODE_TIMEOUT_MS } from '../base/limits';
import { failed, type Outcome } from '../problems/problems';
import { withTimeLimit } from '../base/time-limit';
import type { Prepared } from './decode';
import type { Decoder } from './decode.worker';
import type { PixelRule } from '../pixels/model-input';

/** A decode worker and what it can be asked. */
interface DecodeWorker {
	worker: Pick<Worker, 'onerror' | 'terminate'>;
	decoder: Decoder;
}

function startWorker(): DecodeWorker {
	const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
	return { worker, decoder: Comlink.wrap<Decoder>(worker) };
}

export class Decoders {
	private readonly idle: DecodeWorker[] = [];
	private readonly waiting: ((slot: DecodeWorker) => void)[] = [];
	private started = 0;
	private closed = false;

	/** @param count workers at most; each holds one full-size image at a time. */
	constructor(
		private readonly count: number,
		private readonly openWorker: () => DecodeWorker = startWorker
	) {}

	/** Start the first worker ahead of the first file. */
	warmUp(): void {
		if (this.started === 0) this.idle.push(this.start());
	}

	/** Read a file into a model's input; waits for a free worker. */
	prepare(file: File, rule: PixelRule, corners: Corners | null = null): Promise<Outcome<Prepared>> {
		return this.ask((decoder) => decoder.prepare(file, rule, corners));
	}

	/** A file as a picture to look at, its longest side `side` pixels at most; waits likewise. */
	picture(file: File, side: number, corners: Corners | null = null): Promise<Outcome<Blob>> {
		return this.ask((decoder) => decoder.picture(file, side, corners));
	}

	close(): void {
		this.closed = true;
		for (const slot of this.idle.splice(0)) slot.worker.terminate();
	}

	private async ask<T>(
		question: (decoder: DecodeWorker['decoder']) => Promise<Outcome<T>>
	): Promise<Outcome<T>> {
		const slot = await this.take();
		try {
			const died = new Promise<never>((_, reject) => {
				slot.worker.onerror = (event) => {
					event.preventDefault();
					reject(new Error('the decode worker stopped'));
				};
			});
			const answer = await withTimeLimit(
				Promise.race([question(slot.decoder), died]),
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

	private start(): DecodeWorker {
		this.started++;
		return this.openWorker();
	}

	private take(): Promise<DecodeWorker> {
		const slot = this.idle.pop();
		if (slot) return Promise.resolve(slot);
		if (this.started < this.count) return Promise.resolve(this.start());
		return new Promise((resolve) => this.waiting.push(resolve));
	}

	private give(slot: DecodeWorker): void {
		if (this.closed) {
			slot.worker.terminate();
			return;
		}
		const next = this.waiting.shift();
		if (next) next(slot);
		else this.idle.push(slot);
	}
}
