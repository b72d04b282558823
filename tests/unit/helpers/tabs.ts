/** The tabs of one browser in one process: their locks, and what they tell each other. */
import type { OpenChannel, TabMessage } from '../../../src/lib/sessions/channel';
import { TabLocks } from '../../../src/lib/sessions/locks';
import type { Tabs } from '../../../src/lib/sessions/tabs';
import { FakeLocks } from './locks';

type Receiver = (message: TabMessage) => void;

export class FakeTabs implements Tabs {
	readonly held = new FakeLocks();
	readonly locks = new TabLocks(this.held);
	private readonly receivers = new Map<object, Receiver>();

	readonly openChannel: OpenChannel = (onMessage) => {
		const channel = {
			tell: (message: TabMessage) => {
				for (const [other, receive] of this.receivers) {
					if (other !== channel) queueMicrotask(() => receive(structuredClone(message)));
				}
			},
			close: () => void this.receivers.delete(channel)
		};
		if (onMessage) this.receivers.set(channel, onMessage);
		return channel;
	};
}
