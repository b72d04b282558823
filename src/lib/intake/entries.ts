/**
 * Turns a drop, a picker or a launch into entries. Files are not opened here: an entry
 * opens its file when its turn comes, so that thousands of files cost no memory.
 */
import { MAX_FILES, MAX_FOLDER_DEPTH } from '../base/limits';
import type { FilmPlace } from './corners';
import type { Polygon } from './polygon';
import { failed, problem, succeeded, type Outcome, type Problem } from '../problems/problems';

export interface Entry {
	/** Path within what was added, `/` between folders. Unique in its list. */
	path: string;
	/**
	 * Opens the file. @throws DOMException when it is gone. @throws {EntryError} where it lies in
	 * an archive that cannot be unpacked.
	 */
	open: () => Promise<File>;
	/** Where in the picture the film lies, or that it is looked for; none where all of it is read. */
	corners?: FilmPlace;
	/** Outlines of what is read, as a person drew them; none where they are found. */
	drawn?: readonly Polygon[] | null;
}

/** Why an entry cannot be opened, where it is more than that the file is gone. */
export class EntryError extends Error {
	override name = 'EntryError';

	constructor(readonly problem: Problem) {
		super(problem.code);
	}
}

/** Open an entry; what stands in the way is a value. */
export async function openEntry({ open }: Entry): Promise<Outcome<File>> {
	try {
		return succeeded(await open());
	} catch (error) {
		if (error instanceof EntryError) return { ok: false, problem: error.problem };
		return failed('file-gone');
	}
}

export interface Collected {
	entries: Entry[];
	/** What could not be looked into; the rest is in `entries`. */
	problems: Problem[];
	/** What opens their folders again on a later visit, where the browser gives that. */
	handles?: readonly FileSystemHandle[];
}

/**
 * Entries of a file input, with `webkitRelativePath` where a folder was chosen.
 * @param most files that a list takes.
 */
export function entriesOfFiles(files: Iterable<File>, most = MAX_FILES): Collected {
	const list = new EntryList(most);
	for (const file of files) {
		if (!list.add(file.webkitRelativePath || file.name, () => Promise.resolve(file))) break;
	}
	return list.collected();
}

/**
 * Entries of a drop or of the clipboard, folders included. Call it inside the `drop` or `paste`
 * handler: the browser empties the transfer as soon as the handler returns. What the browser does
 * not hand out is an entry that cannot be opened.
 * @param onCount called with the number of files found so far.
 * @param most files that a list takes.
 */
export async function entriesOfDrop(
	transfer: DataTransfer,
	onCount: (count: number) => void = () => undefined,
	most = MAX_FILES
): Promise<Collected> {
	const roots: FileSystemEntry[] = [];
	const loose: File[] = [];
	let withheld = 0;
	for (const item of transfer.items) {
		if (item.kind !== 'file') continue;
		// Firefox on Android has had it since version 141.
		const root = (item as Partial<DataTransferItem>).webkitGetAsEntry?.call(item) ?? null;
		const file = root ? null : item.getAsFile();
		if (root) roots.push(root);
		else if (file) loose.push(file);
		else withheld++;
	}
	const list = new EntryList(most);
	for (const file of loose) list.add(file.name, () => Promise.resolve(file));
	for (let i = 1; i <= withheld; i++) {
		const gone = new DOMException('not handed out', 'NotFoundError');
		list.add(`(${i})`, () => Promise.reject(gone));
	}
	for (const root of roots) await walk(root, root.name, 0, list, onCount);
	return list.collected();
}

async function walk(
	node: FileSystemEntry,
	path: string,
	depth: number,
	list: EntryList,
	onCount: (count: number) => void
): Promise<void> {
	if (list.full) {
		list.refuse();
		return;
	}
	if (node.isFile) {
		const open = () =>
			new Promise<File>((resolve, reject) => (node as FileSystemFileEntry).file(resolve, reject));
		list.add(path, open);
		if (list.size % 100 === 0) onCount(list.size);
		return;
	}
	if (depth >= MAX_FOLDER_DEPTH) {
		list.problems.push(problem('folder-unreadable', { path }));
		return;
	}
	try {
		const reader = (node as FileSystemDirectoryEntry).createReader();
		// A reader gives its entries in portions (100 in Chromium) until an empty one.
		for (;;) {
			const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
				reader.readEntries(resolve, reject)
			);
			if (part.length === 0) break;
			for (const child of part)
				await walk(child, `${path}/${child.name}`, depth + 1, list, onCount);
		}
	} catch {
		list.problems.push(problem('folder-unreadable', { path }));
	}
}

/** Collects entries, keeps their paths unique and their number bounded. */
export class EntryList {
	readonly problems: Problem[] = [];
	private readonly byPath = new Map<string, Entry>();

	/** @param most files that it takes. */
	constructor(private readonly most = MAX_FILES) {}

	get size(): number {
		return this.byPath.size;
	}

	get full(): boolean {
		return this.size >= this.most;
	}

	/** @returns false when the list takes no more. */
	add(path: string, open: () => Promise<File>): boolean {
		if (this.full) {
			this.refuse();
			return false;
		}
		const unique = uniquePath(path, (taken) => this.byPath.has(taken));
		this.byPath.set(unique, { path: unique, open });
		return true;
	}

	/** Say, once, that there was more than the list takes. */
	refuse(): void {
		if (this.problems.some((known) => known.code === 'too-many-files')) return;
		this.problems.push(problem('too-many-files', { count: this.most }));
	}

	/** Entries in the order a person expects: `image 2` before `image 10`. */
	collected(): Collected {
		const keyed = [...this.byPath.values()].map((entry) => ({
			entry,
			key: naturalKey(entry.path)
		}));
		keyed.sort((a, b) => compareKeys(a.key, b.key));
		return { entries: keyed.map(({ entry }) => entry), problems: this.problems };
	}
}

/**
 * A text that sorts as a person expects by plain comparison: `image 2` before `image 10`.
 * `Intl.Collator` takes 60 ms for 10,000 paths, this a tenth.
 */
export function naturalKey(path: string): string {
	return path.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}

/** Compare two natural keys, for `sort`. */
export function compareKeys(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** `path`, or `name (2).ext` and so on where it is taken. */
export function uniquePath(path: string, isTaken: (path: string) => boolean): string {
	if (!isTaken(path)) return path;
	const [, stem, ending] = /^(.*?)(\.[^./]*)?$/s.exec(path) ?? [path, path, ''];
	for (let copy = 2; ; copy++) {
		const candidate = `${stem} (${copy})${ending ?? ''}`;
		if (!isTaken(candidate)) return candidate;
	}
}
