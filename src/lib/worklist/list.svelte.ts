/**
 * The one reactive list of a screening: rows, what of them is finished, which have no file on the
 * page, and the model that read them. Everything that shows or counts rows derives from it.
 *
 * Rows are not signals: 10,000 of them would cost more than they give. The list tells its readers
 * of changes as a whole, at once where a person acted or the list came to an end, otherwise at most
 * a few times a second.
 */
import { createSubscriber } from 'svelte/reactivity';
import { uniquePath, type Entry } from '../intake/entries';
import type { Manifest } from '../models/manifest';
import { NO_RULES, type PatientRules } from '../patients/rules';
import { entryOf, isUnfinished, newRow, type Row } from './row';

/**
 * `own`: this page works on the list; `loading`: its stored rows are being read; `following`:
 * another tab works on it, this page shows it.
 */
export type ListMode = 'own' | 'loading' | 'following';

/**
 * Readers are told of changes at most this often, and of a list that grows long less often: sorting
 * and counting 10,000 rows takes some milliseconds, which are then missing for reading.
 */
const NOTIFY_MS = 250;
const NOTIFY_MS_PER_ROW = 0.1;
const MAX_NOTIFY_MS = 2000;

export class Worklist {
	/** A row's place is its id. A new array with each notification, so that equality tells changes. */
	#rows: Row[] = [];
	readonly #paths = new Set<string>();
	/** Rows whose file is not on the page: the list was opened from storage. */
	readonly #detached = new Set<number>();
	#finished = 0;
	/** Unfinished rows among the detached ones. */
	#missing = 0;
	#mode: ListMode = $state('own');
	#manifest: Manifest | null = $state.raw(null);
	#unsaved = $state(false);
	#redCells: Readonly<Record<string, number>> = $state.raw({});
	#patientRules: PatientRules = $state.raw(NO_RULES);
	#tell: (() => void) | null = null;
	#timer: ReturnType<typeof setTimeout> | null = null;
	readonly #subscribe = createSubscriber((update) => {
		this.#tell = update;
		return () => (this.#tell = null);
	});

	get rows(): readonly Row[] {
		this.#subscribe();
		return this.#rows;
	}

	get total(): number {
		this.#subscribe();
		return this.#rows.length;
	}

	/** Rows that need no more work, whatever came of them. */
	get finishedCount(): number {
		this.#subscribe();
		return this.#finished;
	}

	get isDone(): boolean {
		return this.finishedCount === this.total;
	}

	/** Unfinished rows whose file is not on the page. */
	get missing(): number {
		this.#subscribe();
		return this.#missing;
	}

	/** Unfinished rows whose file is on the page. */
	get readableCount(): number {
		return this.total - this.finishedCount - this.missing;
	}

	/** Whether the file of any row is not on the page. */
	get hasDetached(): boolean {
		this.#subscribe();
		return this.#detached.size > 0;
	}

	get mode(): ListMode {
		return this.#mode;
	}

	/** Whether another tab works on the list: here it is only looked at. */
	get isFollowing(): boolean {
		return this.#mode === 'following';
	}

	/** Of the model that reads the list, or read it; null before there is one. */
	get manifest(): Manifest | null {
		return this.#manifest;
	}

	/** Whether results exist that no file which the user saved holds yet. */
	get unsaved(): boolean {
		return this.#unsaved;
	}

	/** Red cells a microlitre of slides whose count the user gave, by the slide's key. */
	get redCells(): Readonly<Record<string, number>> {
		return this.#redCells;
	}

	/** Keep the counts of red cells that the user gave. */
	giveRedCells(redCells: Readonly<Record<string, number>>): void {
		this.#redCells = redCells;
	}

	/** How the list's patients are found beside what headers say and people typed. */
	get patientRules(): PatientRules {
		return this.#patientRules;
	}

	/** Find the list's patients so from now on. */
	usePatientRules(rules: PatientRules): void {
		this.#patientRules = rules;
	}

	isDetached(id: number): boolean {
		return this.#detached.has(id);
	}

	/** The model that reads the list from now on; null where none does. */
	readBy(manifest: Manifest | null): void {
		this.#manifest = manifest;
	}

	/**
	 * Add files; one whose path is taken gets another.
	 * @returns their rows, which wait to be read.
	 */
	append(entries: readonly Entry[]): readonly Row[] {
		const added = entries.map((entry, i) => {
			const path = uniquePath(entry.path, (taken) => this.#paths.has(taken));
			this.#paths.add(path);
			return newRow(this.#rows.length + i, { ...entry, path });
		});
		this.#rows.push(...added);
		this.#notify(true);
		return added;
	}

	/**
	 * Replace a row by what became of it here. What is finished has to be saved again.
	 * @param now whether readers are told at once: a person acted.
	 */
	put(row: Row, now = false): void {
		const phase = this.#phase;
		this.#replace(row);
		if (!isUnfinished(row)) this.#unsaved = true;
		this.#notify(now || phase !== this.#phase);
	}

	/** A row's file is on the page. The row keeps the path by which it is known. */
	attach(id: number, entry: Entry): void {
		const row = this.#rows[id];
		if (this.#detached.delete(id) && isUnfinished(row)) this.#missing--;
		this.#rows[id] = { ...row, entry: entryOf({ ...row, entry }) };
		this.#notify(false);
	}

	/** Stored rows follow, by `load`; what they say of the list holds after `finishLoading`. */
	startLoading(): void {
		this.#mode = 'loading';
	}

	/** Show stored rows, whose files are not on the page: new ones, or in the place of others. */
	load(rows: readonly Row[]): void {
		for (const row of rows) {
			if (row.id < this.#rows.length) {
				this.#detach(row.id);
				this.#replace(row);
			} else {
				this.#paths.add(row.path);
				this.#rows[row.id] = row;
				this.#detached.add(row.id);
				if (isUnfinished(row)) this.#missing++;
				else this.#finished++;
			}
		}
		this.#notify(false);
	}

	/** @param exported whether a file that the user saved holds all of it. */
	finishLoading(mode: 'own' | 'following', exported: boolean): void {
		this.#unsaved = this.#finished > 0 && !exported;
		this.#mode = mode;
		this.#notify(true);
	}

	/** All of the list is in a file that the user saved. */
	markSaved(): void {
		this.#unsaved = false;
	}

	/** Forget all rows. The model and the rules for patients stay. */
	clear(): void {
		this.#rows = [];
		this.#paths.clear();
		this.#detached.clear();
		this.#finished = this.#missing = 0;
		this.#unsaved = false;
		this.#redCells = {};
		this.#mode = 'own';
		this.#notify(true);
	}

	/** Where the list stands as a whole. */
	get #phase(): 'done' | 'stuck' | 'open' {
		if (this.#finished === this.#rows.length) return 'done';
		return this.#finished + this.#missing === this.#rows.length ? 'stuck' : 'open';
	}

	#detach(id: number): void {
		if (this.#detached.has(id)) return;
		this.#detached.add(id);
		if (isUnfinished(this.#rows[id])) this.#missing++;
	}

	#replace(row: Row): void {
		const change = Number(isUnfinished(row)) - Number(isUnfinished(this.#rows[row.id]));
		this.#finished -= change;
		if (this.#detached.has(row.id)) this.#missing += change;
		this.#rows[row.id] = row;
	}

	/** Tell readers now or soon. */
	#notify(now: boolean): void {
		if (now) {
			if (this.#timer) clearTimeout(this.#timer);
			this.#timer = null;
			this.#rows = this.#rows.slice();
			this.#tell?.();
			return;
		}
		const pause = Math.max(NOTIFY_MS, NOTIFY_MS_PER_ROW * this.#finished);
		this.#timer ??= setTimeout(() => this.#notify(true), Math.min(pause, MAX_NOTIFY_MS));
	}
}
