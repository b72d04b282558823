/** Sessions as they are kept in IndexedDB: the records, and under which keys. */
import type { FileFingerprint } from '../intake/fingerprint';
import type { ImageFacts } from '../formats/facts';
import type { Said } from '../patients/patient';
import type { PatientRules } from '../patients/rules';
import type { Manifest } from '../models/manifest';
import type { Task } from '../tasks/task';
import type { Corners } from '../intake/corners';
import type { Problem } from '../problems/problems';
import type { Polygon, Region } from '../regions/region';
import type { Review } from '../review/review';
import type { FieldReading } from '../smears/field';
import type { FieldReview } from '../smears/field-review';
import type { Sealed, WrappedKey } from './seal';

/** What the list of sessions shows of one; small, its rows are in `results`. */
export interface StoredSession {
	id: string;
	/** The folder's name, until the user gives another. */
	name: string;
	/** ISO 8601. */
	startedAt: string;
	changedAt: string;
	task: Task | null;
	/** What read it; its manifest is in `manifests`. Null before a model was there. */
	model: { id: string; version: string; network: string } | null;
	/** Id of the operating point in force. */
	point: string;
	/** Files in all, and those that need no more work. */
	total: number;
	finished: number;
	/** Red cells a microlitre that the user gave, by slide; lists of before have none. */
	redCells?: Readonly<Record<string, number>>;
	/** How its patients are found. */
	patientRules?: PatientRules;
	/** How many rows each filter of the list would show, by the filter's name. */
	counts: Record<string, number>;
	/** About what its rows take, bytes. */
	bytes: number;
	/** Whether a file that the user saved holds all of it. */
	exported: boolean;
	/** When the user deleted it, ISO 8601: it goes for good a little later. */
	deletedAt: string | null;
}

/**
 * One row of a session: what `Row` holds, but for what a page makes anew (`stored-row.ts`). A field
 * that a later version adds to `Row` is kept as it is, if it can be cloned.
 */
export interface StoredResult {
	session: string;
	/** Its place in the list; with `session` the key. */
	index: number;
	path: string;
	file: FileFingerprint | null;
	status: 'waiting' | 'done' | 'failed' | 'left-out' | 'stopped';
	probability: number | null;
	distance: number | null;
	map: Uint8Array | null;
	region: Region | null;
	/** A JPEG. Bytes, not a Blob: Safari has lost Blobs that were kept. */
	thumbnail: ArrayBuffer | null;
	width: number;
	height: number;
	backend: string;
	time: string;
	problem: Problem | null;
	facts: ImageFacts | null;
	typed: Said | null;
	overruled: boolean;
	outlineWrong: boolean;
	drawn: readonly Polygon[] | null;
	corners: Corners | null;
	findsFilm: boolean;
	review: Review | null;
	field: FieldReading | null;
	fieldReview: FieldReview | null;
	slide: string | null;
}

/** A session under the passphrase: what upkeep needs of it stays readable. */
export interface SealedSession extends Pick<StoredSession, 'id' | 'deletedAt'> {
	/** Id and version of its model, as the key of `manifests` has them; null where it has none. */
	uses: [string, string] | null;
	sealed: Sealed;
}

/** A row under the passphrase: its key stays readable. */
export interface SealedResult extends Pick<StoredResult, 'session' | 'index'> {
	sealed: Sealed;
}

/** The key under which sessions are sealed, itself under the passphrase. */
export interface StoredLock extends WrappedKey {
	id: 'sessions';
	/** Which key it is: another passphrase has the same, another lock has not. */
	key: string;
	/**
	 * `sealing`: new records are sealed, some old ones are not yet; `opening`: new records are
	 * plain, some old ones are not yet. A record says itself what it is.
	 */
	phase: 'sealing' | 'sealed' | 'opening';
}

/** Folders and files that the browser gave a session, where it can open them again by itself. */
interface StoredFolders {
	session: string;
	handles: FileSystemHandle[];
}

/** The manifest of a version that made kept results: they are shown without the model. */
export interface StoredManifest {
	id: string;
	version: string;
	manifest: Manifest;
}

declare module '../storage/database' {
	interface Schema {
		sessions: { key: string; value: StoredSession | SealedSession };
		results: { key: [string, number]; value: StoredResult | SealedResult };
		folders: { key: string; value: StoredFolders };
		manifests: { key: [string, string]; value: StoredManifest };
		locks: { key: string; value: StoredLock };
	}
}
