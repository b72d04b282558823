/** The record of a kept list: what the list of sessions shows of it. */
import { m } from '../paraglide/messages.js';
import type { Entry } from '../intake/entries';
import type { OperatingPoint } from '../models/manifest';
import type { StoredSession } from '../storage/database';
import { bytesOf } from './stored-row';
import { rowCategory } from '../worklist/row';
import type { ScreeningSession } from '../screening/session.svelte';
import { countRows } from '../worklist/worklist';

/** Counting a list costs up to some milliseconds: of one longer than this not with each write. */
const COUNT_MS = 1000;
const SHORT = 100;

/** What stays the same of a session's record while its list grows. */
export type Kept = Pick<StoredSession, 'id' | 'name' | 'startedAt'>;

export class Records {
	private counted: { at: number; counts: Record<string, number>; bytes: number } | null = null;

	constructor(
		private readonly session: ScreeningSession,
		private readonly pointOf: () => OperatingPoint | null
	) {}

	/** The record of the list on the page as it is now. */
	of(kept: Kept): StoredSession {
		const { session } = this;
		const { manifest } = session;
		const point = this.pointOf();
		const { counts, bytes } = this.count(point);
		return {
			...kept,
			changedAt: new Date().toISOString(),
			task: manifest?.task ?? null,
			model: manifest && {
				id: manifest.id,
				version: manifest.version,
				network: manifest.card.training.network
			},
			point: point?.id ?? '',
			total: session.total,
			finished: session.total - counts.waiting,
			counts,
			bytes,
			exported: !session.unsaved,
			deletedAt: null
		};
	}

	/** Another list comes: count anew. */
	forget(): void {
		this.counted = null;
	}

	private count(point: OperatingPoint | null) {
		const { session, counted } = this;
		const now = performance.now();
		const isRunning = session.state === 'running' && session.total > SHORT;
		if (counted && isRunning && now - counted.at < COUNT_MS) return counted;
		const { manifest } = session;
		const rows = session.rows.map(({ id }) => session.latest(id));
		const counts = countRows(rows, (row) =>
			point && manifest ? rowCategory(row, point, manifest) : null
		);
		const bytes = rows.reduce((sum, row) => sum + bytesOf(row), 0);
		this.counted = { at: now, counts, bytes };
		return this.counted;
	}
}

/** A name for a list: its folder, or its first file. */
export function nameOf(entries: readonly Entry[]): string {
	const [first, ...others] = entries.map(({ path }) => path.split('/'));
	if (!first) return m.sessions_name_images();
	if (first.length > 1) return first[0];
	return others.length > 0 ? m.sessions_name_others({ first: first[0] }) : first[0];
}
