/** The record of a kept list: what the list of sessions shows of it. */
import { m } from '../paraglide/messages.js';
import type { Manifest, OperatingPoint } from '../models/manifest';
import type { PatientRules } from '../patients/rules';
import { rowCategory, type Row } from '../worklist/row';
import { countRows } from '../worklist/worklist';
import type { StoredSession } from './stored';
import { bytesOf } from './stored-row';

/** Counting a list costs up to some milliseconds: of one longer than this not with each write. */
const COUNT_MS = 1000;
const SHORT = 100;

/** What stays the same of a session's record while its list grows. */
export type OpenSession = Pick<StoredSession, 'id' | 'name' | 'startedAt'>;

/** What holds of a list as a whole. */
export interface ListFacts {
	/** Of the model that reads it; null before there is one. */
	manifest: Manifest | null;
	/** The operating point in force. */
	point: OperatingPoint | null;
	/** Whether a file that the user saved holds all of it. */
	exported: boolean;
	/** Red cells a microlitre that the user gave, by slide. */
	redCells: Readonly<Record<string, number>>;
	/** How its patients are found. */
	patientRules: PatientRules;
	/** Whether images are still being read. */
	isBusy: boolean;
}

interface Counts {
	at: number;
	counts: Record<string, number>;
	bytes: number;
}

/** Counts the rows of a list for its record, of a long one that is being read now and then. */
export class RecordCounter {
	#last: Counts | null = null;

	/** The record of a list as it is now. */
	recordOf(session: OpenSession, rows: readonly Row[], facts: ListFacts): StoredSession {
		const { manifest, point, exported, redCells, patientRules } = facts;
		const { counts, bytes } = this.#count(rows, facts);
		return {
			...session,
			changedAt: new Date().toISOString(),
			task: manifest?.task ?? null,
			model: manifest && {
				id: manifest.id,
				version: manifest.version,
				network: manifest.card.training.network
			},
			point: point?.id ?? '',
			total: rows.length,
			finished: rows.length - counts.waiting,
			redCells,
			patientRules,
			counts,
			bytes,
			exported,
			deletedAt: null
		};
	}

	#count(rows: readonly Row[], { manifest, point, isBusy }: ListFacts): Counts {
		const now = performance.now();
		const last = this.#last;
		if (last && isBusy && rows.length > SHORT && now - last.at < COUNT_MS) return last;
		const counts = countRows(rows, (row) =>
			point && manifest ? rowCategory(row, point, manifest) : null
		);
		const bytes = rows.reduce((sum, row) => sum + bytesOf(row), 0);
		this.#last = { at: now, counts, bytes };
		return this.#last;
	}
}

/** A name for a list: its folder, or its first file. */
export function nameOf(files: readonly { path: string }[]): string {
	const [first, ...others] = files.map(({ path }) => path.split('/'));
	if (!first) return m.sessions_name_images();
	if (first.length > 1) return first[0];
	return others.length > 0 ? m.sessions_name_others({ first: first[0] }) : first[0];
}
