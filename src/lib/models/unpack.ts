/** Files of a package as they travel, and as an engine wants them. */
import { inflate } from '../inflate';
import type { Manifest } from './manifest';

type ManifestFile = Manifest['files'][number];

/** A package's files unpacked, or the name of the one that is not what it says. */
export type Unpacked =
	{ ok: true; topology: string; weights: ArrayBuffer } | { ok: false; file: string };

/**
 * Unpack a package whose files were held against their sums.
 * The weights are one piece of memory, of the size that the (checked, bounded) manifest gives;
 * a shard that would be longer is not unpacked any further.
 * @param parts the manifest's files in its order, as they are stored.
 */
export async function unpack(manifest: Manifest, parts: readonly ArrayBuffer[]): Promise<Unpacked> {
	const [graph, ...shards] = manifest.files;
	const topology = await unpackFile(graph, parts[0]);
	if (!topology) return { ok: false, file: graph.path };
	const weights = new Uint8Array(shards.reduce((sum, shard) => sum + unpackedBytes(shard), 0));
	let at = 0;
	for (const [i, shard] of shards.entries()) {
		const bytes = await unpackFile(shard, parts[i + 1]);
		if (!bytes) return { ok: false, file: shard.path };
		weights.set(bytes, at);
		at += bytes.length;
	}
	return { ok: true, topology: new TextDecoder().decode(topology), weights: weights.buffer };
}

/** Bytes of a file as an engine wants it. */
export function unpackedBytes(file: ManifestFile): number {
	return file.unpackedBytes ?? file.bytes;
}

/** One file, or null where it is cut off, damaged, or not of the length that was said. */
async function unpackFile(file: ManifestFile, stored: ArrayBuffer): Promise<Uint8Array | null> {
	const bytes = new Uint8Array(stored);
	const wanted = unpackedBytes(file);
	if (file.encoding === undefined) return bytes.length === wanted ? bytes : null;
	try {
		const found = await inflate(bytes, file.encoding, wanted);
		return found.length === wanted ? found : null;
	} catch {
		return null;
	}
}
