/** Lets the figures be worked out in a worker, so that the page stays quick. */
import * as Comlink from 'comlink';
import { STUDY_TIMEOUT_MS } from '../base/limits';
import { detailOf, failed, succeeded, type Outcome } from '../problems/problems';
import type { Reading } from '../statistics/classifier';
import { withTimeLimit } from '../base/time-limit';
import type { Study } from './study';
import type { Statistician } from './study.worker';

/** Works out a study; fails where its answer is no longer wanted. */
export type RunStudy = (
	readings: readonly Reading[],
	thresholds: readonly number[],
	signal: AbortSignal
) => Promise<Outcome<Study>>;

/**
 * `studyOf` in a worker of its own, which is closed afterwards.
 * @param signal ends the work where its answer is no longer wanted; it then fails.
 */
export async function studyApart(
	readings: readonly Reading[],
	thresholds: readonly number[],
	signal: AbortSignal
): Promise<Outcome<Study>> {
	let worker: Worker | undefined;
	try {
		worker = new Worker(new URL('./study.worker.ts', import.meta.url), { type: 'module' });
		const own = worker;
		const ended = new Promise<never>((_, reject) => {
			own.onerror = (event) => {
				event.preventDefault();
				reject(new Error(event.message || 'the worker stopped'));
			};
			signal.addEventListener('abort', () => reject(new Error('not wanted any more')));
		});
		const work = Comlink.wrap<Statistician>(own).study(readings, thresholds);
		return succeeded(await withTimeLimit(Promise.race([work, ended]), STUDY_TIMEOUT_MS));
	} catch (error) {
		return failed('study-failed', { detail: detailOf(error) });
	} finally {
		worker?.terminate();
	}
}
