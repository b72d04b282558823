// A package as the graph model that stock TensorFlow.js opens: its shards unpacked.
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, Problem } from './problem.ts';
import { readShards } from './shards.ts';

/**
 * Write `model.json`, its plain shards and the manifest into `folder`, which is made.
 * @param source the package, whose files were checked
 * @returns bytes of the graph model
 * @throws {Problem} where the folder holds something already, or a shard is not in order
 */
export async function writeTensorFlowJs(source: string, folder: string): Promise<number> {
	await refuseFull(folder);
	await mkdir(folder, { recursive: true });
	const text = await readFile(join(source, 'model.json'));
	const { weightsManifest } = JSON.parse(text.toString()) as {
		weightsManifest: { paths: string[] }[];
	};
	const names = weightsManifest.flatMap((group) => group.paths);
	const strange = names.find((name) => !/^\w[\w.-]*$/.test(name));
	if (strange) throw new Problem(`${source}: a shard has the name ${strange}, which is no file's.`);
	const shards = await readShards(source, names);
	for (const [i, name] of names.entries()) await writeFile(join(folder, name), shards[i] ?? '');
	await copyFile(join(source, 'manifest.json'), join(folder, 'manifest.json'));
	// Last, so that a folder with a model.json is whole.
	await writeFile(join(folder, 'model.json'), text);
	return shards.reduce((sum, shard) => sum + shard.length, text.length);
}

async function refuseFull(folder: string) {
	const there = await readdir(folder).catch((error) => {
		if (codeOf(error) === 'ENOENT') return [];
		throw error;
	});
	if (there.length > 0) {
		throw new Problem(`${folder} is not empty. Name another folder, or empty it.`);
	}
}
