/** Follows a list that another tab works on, until that tab lets go of it. */
import { NO_RULES } from '../patients/rules';
import type { Worklist } from '../worklist/list.svelte';
import type { Channel, OpenChannel, TabMessage } from './channel';
import type { Claim, TabLocks } from './locks';
import { loadSession, type FoundSession } from './session-loader';
import { readSession, readSome } from './store';
import { rowOf } from './stored-row';

export class Mirror {
	readonly #id: string;
	readonly #worklist: Worklist;
	readonly #signal: AbortSignal;
	readonly #channel: Channel;
	/** Messages about rows that are being fetched, one after the other. */
	#fetched: Promise<unknown>;

	/**
	 * @param found what is on the disk now; what is told meanwhile comes after it.
	 * @param signal aborted when the list leaves the page.
	 */
	constructor(
		found: FoundSession,
		worklist: Worklist,
		openChannel: OpenChannel,
		signal: AbortSignal
	) {
		this.#id = found.session.id;
		this.#worklist = worklist;
		this.#signal = signal;
		this.#fetched = loadSession(worklist, found, 'following', signal);
		this.#channel = openChannel((message) => this.#onMessage(message));
		signal.addEventListener('abort', () => this.#channel.close(), { once: true });
	}

	/** Settles when all that was there, or was told of, is on the page. */
	async shown(): Promise<void> {
		await this.#fetched;
	}

	/**
	 * Wait until the other tab lets go; the mirror follows no more then.
	 * @returns the right to the list and what is on the disk by then; null where nobody asks any
	 *   more, or the list is gone.
	 */
	async taken(locks: TabLocks): Promise<{ claim: Claim; found: FoundSession } | null> {
		const claim = await locks.whenFree(this.#id, this.#signal);
		if (!claim) return null;
		if (!this.#signal.aborted) {
			await this.#fetched;
			const found = await readSession(this.#id);
			if (found && !this.#signal.aborted) {
				this.#channel.close();
				return { claim, found };
			}
		}
		claim.release();
		return null;
	}

	/** What the other tab wrote. */
	#onMessage(message: TabMessage): void {
		if (message.kind !== 'rows' || message.session !== this.#id) return;
		const { indices } = message;
		this.#fetched = this.#fetched
			.then(() => this.#fetch(indices))
			// The next message brings the rest, or the reload.
			.catch(() => undefined);
	}

	async #fetch(indices: readonly number[]): Promise<void> {
		const worklist = this.#worklist;
		const records = await readSome(this.#id, indices);
		const found = await readSession(this.#id);
		if (this.#signal.aborted || !worklist.isFollowing || !found) return;
		// The model comes with the first results.
		if (found.manifest) worklist.readBy(found.manifest);
		worklist.usePatientRules(found.session.patientRules ?? NO_RULES);
		const added = records.find(({ index }) => index >= worklist.total);
		// Where messages were missed all is read again.
		if (added && added.index > worklist.total) {
			await loadSession(worklist, found, 'following', this.#signal);
		} else {
			worklist.load(records.map(rowOf));
		}
	}
}
