/** The worker that opens PDFs: started with the first one, replaced when it hangs or dies. */
import * as Comlink from 'comlink';
import { DECODE_TIMEOUT_MS, PDF_IDLE_MS } from '../../base/limits';
import { withTimeLimit } from '../../base/time-limit';
import { failed, type Outcome } from '../../problems/problems';
import type { PdfPages } from './pages';
import type { PdfOpener } from './pdf.worker';
import type { PictureFile } from './picture';

interface Running {
	worker: Worker;
	opener: Comlink.Remote<PdfOpener>;
}

export class PdfWorker implements PdfPages {
	private running: Running | null = null;
	/** One question at a time: the worker holds one PDF. */
	private last: Promise<unknown> = Promise.resolve();
	private idle: ReturnType<typeof setTimeout> | undefined;

	pages(id: number, file: File): Promise<Outcome<readonly boolean[]>> {
		return this.ask((opener) => opener.pages(id, file));
	}

	picture(id: number, file: File, index: number): Promise<Outcome<PictureFile>> {
		return this.ask((opener) => opener.picture(id, file, index));
	}

	private ask<T>(
		question: (opener: Running['opener']) => Promise<Outcome<T>>
	): Promise<Outcome<T>> {
		const answer = this.last.then(() => this.answer(question));
		this.last = answer;
		return answer;
	}

	private async answer<T>(
		question: (opener: Running['opener']) => Promise<Outcome<T>>
	): Promise<Outcome<T>> {
		clearTimeout(this.idle);
		const { worker, opener } = (this.running ??= start());
		try {
			const died = new Promise<never>((_, reject) => {
				worker.onerror = (event) => {
					event.preventDefault();
					reject(new Error('the worker stopped'));
				};
			});
			const answer = await withTimeLimit(Promise.race([question(opener), died]), DECODE_TIMEOUT_MS);
			this.idle = setTimeout(() => this.close(), PDF_IDLE_MS);
			return answer;
		} catch (error) {
			this.close();
			// The stick was pulled out.
			const isGone = error instanceof DOMException && /^Not(Found|Readable)Error$/.test(error.name);
			return failed(isGone ? 'file-gone' : 'image-not-opened');
		}
	}

	private close(): void {
		this.running?.worker.terminate();
		this.running = null;
	}
}

function start(): Running {
	const worker = new Worker(new URL('./pdf.worker.ts', import.meta.url), { type: 'module' });
	return { worker, opener: Comlink.wrap<PdfOpener>(worker) };
}
