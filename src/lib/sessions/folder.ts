/**
 * Folders that the browser lets a page open again (File System Access: Chromium). Elsewhere
 * nothing is kept, and the user adds the folder again.
 */
import { entriesOfDrop, type Collected } from '../intake/entries';
import { withTimeLimit } from '../base/time-limit';

/** More single files than this are not asked for one by one: the user adds them again. */
export const MOST_HANDLES = 100;
/** A browser that has not answered by then is taken not to. */
const ANSWER_MS = 3000;

/** Of a drop, what can be opened again. Call it inside the `drop` handler, as the browser asks. */
export async function handlesOfDrop(transfer: DataTransfer): Promise<FileSystemHandle[]> {
	const files = [...transfer.items].filter(({ kind }) => kind === 'file');
	if (files.length > MOST_HANDLES) return [];
	const asked = files.map(async (item) => {
		const answer = (item as Partial<ItemWithHandle>).getAsFileSystemHandle?.call(item);
		return answer ? withTimeLimit(answer, ANSWER_MS) : null;
	});
	const settled = await Promise.allSettled(asked);
	return settled.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
}

/** Whether the browser has a picker whose folders can be opened again. */
export function canPick(): boolean {
	return 'showDirectoryPicker' in globalThis;
}

/** Whether a folder can be chosen at all: iPhones and iPads learnt it with iOS 18.4. */
export function hasFolders(): boolean {
	// Where the pages are made there is no document, and most browsers have folders.
	if (typeof HTMLInputElement === 'undefined') return true;
	return canPick() || 'webkitdirectory' in HTMLInputElement.prototype;
}

/** Let the user choose a folder; null where they chose none, or the browser refused it. */
export async function pickFolder(): Promise<FileSystemDirectoryHandle | null> {
	try {
		return await (globalThis as unknown as Picker).showDirectoryPicker({ id: 'images' });
	} catch {
		return null;
	}
}

/**
 * Whether all of it may be read. Asking needs a click of the user right before.
 * @param ask whether the browser may put the question to the user.
 */
export async function mayRead(
	handles: readonly FileSystemHandle[],
	ask: boolean
): Promise<boolean> {
	try {
		for (const handle of handles as readonly (FileSystemHandle & Partial<Permissions>)[]) {
			const known = (await handle.queryPermission?.({ mode: 'read' })) ?? 'granted';
			if (known === 'granted') continue;
			if (!ask || (await handle.requestPermission?.({ mode: 'read' })) !== 'granted') return false;
		}
		return handles.length > 0;
	} catch {
		return false;
	}
}

/**
 * The files of folders, exactly as a drop of them gives them: the same paths, limits and
 * problems, because it is looked through by the same code.
 */
export function entriesOfHandles(
	handles: readonly FileSystemHandle[],
	onCount?: (count: number) => void
): Promise<Collected> {
	const items = handles.map((handle) => ({
		kind: 'file',
		webkitGetAsEntry: () => entryOf(handle),
		getAsFile: () => null
	}));
	return entriesOfDrop({ items } as unknown as DataTransfer, onCount);
}

function entryOf(handle: FileSystemHandle): FileSystemEntry {
	const { name, kind } = handle;
	const entry =
		kind === 'file' ? fileOf(handle as FileSystemFileHandle) : folderOf(handle as Directory);
	return {
		name,
		isFile: kind === 'file',
		isDirectory: kind === 'directory',
		...entry
	} as unknown as FileSystemEntry;
}

function fileOf(handle: FileSystemFileHandle) {
	return {
		file: (give: (file: File) => void, fail: (error: unknown) => void) =>
			void handle.getFile().then(give, fail)
	};
}

function folderOf(handle: Directory) {
	return {
		createReader() {
			let done = false;
			return {
				/** All at once, then nothing: the end of a folder. */
				readEntries(give: (entries: FileSystemEntry[]) => void, fail: (error: unknown) => void) {
					if (done) return give([]);
					done = true;
					void childrenOf(handle).then(give, fail);
				}
			};
		}
	};
}

async function childrenOf(handle: Directory): Promise<FileSystemEntry[]> {
	const children: FileSystemEntry[] = [];
	for await (const child of handle.values()) children.push(entryOf(child));
	return children;
}

// What TypeScript's library does not know yet.
interface ItemWithHandle {
	getAsFileSystemHandle(): Promise<FileSystemHandle | null>;
}
interface Permissions {
	queryPermission(options: { mode: 'read' }): Promise<PermissionState>;
	requestPermission(options: { mode: 'read' }): Promise<PermissionState>;
}
interface Picker {
	showDirectoryPicker(options: { id: string }): Promise<FileSystemDirectoryHandle>;
}
type Directory = FileSystemDirectoryHandle & { values(): AsyncIterable<FileSystemHandle> };
