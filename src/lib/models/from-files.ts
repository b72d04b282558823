/**
 * Models from files: a package's folder (or its one-file package, which opens like a folder)
 * that was added like images is checked and stored as a download would be, for devices that
 * never had a good connection.
 */
import type { Entry } from '../intake/entries';
import { failed, succeeded, type Outcome } from '../problems/problems';
import { sha256Of } from '../base/sha256';
import { parseManifest, type Manifest } from './manifest';
import { isSummary, REFERENCE_FILE, withVectors } from './reference-file';
import { missingFiles, storeFile, storeModel, storingProblem } from './store';
import { checkNetworks } from './topology';
import { unpack } from './unpack';

/** A manifest of more bytes is none. */
const MAX_MANIFEST_BYTES = 8_000_000;

/** The files of one folder that holds a `manifest.json` and a `model.json`. */
export interface PackageFolder {
	/** The folder's path, as the user knows it; '' for loose files. */
	path: string;
	/** By file name. */
	files: ReadonlyMap<string, Entry>;
}

/**
 * Tell packages from images among what was added. Everything in a package's folder belongs
 * to it; so does a list of packages (`index.json`) in the folder above.
 */
export function packagesAmong(entries: readonly Entry[]): {
	packages: PackageFolder[];
	rest: Entry[];
} {
	const folders = new Map<string, Map<string, Entry>>();
	for (const entry of entries) {
		const { folder, name } = placeOf(entry);
		const files = folders.get(folder) ?? new Map<string, Entry>();
		folders.set(folder, files.set(name, entry));
	}
	const packages = [...folders]
		.filter(([, files]) => files.has('manifest.json') && files.has('model.json'))
		.map(([path, files]) => ({ path, files }));
	const taken = new Set(packages.map(({ path }) => path));
	const above = new Set([...taken].map((path) => path.replace(/(^|\/)[^/]*$/, '')));
	const rest = entries.filter((entry) => {
		const { folder, name } = placeOf(entry);
		return !taken.has(folder) && !(above.has(folder) && name === 'index.json');
	});
	return { packages, rest };
}

/**
 * Check a package's files against its manifest and store them. What is stored already is not
 * read; nothing counts as stored before everything is there and the graph is one that runs.
 * @param onProgress bytes of the package that are checked, and in all.
 * @returns the manifest, or why the package was not taken.
 */
export async function storePackage(
	folder: PackageFolder,
	onProgress: (loaded: number, total: number) => void = () => undefined
): Promise<Outcome<Manifest>> {
	const text = await textOf(folder, 'manifest.json');
	if (text === null) return failed('model-file-missing', { file: 'manifest.json' });
	let json = parsedJson(text);
	if (json === undefined) {
		return failed('model-file-invalid', { detail: 'manifest.json is no JSON' });
	}
	// A folder of a site that was copied has them in a file of their own.
	if (isSummary(json)) {
		const reference = await textOf(folder, REFERENCE_FILE);
		json = withVectors(json, parsedJson(reference));
	}
	const parsed = parseManifest(json);
	if (!parsed.ok) {
		const { reason, field, detail } = parsed.refusal;
		if (reason === 'newer-format') return failed('model-manifest-newer');
		return failed('model-file-invalid', { detail: `${field}: ${detail}` });
	}
	const { manifest } = parsed;
	// Looked at together first: a graph that may not run must not take a good model's place.
	const read = await readFiles(folder, manifest, onProgress);
	if (!read.ok) return read;
	const unpacked = await unpack(manifest, read.value);
	if (!unpacked.ok) return failed('model-file-damaged', { file: unpacked.file });
	const checked = checkNetworks(unpacked);
	if (!checked.ok) return checked;
	try {
		const missing = new Set((await missingFiles(manifest)).map(({ sha256 }) => sha256));
		for (const [i, { sha256 }] of manifest.files.entries()) {
			if (missing.has(sha256)) await storeFile(sha256, read.value[i]);
		}
		await storeModel(manifest);
		return succeeded(manifest);
	} catch (error) {
		return storingProblem(error, manifest);
	}
}

/** Every file of the manifest, its size and sum checked; sizes before anything is read. */
async function readFiles(
	folder: PackageFolder,
	manifest: Manifest,
	onProgress: (loaded: number, total: number) => void
): Promise<Outcome<ArrayBuffer[]>> {
	const files: File[] = [];
	for (const { path, bytes } of manifest.files) {
		const file = await fileOf(folder, path);
		if (!file) return failed('model-file-missing', { file: path });
		if (file.size !== bytes) return failed('model-file-damaged', { file: path });
		files.push(file);
	}
	const contents: ArrayBuffer[] = [];
	let loaded = 0;
	for (const [i, { path, bytes, sha256 }] of manifest.files.entries()) {
		let content: ArrayBuffer;
		try {
			content = await files[i].arrayBuffer();
		} catch {
			return failed('model-file-missing', { file: path });
		}
		if (content.byteLength !== bytes || (await sha256Of(content)) !== sha256) {
			return failed('model-file-damaged', { file: path });
		}
		contents.push(content);
		onProgress((loaded += bytes), manifest.totalBytes);
	}
	return succeeded(contents);
}

async function textOf(folder: PackageFolder, name: string): Promise<string | null> {
	const file = await fileOf(folder, name);
	if (!file || file.size > MAX_MANIFEST_BYTES) return null;
	return file.text().catch(() => null);
}

async function fileOf(folder: PackageFolder, name: string): Promise<File | null> {
	try {
		return (await folder.files.get(name)?.open()) ?? null;
	} catch {
		return null;
	}
}

function placeOf({ path }: Entry): { folder: string; name: string } {
	const slash = path.lastIndexOf('/');
	return { folder: slash < 0 ? '' : path.slice(0, slash), name: path.slice(slash + 1) };
}

/** Undefined where it is no JSON. */
function parsedJson(text: string | null): unknown {
	try {
		return JSON.parse(text ?? '') as unknown;
	} catch {
		return undefined;
	}
}
