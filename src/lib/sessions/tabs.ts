/** What tabs of the program share: locks, and what they tell each other. */
import type { OpenChannel } from './channel';
import type { TabLocks } from './locks';

export interface Tabs {
	locks: TabLocks;
	openChannel: OpenChannel;
}
