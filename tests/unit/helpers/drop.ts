/** Folders as a browser's drop gives them. */

/** A folder is an object of its children, a file is its content, null cannot be read. */
export type Tree = { [name: string]: Tree | string | null };

/** Entries that a directory reader gives at a time, as in Chromium. */
const PORTION = 100;

export function fileEntry(name: string, content: string | null): FileSystemEntry {
	return {
		name,
		isFile: true,
		isDirectory: false,
		file: (give: (file: File) => void, fail: (error: DOMException) => void) =>
			queueMicrotask(() =>
				content === null
					? fail(new DOMException('gone', 'NotFoundError'))
					: give(new File([content], name))
			)
	} as unknown as FileSystemEntry;
}

/** @param failAfter portions that are read before the folder cannot be read any more. */
export function folderEntry(
	name: string,
	children: FileSystemEntry[],
	failAfter = Infinity
): FileSystemEntry {
	return {
		name,
		isFile: false,
		isDirectory: true,
		createReader() {
			let read = 0;
			return {
				readEntries(
					give: (entries: FileSystemEntry[]) => void,
					fail: (error: DOMException) => void
				) {
					queueMicrotask(() => {
						if (read >= failAfter) return fail(new DOMException('no', 'NotReadableError'));
						give(children.slice(read * PORTION, ++read * PORTION));
					});
				}
			};
		}
	} as unknown as FileSystemEntry;
}

export function entryOf(name: string, tree: Tree | string | null): FileSystemEntry {
	if (typeof tree === 'string' || tree === null) return fileEntry(name, tree);
	return folderEntry(
		name,
		Object.entries(tree).map(([child, content]) => entryOf(child, content))
	);
}

/** A drop of entries; a `File` among them stands for a browser without entries. */
export function dropOf(...roots: (FileSystemEntry | File | string)[]): DataTransfer {
	const items = roots.map((root) => ({
		kind: typeof root === 'string' ? 'string' : 'file',
		webkitGetAsEntry: () => (root instanceof File || typeof root === 'string' ? null : root),
		getAsFile: () => (root instanceof File ? root : null)
	}));
	return { items } as unknown as DataTransfer;
}
