// A model's package as one file: a ZIP that the page opens like the folder.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js/index-native.js';
import { modelsDir } from './paths.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';

/** Always the same moment, so that the same package gives the same bytes. */
const MADE = new Date(Date.UTC(2000, 0, 1));

/**
 * @param manifest of a package whose files were checked
 * @returns the file's name and content
 */
export async function packModel(
	manifest: Manifest,
	root: string = modelsDir
): Promise<{ name: string; bytes: Uint8Array }> {
	const { id, version, files } = manifest;
	// Weights do not shrink: stored as they are, they are read without unpacking.
	const writer = new ZipWriter(new Uint8ArrayWriter(), {
		level: 0,
		useWebWorkers: false,
		extendedTimestamp: false,
		lastModDate: MADE
	});
	for (const path of ['manifest.json', ...files.map((file) => file.path)]) {
		const content = new Uint8Array(await readFile(join(root, id, path)));
		await writer.add(`${id}/${path}`, new Uint8ArrayReader(content));
	}
	return { name: `${id}-${version}.zip`, bytes: await writer.close() };
}
