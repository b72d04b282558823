/**
 * Files that another program shared with Fieldlens, on this device until a list has read them.
 * The service worker puts them in, a page takes them out.
 */
import { MAX_SHARED_BYTES, MAX_SHARED_FILES } from '../base/limits';

/** The form field of the files, as `share_target` in the manifest names it. */
const SHARE_FIELD = 'images';
/** Where the manifest's `share_target` sends its form, below the site's root. */
export const SHARE_PATH = 'share/';
/** What came of a share; the page finds it in its address as the parameter `shared`. */
export const SHARE_OUTCOMES = ['taken', 'part', 'nothing', 'failed'] as const;
export type ShareOutcome = (typeof SHARE_OUTCOMES)[number];

const INBOX = 'inbox';
const MODIFIED = 'x-last-modified';

/** What one share brought. */
export interface SharedBatch {
	id: string;
	files: { key: string; file: File }[];
}

/**
 * Keep the files of a share: all that the limits take, or, where the device has no room, none.
 * @param root address of the site's root, with its slash.
 */
export async function keepShared(request: Request, root: string): Promise<ShareOutcome> {
	const kept: string[] = [];
	try {
		const form = await request.formData();
		const files = form
			.getAll(SHARE_FIELD)
			// A form without a file sends one that has no name and no bytes.
			.filter((part) => part instanceof File && (part.name || part.size))
			.map((part) => part as File);
		if (files.length === 0) return 'nothing';
		const inbox = await caches.open(INBOX);
		const batch = `${root}${INBOX}/${Date.now()}-${crypto.randomUUID()}`;
		let bytes = 0;
		for (const [index, file] of files.slice(0, MAX_SHARED_FILES).entries()) {
			bytes += file.size;
			if (bytes > MAX_SHARED_BYTES) break;
			const key = `${batch}/${index}/${encodeURIComponent(file.name)}`;
			kept.push(key);
			const headers = { 'content-type': file.type, [MODIFIED]: String(file.lastModified) };
			await inbox.put(key, new Response(file, { headers }));
		}
		return kept.length < files.length ? 'part' : 'taken';
	} catch {
		// Half a share would look like a whole one.
		await removeShared(kept).catch(() => undefined);
		return 'failed';
	}
}

/** All that waits, in the order in which it came. The files outlive their removal. */
export async function sharedBatches(): Promise<SharedBatch[]> {
	if (!globalThis.caches || !(await caches.has(INBOX))) return [];
	const inbox = await caches.open(INBOX);
	const batches = new Map<string, SharedBatch>();
	for (const request of await inbox.keys()) {
		const [id, , name] = request.url.split('/').slice(-3);
		const response = await inbox.match(request);
		if (!id || !response) continue;
		const type = response.headers.get('content-type') ?? '';
		const lastModified = Number(response.headers.get(MODIFIED));
		const file = new File([await response.blob()], decodeURIComponent(name ?? ''), {
			type,
			lastModified
		});
		const batch = batches.get(id) ?? { id, files: [] };
		batch.files.push({ key: request.url, file });
		batches.set(id, batch);
	}
	return [...batches.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Let files go that a list has read, or that nobody wants. */
export async function removeShared(keys: Iterable<string>): Promise<void> {
	const inbox = await caches.open(INBOX);
	for (const key of keys) await inbox.delete(key);
}
