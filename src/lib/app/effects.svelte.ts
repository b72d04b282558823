/** What the program does by itself when its state changes. */
import { numberText } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import type { AppState } from './app-state.svelte';

/** Begin to follow a state; call it where effects may be made, as in the root layout. */
export function followState(app: AppState): void {
	$effect(() => {
		// What is only on the page would be lost with it.
		if (app.recorder.works) void app.arrivals.settle(app.worklist.rows);
	});

	let wasRunning = false;
	$effect(() => {
		const { state } = app.pipeline;
		app.wakeLock.want(state === 'running');
		// A batch that ends while the user looks elsewhere says so.
		if (wasRunning && state === 'done') {
			const count = app.worklist.finishedCount;
			void app.notifier.notify(m.shell_done({ count, shown: numberText(count) }));
		}
		wasRunning = state === 'running';
	});
}
