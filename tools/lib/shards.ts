// A package's shards from the disk, unpacked. `packing.py` writes them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, inflateRawSync } from 'node:zlib';
import { codeOf, messageOf, Problem } from './problem.ts';

/**
 * The shards that a graph's `model.json` names, one after the other. A shard is there as it
 * is or, as `<name>.deflate.bin`, packed.
 * @param names as in `model.json`
 * @throws {Problem} where one is missing or damaged
 */
export function readShards(folder: string, names: readonly string[]): Promise<Buffer[]> {
	return Promise.all(names.map((name) => readShard(folder, name)));
}

async function readShard(folder: string, name: string): Promise<Buffer> {
	const plain = await readFile(join(folder, name)).catch((error) => {
		if (codeOf(error) === 'ENOENT') return null;
		throw error;
	});
	if (plain) return plain;
	const file = join(folder, packedName(name));
	const packed = await readFile(file).catch((error) => {
		throw new Problem(`${file} cannot be read: ${messageOf(error)}`);
	});
	return unpackExactly(packed, file);
}

/**
 * A file of a package as its manifest lists it, unpacked.
 * @throws {Problem}
 */
export function unpackListed(
	stored: Buffer,
	{ path, encoding }: { path: string; encoding?: string }
): Buffer {
	return encoding === undefined ? stored : unpackExactly(stored, path);
}

/** The name of the packed form of a shard. */
function packedName(name: string) {
	return name.replace(/(\.bin)?$/, '.deflate.bin');
}

/**
 * Raw deflate that ends where the bytes end.
 * @param file for the message
 * @throws {Problem}
 */
export function unpackExactly(packed: Buffer, file: string): Buffer {
	try {
		// `info` tells how many bytes were used; the type of its result does not say so.
		const options = { info: true, finishFlush: constants.Z_FINISH };
		const result = inflateRawSync(packed, options) as unknown;
		const { buffer, engine } = result as { buffer: Buffer; engine: { bytesWritten: number } };
		if (engine.bytesWritten !== packed.length) throw new Error('it goes on past its end');
		return buffer;
	} catch (error) {
		throw new Problem(`${file} is not packed as it should be: ${messageOf(error)}`);
	}
}
