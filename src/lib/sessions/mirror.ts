/** Follows a list that another tab works on, until that tab lets go of it. */
import type { Manifest } from '../models/manifest';
import { Channel, type News } from './channel';
import { whenFree, type Claim } from './claim';
import { readSession, readSome } from './store';
import type { StoredSession } from '../storage/database';
import { rowOf } from './stored-row';
import type { ScreeningSession } from '../screening/session.svelte';

/** A session as it is on the disk, with the manifest of the model that read it. */
export interface Found {
	session: StoredSession;
	manifest: Manifest | null;
}

export class Mirror {
	private readonly channel = new Channel((news) => this.onMessage(news));
	private readonly waiting = new AbortController();
	/** News of rows that are being fetched, one after the other. */
	private fetched: Promise<void>;

	/**
	 * @param id of the session.
	 * @param page shows its rows.
	 * @param found what is on the disk now; what is told meanwhile comes after it.
	 * @param show reads all rows into the page.
	 */
	constructor(
		private readonly id: string,
		private readonly page: ScreeningSession,
		found: Found,
		private readonly show: (found: Found) => Promise<void>
	) {
		this.fetched = show(found);
	}

	/** Settles when all that was there, or was told of, is on the page. */
	shown(): Promise<void> {
		return this.fetched;
	}

	/**
	 * Wait until the other tab lets go.
	 * @returns the right to the list and what is on the disk by then; null where nobody asks any
	 *   more, or the list is gone.
	 */
	async taken(): Promise<{ claim: Claim; found: Found } | null> {
		const claim = await whenFree(this.id, this.waiting.signal);
		if (!claim) return null;
		if (!this.isClosed) {
			await this.fetched;
			const found = await readSession(this.id);
			if (found && !this.isClosed) return { claim, found };
		}
		claim.release();
		return null;
	}

	close(): void {
		this.waiting.abort();
		this.channel.close();
	}

	private get isClosed(): boolean {
		return this.waiting.signal.aborted;
	}

	/** What the other tab wrote. */
	private onMessage(news: News): void {
		if (news.kind !== 'rows' || news.session !== this.id) return;
		this.fetched = this.fetched
			.then(async () => {
				const { page } = this;
				const records = await readSome(this.id, news.indices);
				const found = await readSession(this.id);
				if (this.isClosed || page.state !== 'following' || !found) return;
				// The model comes with the first results.
				if (found.manifest) page.manifest = found.manifest;
				const added = records.find(({ index }) => index >= page.total);
				// Where news was missed all is read again.
				if (added && added.index > page.total) await this.show(found);
				else page.showKept(records.map(rowOf));
			})
			// The next news brings the rest, or the reload.
			.catch(() => undefined);
	}
}
