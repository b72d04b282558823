/** IndexedDB in memory. Import it before anything that opens the database. */
import 'fake-indexeddb/auto';
import { vi } from 'vitest';
import { database } from '../../../src/lib/storage/database';

/** Forget all that is stored. */
export async function emptyStorage(): Promise<void> {
	const db = await database();
	for (const store of db.objectStoreNames) await db.clear(store);
}

/** Writing to any object store fails from now on, until mocks are restored. */
export function failWrites(name: string): void {
	vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
		throw new DOMException('no', name);
	});
}
