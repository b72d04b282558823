/** Model packages in IndexedDB: what is stored, and reading it back checked. */
import { detailOf, failed, succeeded, type Outcome } from '../problems/problems';
import { sha256Of } from '../base/sha256';
import { database, type Database } from '../storage/database';
import type { Manifest } from './manifest';
import { checkNetworks } from './topology';
import { unpack, type NetworkFiles } from './unpack';

/** A model package whose files are all in `files`. */
export interface StoredModel {
	id: string;
	version: string;
	manifest: Manifest;
	/** When the last file was stored, ISO 8601. */
	storedAt: string;
}

/** One file of a package, found by its content, so that versions share what is equal. */
interface StoredFile {
	sha256: string;
	bytes: ArrayBuffer;
}

declare module '../storage/database' {
	interface Schema {
		models: { key: string; value: StoredModel };
		files: { key: string; value: StoredFile };
	}
}

export type ManifestFile = Manifest['files'][number];

/** A package in memory, ready for an engine. */
export interface ModelPackage extends NetworkFiles {
	manifest: Manifest;
	/** The network that finds what is read; the classifier's own files are beside it. */
	region: NetworkFiles | null;
}

/** The stored models, any version. @throws DOMException without storage. */
export async function storedModels(): Promise<StoredModel[]> {
	return (await database()).getAll('models');
}

/** The files of a package that are not stored yet. @throws DOMException without storage. */
export async function missingFiles(manifest: Manifest): Promise<ManifestFile[]> {
	const stored = new Set(await (await database()).getAllKeys('files'));
	// A sum that comes twice is one file.
	const files = new Map(manifest.files.map((file) => [file.sha256, file]));
	return [...files.values()].filter(({ sha256 }) => !stored.has(sha256));
}

/**
 * Store one file; it counts when the transaction is complete.
 * @throws DOMException, QuotaExceededError when the disk is full.
 */
export async function storeFile(sha256: string, bytes: ArrayBuffer): Promise<void> {
	const transaction = (await database()).transaction('files', 'readwrite', {
		durability: 'strict'
	});
	await Promise.all([transaction.store.put({ sha256, bytes }), transaction.done]);
}

/** Note a package as complete, and drop the files of the version that it replaces. */
export async function storeModel(manifest: Manifest): Promise<void> {
	const db = await database();
	const replaced = await db.get('models', manifest.id);
	await db.put('models', {
		id: manifest.id,
		version: manifest.version,
		manifest: structuredClone(manifest),
		storedAt: new Date().toISOString()
	});
	if (replaced) await dropFilesOf(db, replaced.manifest);
}

/** Remove a model and the files that only it used. */
export async function removeModel(id: string): Promise<void> {
	const db = await database();
	const removed = await db.get('models', id);
	await db.delete('models', id);
	if (removed) await dropFilesOf(db, removed.manifest);
}

/** Drop a package's files but those of stored models; a download on its way is left alone. */
async function dropFilesOf(db: Database, manifest: Manifest): Promise<void> {
	const transaction = db.transaction(['models', 'files'], 'readwrite');
	const models = await transaction.objectStore('models').getAll();
	const used = new Set(models.flatMap((model) => model.manifest.files.map((file) => file.sha256)));
	const files = transaction.objectStore('files');
	for (const { sha256 } of manifest.files) if (!used.has(sha256)) await files.delete(sha256);
	await transaction.done;
}

/**
 * Read a stored package, check every file against its sum, unpack it, and check the graph
 * against what a graph may hold. What does not match its sum is dropped, so that the next download fetches
 * just that.
 */
export async function readPackage(manifest: Manifest): Promise<Outcome<ModelPackage>> {
	const db = await database();
	const parts: ArrayBuffer[] = [];
	let intact = true;
	for (const file of manifest.files) {
		const stored = await db.get('files', file.sha256);
		const good =
			stored &&
			stored.bytes.byteLength === file.bytes &&
			(await sha256Of(stored.bytes)) === file.sha256;
		if (good) {
			parts.push(stored.bytes);
		} else {
			intact = false;
			await db.delete('files', file.sha256);
		}
	}
	if (!intact) return failed('model-parts-lost');
	const unpacked = await unpack(manifest, parts);
	if (!unpacked.ok) {
		return failed('model-foreign', { detail: `${unpacked.file} cannot be unpacked` });
	}
	const { classifier, region } = unpacked;
	const checked = checkNetworks(unpacked);
	return checked.ok ? succeeded({ manifest, ...classifier, region }) : checked;
}

/** Why a package could not be stored, for the user. */
export async function storingProblem(error: unknown, manifest: Manifest): Promise<Outcome<never>> {
	const name = error instanceof DOMException ? error.name : '';
	if (name !== 'QuotaExceededError') return failed('storage-refused', { detail: detailOf(error) });
	const estimate = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
	const left =
		estimate.quota !== undefined && estimate.usage !== undefined
			? Math.max(0, estimate.quota - estimate.usage)
			: null;
	return failed('disk-full', { needed: manifest.totalBytes, left });
}
