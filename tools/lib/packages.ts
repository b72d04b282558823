// Reads the model packages below static/models and checks them against their manifests.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelsDir } from './paths.ts';
import { codeOf, messageOf, Problem } from './problem.ts';
import { unpackExactly } from './shards.ts';
import { parseManifest, type Manifest } from '../../src/lib/models/manifest.ts';

/**
 * The ids that the site offers.
 * @throws {Problem}
 */
export async function readIndex(root: string = modelsDir): Promise<string[]> {
	const index = (await readJson(join(root, 'index.json'))) as { models?: unknown } | null;
	const ids: unknown = index?.models;
	if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) {
		throw new Problem(`${join(root, 'index.json')} must look like {"models": ["<id>", ...]}.`);
	}
	return ids;
}

/**
 * The checked manifest of a model that the site offers.
 * @param id as a user gave it
 * @throws {Problem}
 */
export async function readOfferedManifest(id: string): Promise<Manifest> {
	const ids = await readIndex();
	if (ids.includes(id)) return readManifest(id);
	throw new Problem(`There is no model "${id}". Models: ${ids.join(', ') || 'none'}`);
}

/**
 * The checked manifest of one package.
 * @throws {Problem}
 */
export async function readManifest(id: string, root: string = modelsDir): Promise<Manifest> {
	const file = join(root, id, 'manifest.json');
	const json = await readJson(file);
	const result = parseManifest(json);
	if (!result.ok) {
		const { reason, field, detail } = result.refusal;
		throw new Problem(
			reason === 'newer-format'
				? `${file} is of format ${detail}, which this version does not read.`
				: `${file}: ${field || 'the manifest'}: ${detail}`
		);
	}
	if (result.manifest.id !== id) {
		throw new Problem(`${file}: id is "${result.manifest.id}", but its folder is "${id}".`);
	}
	return result.manifest;
}

/**
 * Everything that is wrong with a package's files.
 * @returns sentences; empty when all is well
 */
export async function findFileFaults(
	manifest: Manifest,
	root: string = modelsDir
): Promise<string[]> {
	const folder = join(root, manifest.id);
	const faults = [];
	for (const { path, bytes, sha256, encoding, unpackedBytes } of manifest.files) {
		const file = join(folder, path);
		const content = await readFile(file).catch(() => null);
		if (content === null) {
			faults.push(`${file} is missing or cannot be read.`);
		} else if (content.byteLength !== bytes) {
			faults.push(`${file} has ${content.byteLength} bytes; the manifest says ${bytes}.`);
		} else if (createHash('sha256').update(content).digest('hex') !== sha256) {
			faults.push(`${file} is not the file that the manifest names (its sha256 differs).`);
		} else if (encoding) {
			faults.push(...findPackingFaults(content, file, unpackedBytes));
		}
	}
	if (faults.length === 0) faults.push(...(await findGraphFaults(manifest, folder)));
	const known = new Set(['manifest.json', ...manifest.files.map((file) => file.path)]);
	for (const name of await readdir(folder)) {
		if (!known.has(name)) {
			faults.push(`${join(folder, name)} is not named in the manifest. Remove it.`);
		}
	}
	return faults;
}

/**
 * @param expected bytes
 * @returns sentences
 */
function findPackingFaults(content: Buffer, file: string, expected: number | undefined): string[] {
	try {
		const found = unpackExactly(content, file).length;
		return found === expected
			? []
			: [`${file} unpacks to ${found} bytes; the manifest says ${expected}.`];
	} catch (error) {
		return [messageOf(error)];
	}
}

/**
 * Nodes that the manifest names and the graph lacks.
 * @returns sentences
 */
async function findGraphFaults({ classifier }: Manifest, folder: string): Promise<string[]> {
	const { input, outputs } = classifier;
	const file = join(folder, 'model.json');
	const graph = (await readJson(file)) as { modelTopology?: { node?: { name: string }[] } } | null;
	const names = new Set(graph?.modelTopology?.node?.map((node) => node.name));
	return Object.entries({
		'classifier.input.name': input.name,
		'classifier.outputs.logits': outputs.logits,
		'classifier.outputs.distance': outputs.distance
	}).flatMap(([field, name]) =>
		name === undefined || names.has(name)
			? []
			: [`${file} has no node "${name}", which the manifest names as ${field}.`]
	);
}

async function readJson(file: string): Promise<unknown> {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as unknown;
	} catch (error) {
		throw new Problem(
			codeOf(error) === 'ENOENT'
				? `${file} is missing.`
				: `${file} is not valid JSON: ${messageOf(error)}`
		);
	}
}
