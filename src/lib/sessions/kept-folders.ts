/** What opens a session's folders again, where the browser gives that. */
import { database } from '../storage/database';
import { allOrNone } from './all-or-none';

/**
 * Keep what opens a session's folders again.
 * @returns false where sessions are sealed: a handle cannot be, and its name would be readable.
 * @throws DOMException where it cannot be cloned.
 */
export async function keepFolders(session: string, handles: FileSystemHandle[]): Promise<boolean> {
	const all = await readFolders(session);
	for (const handle of handles) {
		const same = await Promise.all(all.map((known) => known.isSameEntry?.(handle)));
		// Twice the same folder would be twice the same images.
		if (!same.includes(true)) all.push(handle);
	}
	const transaction = (await database()).transaction(['folders', 'locks'], 'readwrite');
	return allOrNone(transaction, async (add) => {
		if (await transaction.objectStore('locks').get('sessions')) return false;
		add(transaction.objectStore('folders').put({ session, handles: all }));
		return true;
	});
}

export async function readFolders(session: string): Promise<FileSystemHandle[]> {
	return (await (await database()).get('folders', session))?.handles ?? [];
}
