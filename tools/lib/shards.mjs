// @ts-check
// A package's shards from the disk, unpacked. `packing.py` writes them.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, inflateRawSync } from 'node:zlib';
import { codeOf, messageOf, Problem } from './problem.mjs';

/**
 * The shards that a graph's `model.json` names, one after the other. A shard is there as it
 * is or, as `<name>.deflate.bin`, packed.
 * @param {string} folder
 * @param {readonly string[]} names as in `model.json`
 * @returns {Promise<Buffer[]>}
 * @throws {Problem} where one is missing or damaged
 */
export function readShards(folder, names) {
	return Promise.all(names.map((name) => readShard(folder, name)));
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {Promise<Buffer>}
 */
async function readShard(folder, name) {
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
 * @param {Buffer} stored
 * @param {{ path: string, encoding?: string }} file
 * @returns {Buffer}
 * @throws {Problem}
 */
export function unpackListed(stored, { path, encoding }) {
	return encoding === undefined ? stored : unpackExactly(stored, path);
}

/**
 * The name of the packed form of a shard.
 * @param {string} name
 */
function packedName(name) {
	return name.replace(/(\.bin)?$/, '.deflate.bin');
}

/**
 * Raw deflate that ends where the bytes end.
 * @param {Buffer} packed
 * @param {string} file for the message
 * @returns {Buffer}
 * @throws {Problem}
 */
export function unpackExactly(packed, file) {
	try {
		// `info` tells how many bytes were used; the type of its result does not say so.
		const options = { info: true, finishFlush: constants.Z_FINISH };
		const result = /** @type {unknown} */ (inflateRawSync(packed, options));
		const { buffer, engine } = /** @type {{ buffer: Buffer, engine: { bytesWritten: number } }} */ (
			result
		);
		if (engine.bytesWritten !== packed.length) throw new Error('it goes on past its end');
		return buffer;
	} catch (error) {
		throw new Problem(`${file} is not packed as it should be: ${messageOf(error)}`);
	}
}
