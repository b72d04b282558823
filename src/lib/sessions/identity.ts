/**
 * Finds the files of a kept list among files that are added: what is done is not read twice,
 * and what was changed is not taken for what was read.
 */
import type { Entry } from '../intake/entries';
import { MAX_FILE_BYTES } from '../base/limits';
import type { FileFingerprint } from '../intake/fingerprint';
import { sha256Of } from '../base/sha256';

/** A row of the kept list whose file is not on the page. */
export interface KeptFile {
	id: number;
	path: string;
	/** Null where the file was never opened: then any file at its path is the one. */
	file: FileFingerprint | null;
}

export interface FoundFile {
	id: number;
	entry: Entry;
}

export interface Found {
	/** Rows and their files, the content being what it was. */
	same: FoundFile[];
	/** Rows whose path now has another content. */
	changed: FoundFile[];
	/** Files that the list does not know. */
	fresh: Entry[];
}

/**
 * Match files with the rows of a list: by path, size and time, else by path and content, else
 * (moved or renamed) by content alone. A row takes one file at most. Another folder with equal
 * names is never taken for this one: a file that was read must be the same to the byte.
 * @param onProgress called with the number of files looked at.
 */
export async function matchFiles(
	kept: readonly KeptFile[],
	entries: readonly Entry[],
	onProgress: (done: number) => void = () => undefined
): Promise<Found> {
	const found: Found = { same: [], changed: [], fresh: [] };
	const byPath = new Map(kept.map((row) => [row.path, row]));
	const given = new Set(entries.map(({ path }) => path));
	const elsewhere: Entry[] = [];
	let done = 0;
	for (const entry of entries) {
		const row = byPath.get(entry.path) ?? otherForm(entry, byPath, given);
		if (row) {
			byPath.delete(row.path);
			const same = !row.file || (await isSame(entry, row.file));
			found[same ? 'same' : 'changed'].push({ id: row.id, entry });
			onProgress(++done);
		} else {
			elsewhere.push(entry);
		}
	}
	const bySize = new Map<number, KeptFile[]>();
	for (const row of byPath.values()) {
		if (!row.file?.sha256) continue;
		const ofSize = bySize.get(row.file.size);
		if (ofSize) ofSize.push(row);
		else bySize.set(row.file.size, [row]);
	}
	for (const entry of elsewhere) {
		const row = bySize.size > 0 ? await takeMoved(entry, bySize) : null;
		if (row) found.same.push({ id: row.id, entry });
		else found.fresh.push(entry);
		onProgress(++done);
	}
	return found;
}

/**
 * The row whose path has its accents in the other form of Unicode: a Mac may give them apart
 * (NFD) where another system had them composed (NFC). A row whose own path is given is none.
 */
function otherForm(
	{ path }: Entry,
	byPath: ReadonlyMap<string, KeptFile>,
	given: ReadonlySet<string>
): KeptFile | undefined {
	const form = (['NFC', 'NFD'] as const)
		.map((name) => path.normalize(name))
		.find((other) => byPath.has(other) && !given.has(other));
	return form === undefined ? undefined : byPath.get(form);
}

async function isSame(entry: Entry, known: FileFingerprint): Promise<boolean> {
	const file = await opened(entry);
	// It cannot be opened now: whoever opens it later is told so.
	if (!file) return true;
	if (file.size !== known.size) return false;
	if (file.lastModified === known.modified) return true;
	return known.sha256 !== '' && (await contentOf(file)) === known.sha256;
}

/** The row that this file was, and which is then taken. */
async function takeMoved(entry: Entry, bySize: Map<number, KeptFile[]>): Promise<KeptFile | null> {
	const file = await opened(entry);
	const candidates = file && bySize.get(file.size);
	if (!file || !candidates || candidates.length === 0) return null;
	const sha256 = await contentOf(file);
	const place = candidates.findIndex((row) => row.file?.sha256 === sha256);
	return place < 0 ? null : candidates.splice(place, 1)[0];
}

/** The sum of a file's content; null where it cannot be read, or is larger than any that was. */
async function contentOf(file: File): Promise<string | null> {
	if (file.size > MAX_FILE_BYTES) return null;
	try {
		return await sha256Of(await file.arrayBuffer());
	} catch {
		return null;
	}
}

async function opened(entry: Entry): Promise<File | null> {
	try {
		return await entry.open();
	} catch {
		return null;
	}
}
