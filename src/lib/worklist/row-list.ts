/**
 * The rows of a list: how many are finished, which are on their way to the disk, which have no
 * file on the page, and which is next. Not reactive: 10,000 rows would cost more than it gives.
 */
import { uniquePath, type Entry } from '../intake/entries';
import { isUnfinished, newRow, type Row } from './row';

export class RowList {
	/** A row's place is its id. Replace one by `put`. */
	readonly rows: Row[] = [];
	private readonly paths = new Set<string>();
	/** Rows whose file is not on the page: the list was opened from storage. */
	private readonly detached = new Set<number>();
	/** Finished rows on their way to the disk; they are shown when they are there. */
	private readonly coming = new Map<number, Row>();
	private finished = 0;
	private next = 0;

	get total(): number {
		return this.rows.length;
	}

	/** Files that need no more work, whatever came of them. */
	get finishedCount(): number {
		return this.finished;
	}

	get isDone(): boolean {
		return this.finished === this.rows.length;
	}

	/** Whether no result is to come any more: each is shown, or on its way to the disk. */
	get isAllRead(): boolean {
		return this.finished + this.coming.size === this.rows.length;
	}

	/** Images that a closed tab would lose: in a decoder, in a lane, or on their way to the disk. */
	get inFlight(): number {
		return this.rows.filter(({ status }) => status === 'reading').length;
	}

	/** Files that wait and are not on the page. */
	get missing(): number {
		return [...this.detached].filter((id) => isUnfinished(this.rows[id])).length;
	}

	/** Whether any image is not on the page. */
	get hasDetached(): boolean {
		return this.detached.size > 0;
	}

	isDetached(id: number): boolean {
		return this.detached.has(id);
	}

	/** A row as it will be shown: finished, though perhaps not on the disk yet. */
	latest(id: number): Row {
		return this.coming.get(id) ?? this.rows[id];
	}

	/** Rows that are neither finished nor about to be shown so. */
	get unfinished(): Row[] {
		return this.rows.filter((row) => isUnfinished(row) && !this.coming.has(row.id));
	}

	/** Replace a row. */
	put(row: Row): void {
		if (isUnfinished(this.rows[row.id]) !== isUnfinished(row)) {
			this.finished += isUnfinished(row) ? -1 : 1;
		}
		this.rows[row.id] = row;
	}

	/** A finished row is on its way to the disk. */
	await(row: Row): void {
		this.coming.set(row.id, row);
	}

	/** It is there: show it. */
	arrive(row: Row): void {
		this.coming.delete(row.id);
		this.put(row);
	}

	/** Whether a result for this row is still to come from a lane. */
	isBeingRead(id: number): boolean {
		return this.rows[id].status === 'reading' && !this.coming.has(id);
	}

	/** Add files; one whose path is taken gets another. */
	append(entries: readonly Entry[]): void {
		for (const entry of entries) {
			const path = uniquePath(entry.path, (taken) => this.paths.has(taken));
			this.paths.add(path);
			this.rows.push(newRow(this.rows.length, { ...entry, path }));
		}
	}

	/** Show rows that were kept, whose files are not on the page: new ones, or in others' place. */
	showKept(rows: readonly Row[]): void {
		for (const row of rows) {
			if (row.id < this.rows.length) {
				this.put(row);
			} else {
				this.paths.add(row.path);
				this.rows[row.id] = row;
				if (!isUnfinished(row)) this.finished++;
			}
			this.detached.add(row.id);
		}
	}

	/** A row's file is on the page. The row keeps the path by which it is known. */
	attach(id: number, entry: Entry): void {
		this.detached.delete(id);
		const { path, corners } = this.rows[id];
		this.rows[id] = { ...this.rows[id], entry: { ...entry, path, corners } };
	}

	/** Look from the first row on for one that waits. */
	rewind(): void {
		this.next = 0;
	}

	/** Whether a file waits that is on the page. */
	hasWaiting(): boolean {
		while (this.next < this.rows.length && !this.canRead(this.next)) this.next++;
		return this.next < this.rows.length;
	}

	/** The next row that waits; ask `hasWaiting` first. */
	takeWaiting(): Row {
		return this.rows[this.next++];
	}

	clear(): void {
		this.rows.length = 0;
		this.paths.clear();
		this.detached.clear();
		this.coming.clear();
		this.finished = this.next = 0;
	}

	private canRead(id: number): boolean {
		return this.rows[id].status === 'waiting' && !this.detached.has(id);
	}
}
