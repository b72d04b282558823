/** What `npm run build` says of a package before it goes into the site. */
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../../src/lib/models/manifest';
import { findFileFaults, readManifest } from '../../../tools/lib/packages';
import { packedPackage, sha256Hex } from '../helpers/manifest';
import { smallPackage } from '../helpers/small-model';

let root = '';
let manifest: Manifest;
let files: Map<string, Uint8Array>;

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'fieldlens-test-'));
	await mkdir(join(root, 'example'));
	const made = smallPackage('malaria-cell', 3);
	({ manifest, files } = made);
	for (const [path, content] of made.files) {
		await writeFile(join(root, 'example', path), content);
	}
});
afterEach(() => rm(root, { recursive: true }));

/** Write the manifest as it stands now, and read it as the build does. */
async function reread(): Promise<Manifest> {
	await writeFile(join(root, 'example', 'manifest.json'), JSON.stringify(manifest));
	return readManifest('example', root);
}

describe('a package', () => {
	it('that is in order has no faults', async () => {
		expect(await findFileFaults(await reread(), root)).toEqual([]);
	});

	it('whose rule for other images has no distance is refused by the name of the field', async () => {
		delete manifest.classifier.outputs.distance;
		await expect(reread()).rejects.toThrow(/recognition: goes with outputs\.distance/);
	});

	it('whose graph lacks a node that the manifest names is not in order', async () => {
		manifest.classifier.outputs.distance = 'elsewhere';
		expect(await findFileFaults(await reread(), root)).toEqual([
			`${join(root, 'example', 'model.json')} has no node "elsewhere", which the manifest names as classifier.outputs.distance.`
		]);
	});

	it('with packed shards is in order, and not where one unpacks to something else', async () => {
		const made = packedPackage({ manifest, files: new Map(files) });
		await rm(join(root, 'example', 'shard-1.bin'));
		const shard = join(root, 'example', 'shard-1.deflate.bin');
		await writeFile(shard, made.files.get('shard-1.deflate.bin')!);
		manifest = made.manifest;
		expect(await findFileFaults(await reread(), root)).toEqual([]);

		const [, file] = manifest.files;
		file.unpackedBytes! += 1;
		expect(await findFileFaults(await reread(), root)).toEqual([
			`${shard} unpacks to ${file.unpackedBytes! - 1} bytes; the manifest says ${file.unpackedBytes}.`
		]);

		const longer = Buffer.concat([made.files.get('shard-1.deflate.bin')!, Buffer.from('more')]);
		await writeFile(shard, longer);
		manifest.totalBytes += longer.length - file.bytes;
		Object.assign(file, { bytes: longer.length, sha256: sha256Hex(longer) });
		expect((await findFileFaults(await reread(), root)).join()).toContain('goes on past its end');
	});

	it('with a changed and a stray file is not in order', async () => {
		await writeFile(join(root, 'example', 'shard-1.bin'), new Uint8Array(manifest.files[1].bytes));
		await writeFile(join(root, 'example', 'notes.txt'), '');
		const faults = await findFileFaults(await reread(), root);
		expect(faults.join()).toMatch(/shard-1\.bin is not the file.*notes\.txt is not named/);
	});
});
