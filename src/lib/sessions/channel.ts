/** What tabs tell each other of kept sessions. Without the browser's help they tell nothing. */

export type TabMessage =
	/** Rows of a session were written. */
	| { kind: 'rows'; session: string; indices: readonly number[] }
	/** Sessions came, went or were renamed. */
	| { kind: 'list' }
	/** The user locked the sessions. */
	| { kind: 'lock' }
	/** A passphrase was set, changed or removed. */
	| { kind: 'passphrase' }
	/** The user does something in this tab. */
	| { kind: 'active' };

export interface Channel {
	/** Tell the other tabs; this one does not receive its own messages. */
	tell(message: TabMessage): void;
	close(): void;
}

/** @param onMessage called with what other tabs tell. */
export type OpenChannel = (onMessage?: (message: TabMessage) => void) => Channel;

/** A channel of the browser, or one that nobody hears where it has none. */
export const openBrowserChannel: OpenChannel = (onMessage) => {
	if (typeof BroadcastChannel === 'undefined') {
		return { tell: () => undefined, close: () => undefined };
	}
	const channel = new BroadcastChannel('fieldlens sessions');
	// Only tabs of this page take part: what comes is what was sent.
	if (onMessage) {
		channel.addEventListener('message', ({ data }) => onMessage(data as TabMessage));
	}
	return {
		tell: (message) => channel.postMessage(message),
		close: () => channel.close()
	};
};
