/** A lane as the page sees it: one worker, one backend, one loaded model. */
import * as Comlink from 'comlink';
import { FORCED_OPEN_TIMEOUT_MS, OPEN_TIMEOUT_MS, READ_TIMEOUT_MS } from '../limits';
import { detailOf, failed, succeeded, type Outcome } from '../problems';
import { withTimeLimit } from '../time-limit';
import type { Admission, LaneRequest, LaneService, Reading } from './protocol';

export interface Lane {
	/** @throws when the lane is dead; its images are to be read by another. */
	read(pixels: Uint8Array, count: number): Promise<Reading[]>;
	close(): void;
}

export interface OpenLane {
	lane: Lane;
	admission: Admission;
}

/** Start a worker, load the model and check it. The lane is closed again where that fails. */
export async function openLane(request: LaneRequest): Promise<Outcome<OpenLane>> {
	let worker: Worker | undefined;
	try {
		worker = new Worker(new URL('./lane.worker.ts', import.meta.url), { type: 'module' });
		const opened = await openIn(worker, request);
		if (!opened.ok) worker.terminate();
		return opened;
	} catch (error) {
		worker?.terminate();
		const { backend } = request;
		return failed('backend-failed', { backend, detail: detailOf(error) });
	}
}

async function openIn(worker: Worker, request: LaneRequest): Promise<Outcome<OpenLane>> {
	const service = Comlink.wrap<LaneService>(worker);
	const died = new Promise<never>((_, reject) => {
		worker.addEventListener('error', (event) => {
			event.preventDefault();
			reject(new Error(event.message || 'the worker stopped'));
		});
	});
	// Without a listener a death between two calls would be an unhandled rejection.
	died.catch(() => undefined);
	const call = <T>(work: Promise<T>, limit: number): Promise<T> =>
		withTimeLimit(Promise.race([work, died]), limit);

	const openLimit = request.allowSoftware ? FORCED_OPEN_TIMEOUT_MS : OPEN_TIMEOUT_MS;
	const opened = await call<Outcome<Admission>>(service.open(request), openLimit);
	if (!opened.ok) return opened;
	const admission = opened.value;
	const readLimit = READ_TIMEOUT_MS + 20 * admission.millisecondsPerImage;
	const lane: Lane = {
		read: (pixels, count) => call(service.read(pixels, count), readLimit),
		close: () => worker.terminate()
	};
	return succeeded({ lane, admission });
}
