import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppState } from '../../../src/lib/app/app-state.svelte';
import { followState } from '../../../src/lib/app/effects.svelte';
import { failed } from '../../../src/lib/problems/problems';
import { openBrowserChannel } from '../../../src/lib/sessions/channel';
import { TabLocks } from '../../../src/lib/sessions/locks';

/** A device on which nothing can be read: the rows are made by the test. */
function newApp(): AppState {
	return new AppState({
		openLane: () => Promise.resolve(failed('no-engine', { trials: [] })),
		openRegion: () => {
			throw new Error('no regions here');
		},
		openDecoders: () => {
			throw new Error('no decoders here');
		},
		tabs: { locks: new TabLocks(navigator.locks), openChannel: openBrowserChannel },
		measureIterations: () => Promise.resolve(1000),
		runStudy: () => Promise.resolve(failed('study-failed', { detail: 'none here' }))
	});
}

const entryOf = (path: string) => ({ path, open: () => Promise.resolve(new File([], path)) });

let app: AppState;
let stop: () => void;

beforeEach(() => {
	app = newApp();
	vi.spyOn(app.wakeLock, 'want');
	vi.spyOn(app.notifier, 'notify').mockResolvedValue();
	vi.spyOn(app.arrivals, 'settle').mockResolvedValue();
	stop = $effect.root(() => followState(app));
	flushSync();
});
afterEach(() => {
	stop();
	app.list.clear();
});

/** One file of the list came to its end. */
function finish(id: number) {
	app.worklist.put({ ...app.worklist.rows[id], status: 'done', probability: 0.5 });
	flushSync();
}

describe('while a list is read', () => {
	it('the screen stays on, and no longer', () => {
		app.pipeline.add({ entries: [entryOf('a.jpg')], problems: [] });
		flushSync();
		expect(app.wakeLock.want).toHaveBeenLastCalledWith(true);
		app.pipeline.pause();
		flushSync();
		expect(app.wakeLock.want).toHaveBeenLastCalledWith(false);
	});
});

describe('a list that comes to its end', () => {
	it('is told once, with the number of its files', () => {
		app.pipeline.add({ entries: [entryOf('a.jpg'), entryOf('b.jpg')], problems: [] });
		flushSync();
		finish(0);
		expect(app.notifier.notify).not.toHaveBeenCalled();
		finish(1);
		expect(app.notifier.notify).toHaveBeenCalledTimes(1);
		expect(vi.mocked(app.notifier.notify).mock.calls[0][0]).toContain('2');
		app.worklist.put({ ...app.worklist.rows[1], overruled: true }, true);
		flushSync();
		expect(app.notifier.notify).toHaveBeenCalledTimes(1);
	});

	it('is not told where it was opened as it was', () => {
		app.worklist.startLoading();
		app.worklist.load([{ ...app.worklist.append([entryOf('a.jpg')])[0], status: 'done' }]);
		app.worklist.finishLoading('own', true);
		flushSync();
		expect(app.pipeline.state).toBe('done');
		expect(app.notifier.notify).not.toHaveBeenCalled();
	});
});

describe('shared files', () => {
	it('are let go of with the rows that hold them, once those are kept', async () => {
		expect(app.arrivals.settle).not.toHaveBeenCalled();
		app.pipeline.add({ entries: [entryOf('a.jpg')], problems: [] });
		flushSync();
		expect(app.arrivals.settle).toHaveBeenLastCalledWith(app.worklist.rows);
		finish(0);
		expect(vi.mocked(app.arrivals.settle).mock.lastCall?.[0][0].status).toBe('done');
	});
});
