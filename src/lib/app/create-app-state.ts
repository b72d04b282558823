/** The browser as the program uses it: workers, locks, channels. */
import { studyApart } from '../calibration/study-runner';
import { openLane } from '../engine/lane';
import { RegionFinder } from '../regions/region-finder';
import { Decoders } from '../formats/decoders';
import { openBrowserChannel } from '../sessions/channel';
import { TabLocks } from '../sessions/locks';
import { measureIterations } from '../sessions/seal';
import { SmearDecoders } from '../smears/smear-decoders';
import { AppState } from './app-state.svelte';

/** The program's state in a browser. */
export function createAppState(): AppState {
	return new AppState({
		openLane,
		openDecoders: (count, readsFields) =>
			readsFields ? new SmearDecoders(count) : new Decoders(count),
		openRegion: (model, exact) => new RegionFinder(model, exact),
		tabs: {
			locks: new TabLocks(globalThis.navigator?.locks),
			openChannel: openBrowserChannel
		},
		measureIterations,
		runStudy: studyApart
	});
}
