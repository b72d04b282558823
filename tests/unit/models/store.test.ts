import { emptyStorage } from '../helpers/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import {
	missingFiles,
	readPackage,
	removeModel,
	storedModels,
	storeFile,
	storeModel
} from '../../../src/lib/models/store';
import { sha256Of } from '../../../src/lib/base/sha256';
import { database } from '../../../src/lib/storage/database';
import {
	emptyGraph,
	examplePackage,
	packedPackage,
	type ExamplePackage
} from '../helpers/manifest';
import { regionPackage } from '../helpers/region-package';

beforeEach(emptyStorage);

async function store({ manifest, files }: ExamplePackage): Promise<void> {
	for (const file of manifest.files) await storeFile(file.sha256, copyOf(files.get(file.path)!));
	await storeModel(manifest);
}

function copyOf(bytes: Uint8Array): ArrayBuffer {
	return new Uint8Array(bytes).buffer;
}

async function storedSums(): Promise<string[]> {
	return (await database()).getAllKeys('files');
}

const sumsOf = ({ manifest }: ExamplePackage) => manifest.files.map(({ sha256 }) => sha256).sort();

describe('a stored package', () => {
	it('is read back whole, its shards in order', async () => {
		const made = examplePackage([5, 3, 4]);
		await store(made);
		const read = await readPackage(made.manifest);
		expect(read).toMatchObject({ ok: true, value: { manifest: made.manifest } });
		if (!read.ok) return;
		expect(read.value.topology).toBe(emptyGraph([5, 3, 4]));
		const shards = ['shard-1.bin', 'shard-2.bin', 'shard-3.bin'].map((path) =>
			Buffer.from(made.files.get(path)!)
		);
		expect(Buffer.from(read.value.weights).equals(Buffer.concat(shards))).toBe(true);
	});

	it('with packed shards is kept packed, and read back unpacked', async () => {
		const plain = examplePackage([5000, 3000]);
		const made = packedPackage(plain);
		await store(made);
		const kept = await (await database()).get('files', made.manifest.files[1].sha256);
		expect(kept?.bytes.byteLength).toBe(made.manifest.files[1].bytes);
		const read = await readPackage(made.manifest);
		const shards = Buffer.concat([...plain.files.values()].slice(1));
		expect(read.ok && Buffer.from(read.value.weights).equals(shards)).toBe(true);
	});

	it('whose shard unpacks to another length than it says is refused', async () => {
		const made = packedPackage(examplePackage([5000, 3000]));
		made.manifest.files[2].unpackedBytes = 2999;
		await store(made);
		expect(await readPackage(made.manifest)).toMatchObject({
			ok: false,
			problem: {
				code: 'model-foreign',
				details: { detail: expect.stringContaining('shard-2') as string }
			}
		});
	});

	it('is listed with its version and the time', async () => {
		const { manifest } = examplePackage([5]);
		await storeModel(manifest);
		const [stored, ...others] = await storedModels();
		expect(others).toEqual([]);
		expect(stored).toMatchObject({ id: 'example', version: '1.2.3', manifest });
		expect(new Date(stored.storedAt).toISOString()).toBe(stored.storedAt);
	});

	it.each([
		['changed', (bytes: ArrayBuffer) => new Uint8Array(bytes).fill(7).buffer],
		['cut off', (bytes: ArrayBuffer) => bytes.slice(1)],
		['emptied', () => new ArrayBuffer(0)]
	])('with a shard that was %s is refused, and only that shard is missing', async (_, change) => {
		const made = examplePackage([50, 60]);
		await store(made);
		const { sha256 } = made.manifest.files[1];
		await storeFile(sha256, change(copyOf(made.files.get('shard-1.bin')!)));
		expect(await missingFiles(made.manifest)).toEqual([]);

		expect(await readPackage(made.manifest)).toMatchObject({
			ok: false,
			problem: { code: 'model-parts-lost' }
		});
		expect(await missingFiles(made.manifest)).toEqual([made.manifest.files[1]]);

		await storeFile(sha256, copyOf(made.files.get('shard-1.bin')!));
		expect((await readPackage(made.manifest)).ok).toBe(true);
	});

	it('of which two shards are wrong has both dropped at once', async () => {
		const made = examplePackage([50, 60, 70]);
		await store(made);
		const [, first, , third] = made.manifest.files;
		await storeFile(first.sha256, new ArrayBuffer(50));
		await (await database()).delete('files', third.sha256);
		await readPackage(made.manifest);
		expect(await missingFiles(made.manifest)).toEqual([first, third]);
	});
});

describe('files', () => {
	it('that nothing uses any more are dropped when a new version is complete', async () => {
		const old = examplePackage([50, 60], { version: '1.0.0' });
		const next = examplePackage([50, 61], { version: '1.1.0' });
		// The first shard is the same in both.
		expect(next.manifest.files[1]).toEqual(old.manifest.files[1]);
		await store(old);
		for (const file of await missingFiles(next.manifest)) {
			await storeFile(file.sha256, copyOf(next.files.get(file.path)!));
		}
		// Two descriptions, the shared shard, and one shard of each.
		expect(await storedSums()).toHaveLength(5);
		expect((await readPackage(old.manifest)).ok).toBe(true);
		await storeModel(next.manifest);
		expect((await storedSums()).sort()).toEqual(sumsOf(next));
		expect((await storedModels()).map(({ version }) => version)).toEqual(['1.1.0']);
	});

	it('of the region that two models share are stored once, and read back for both', async () => {
		const one = regionPackage();
		const two: ExamplePackage = {
			files: one.files,
			manifest: { ...one.manifest, id: 'two', version: '2.0.0' }
		};
		await store(one);
		await store(two);
		expect((await storedSums()).sort()).toEqual(sumsOf(one));
		await removeModel(one.manifest.id);
		const read = await readPackage(two.manifest);
		expect(read.ok && read.value.region?.topology).toBe(
			Buffer.from(one.files.get('finder-model.json')!).toString()
		);
		expect(read.ok && read.value.topology).toBe(
			Buffer.from(one.files.get('model.json')!).toString()
		);
	});

	it('that another model uses too stay when a model is removed', async () => {
		const one = examplePackage([50, 60], { id: 'one' });
		const two = examplePackage([50, 61], { id: 'two' });
		await store(one);
		await store(two);
		await removeModel('one');
		expect((await storedSums()).sort()).toEqual(sumsOf(two));
		expect((await readPackage(two.manifest)).ok).toBe(true);
		await removeModel('two');
		expect(await storedSums()).toEqual([]);
		expect(await storedModels()).toEqual([]);
	});
});

describe('a sum', () => {
	it('is that of the SHA-256 standard', async () => {
		// printf abc | sha256sum
		expect(await sha256Of(new TextEncoder().encode('abc'))).toBe(
			'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
		);
	});
});
