/** Files of a package as they travel, and as an engine wants them. */
import { inflate } from '../base/inflate';
import type { Manifest } from './manifest';

type ManifestFile = Manifest['files'][number];

/** A network as an engine wants it. */
export interface NetworkFiles {
	/** The TensorFlow.js graph model's graph, as text. */
	topology: string;
	/** All shards in order, unpacked, one after the other. */
	weights: ArrayBuffer;
}

/** The networks of a package, or the name of the file that is not what it says. */
export type Unpacked =
	{ ok: true; classifier: NetworkFiles; region: NetworkFiles | null } | { ok: false; file: string };

/**
 * Unpack a package whose files were held against their sums.
 * A file that would become longer than the (checked, bounded) manifest says is not unpacked
 * any further.
 * @param parts the manifest's files in its order, as they are stored.
 */
export async function unpack(manifest: Manifest, parts: readonly ArrayBuffer[]): Promise<Unpacked> {
	// Side by side: each stream waits for its own pieces, so one after the other takes three
	// times as long.
	const unpacked = await Promise.all(manifest.files.map((file, i) => unpackFile(file, parts[i])));
	const damaged = manifest.files.find((_, i) => unpacked[i] === null);
	if (damaged) return { ok: false, file: damaged.path };
	const byPath = new Map(manifest.files.map(({ path }, i) => [path, unpacked[i]]));
	const networkOf = async (paths: readonly string[]): Promise<NetworkFiles> => {
		const [graph, ...shards] = paths.flatMap((path) => byPath.get(path) ?? []);
		const weights = await new Blob(shards).arrayBuffer();
		return { topology: new TextDecoder().decode(graph), weights };
	};
	const { classifier, region } = manifest;
	return {
		ok: true,
		classifier: await networkOf(classifier.files),
		region: region && (await networkOf(region.files))
	};
}

/** One file, or null where it is cut off, damaged, or not of the length that was said. */
async function unpackFile(
	file: ManifestFile,
	stored: ArrayBuffer
): Promise<Uint8Array<ArrayBuffer> | null> {
	const bytes = new Uint8Array(stored);
	const wanted = file.unpackedBytes ?? file.bytes;
	if (file.encoding === undefined) return bytes.length === wanted ? bytes : null;
	try {
		const found = await inflate(bytes, file.encoding, wanted);
		return found.length === wanted ? found : null;
	} catch {
		return null;
	}
}
