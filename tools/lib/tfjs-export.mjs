// @ts-check
// A package as the graph model that stock TensorFlow.js opens: its shards unpacked.
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, Problem } from './problem.mjs';
import { readShards } from './shards.mjs';

/**
 * Write `model.json`, its plain shards and the manifest into `folder`, which is made.
 * @param {string} source the package, whose files were checked
 * @param {string} folder
 * @returns {Promise<number>} bytes of the graph model
 * @throws {Problem} where the folder holds something already, or a shard is not in order
 */
export async function writeTensorFlowJs(source, folder) {
	await refuseFull(folder);
	await mkdir(folder, { recursive: true });
	const text = await readFile(join(source, 'model.json'));
	/** @type {string[]} */
	const names = JSON.parse(text.toString()).weightsManifest.flatMap(
		(/** @type {{ paths: string[] }} */ group) => group.paths
	);
	const strange = names.find((name) => !/^\w[\w.-]*$/.test(name));
	if (strange) throw new Problem(`${source}: a shard has the name ${strange}, which is no file's.`);
	const shards = await readShards(source, names);
	for (const [i, name] of names.entries()) await writeFile(join(folder, name), shards[i] ?? '');
	await copyFile(join(source, 'manifest.json'), join(folder, 'manifest.json'));
	// Last, so that a folder with a model.json is whole.
	await writeFile(join(folder, 'model.json'), text);
	return shards.reduce((sum, shard) => sum + shard.length, text.length);
}

/** @param {string} folder */
async function refuseFull(folder) {
	const there = await readdir(folder).catch((error) => {
		if (codeOf(error) === 'ENOENT') return [];
		throw error;
	});
	if (there.length > 0) {
		throw new Problem(`${folder} is not empty. Name another folder, or empty it.`);
	}
}
