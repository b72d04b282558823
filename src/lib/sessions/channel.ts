/** What tabs tell each other of kept sessions. Without the browser's help they tell nothing. */

export type News =
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

export class Channel {
	private readonly channel: BroadcastChannel | null;

	constructor(onNews: (news: News) => void = () => undefined) {
		this.channel =
			typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('fieldlens sessions');
		// Only tabs of this page hear each other: what comes is what was sent.
		this.channel?.addEventListener('message', ({ data }) => onNews(data as News));
	}

	/** Tell the other tabs; this one does not hear itself. */
	tell(news: News): void {
		this.channel?.postMessage(news);
	}

	close(): void {
		this.channel?.close();
	}
}
