/** A lane as the page sees it: one worker, one backend, one loaded model. */
import * as Comlink from 'comlink';
import {
	FORCED_OPEN_TIMEOUT_MS,
	OPEN_TIMEOUT_MS,
	READ_TIMEOUT_MS,
	SHARED_LANES
} from '../base/limits';
import { detailOf, failed, succeeded, type Outcome } from '../problems/problems';
import { withTimeLimit } from '../base/time-limit';
import { Lifeline } from './lifeline';
import type { Admission, LaneRequest, LaneService, Reading } from './protocol';
import { joinShared, share, type Share } from './sharing';

export interface Lane {
	/**
	 * Read a batch; another may be given before it is through.
	 * @throws when the lane is dead; its images are to be read by another.
	 */
	read(pixels: Uint8Array, count: number): Promise<Reading[]>;
	/** End the lane; what it still reads fails at once. */
	close(): void;
}

export interface OpenLane {
	lane: Lane;
	admission: Admission;
}

/** A lane's worker and what it can be asked. */
export interface LaneWorker {
	worker: Pick<Worker, 'addEventListener' | 'terminate'>;
	service: LaneService;
}

function startWorker(): LaneWorker {
	const worker = new Worker(new URL('./lane.worker.ts', import.meta.url), { type: 'module' });
	return { worker, service: Comlink.wrap<LaneService>(worker) };
}

/** Start a worker, load the model and check it. The lane is closed again where that fails. */
export async function openLane(
	request: LaneRequest,
	start: () => LaneWorker = startWorker
): Promise<Outcome<OpenLane>> {
	const { backend, model } = request;
	const joined = backend === 'int8' ? joinShared(model) : null;
	let started: LaneWorker | undefined;
	let opened: Outcome<OpenLane>;
	try {
		started = start();
		opened = await openIn(started, request, joined);
	} catch (error) {
		opened = failed('backend-failed', { backend, detail: detailOf(error) });
	}
	if (!opened.ok) {
		started?.worker.terminate();
		joined?.leave();
	}
	return opened;
}

async function openIn(
	{ worker, service }: LaneWorker,
	request: LaneRequest,
	joined: Share | null
): Promise<Outcome<OpenLane>> {
	const lifeline = new Lifeline();
	worker.addEventListener('error', (event) => {
		event.preventDefault();
		lifeline.cut(new Error(event.message || 'the worker stopped'));
	});
	const call = <T>(work: Promise<T>, limit: number): Promise<T> =>
		withTimeLimit(lifeline.tied(work), limit);

	const openLimit = request.allowSoftware ? FORCED_OPEN_TIMEOUT_MS : OPEN_TIMEOUT_MS;
	const opening = joined
		? service.join(request.model.manifest, joined.packed)
		: service.open(request);
	const opened = await call<Outcome<Admission>>(opening, openLimit);
	if (!opened.ok) return opened;
	const { packed, ...admission } = opened.value;
	const part = joined ?? (packed ? share(request.model, packed, SHARED_LANES) : null);
	const readLimit = READ_TIMEOUT_MS + 20 * admission.millisecondsPerImage;
	const lane: Lane = {
		read: (pixels, count) => call(service.read(pixels, count), readLimit),
		close: () => {
			worker.terminate();
			// A worker that was ended answers no more: another batch may still wait for it.
			lifeline.cut(new Error('the lane was closed'));
			part?.leave();
		}
	};
	return succeeded({ lane, admission });
}
