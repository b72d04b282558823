/** Waiting for the network, as far as a browser knows of it. */
import { DOWNLOAD_AGAIN_MS } from '../base/limits';

/**
 * Resolves when a download may be tried again: the browser says that the network is back, or some
 * time has passed (a cable may be in and the way beyond it gone), or `signal` ends the wait.
 */
export function networkBack(signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			globalThis.removeEventListener?.('online', done);
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, DOWNLOAD_AGAIN_MS);
		globalThis.addEventListener?.('online', done);
		signal.addEventListener('abort', done);
		if (signal.aborted) done();
	});
}
