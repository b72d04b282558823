import { emptyStorage } from '../helpers/storage';
import { deflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/intake/entries';
import { packagesAmong, storePackage } from '../../../src/lib/models/from-files';
import { readPackage, storedModels } from '../../../src/lib/models/store';
import { examplePackage, packedPackage, sumsOf, type ExamplePackage } from '../helpers/manifest';

beforeEach(emptyStorage);

function entry(path: string, content: BlobPart = ''): Entry {
	return { path, open: () => Promise.resolve(new File([content], path)) };
}

/** A package's files as they come from a stick. */
function entriesOf({ manifest, files }: ExamplePackage, folder = 'stick/example'): Entry[] {
	const contents = [...files].map(([name, bytes]) => entry(`${folder}/${name}`, bytes as BlobPart));
	return [entry(`${folder}/manifest.json`, JSON.stringify(manifest)), ...contents];
}

async function stored(entries: Entry[]) {
	const { packages } = packagesAmong(entries);
	expect(packages).toHaveLength(1);
	return storePackage(packages[0]);
}

describe('among what was added', () => {
	it('packages are told from images, by folder', () => {
		const images = [entry('stick/film 1.jpg'), entry('film 2.jpg'), entry('other/manifest.json')];
		const one = entriesOf(examplePackage([5]), 'stick/models/one');
		const loose = entriesOf(examplePackage([6]), 'two');
		const { packages, rest } = packagesAmong([
			...images,
			...one,
			entry('stick/models/index.json'),
			...loose
		]);
		expect(packages.map(({ path }) => path)).toEqual(['stick/models/one', 'two']);
		expect(rest).toEqual(images);
	});

	it('there may be none', () => {
		expect(packagesAmong([])).toEqual({ packages: [], rest: [] });
	});
});

describe('a package from files', () => {
	it('is stored like a download', async () => {
		const made = examplePackage([5, 3, 4]);
		const steps: [number, number][] = [];
		const [folder] = packagesAmong(entriesOf(made)).packages;
		const outcome = await storePackage(folder, (...step) => steps.push(step));
		expect(outcome).toMatchObject({ ok: true, value: { id: 'example' } });
		expect(steps.at(-1)).toEqual([made.manifest.totalBytes, made.manifest.totalBytes]);
		expect((await readPackage(made.manifest)).ok).toBe(true);
		expect((await storedModels()).map(({ id }) => id)).toEqual(['example']);
	});

	it('takes the place of an older version', async () => {
		await stored(entriesOf(examplePackage([5], { version: '1.0.0' })));
		await stored(entriesOf(examplePackage([6], { version: '1.1.0' })));
		expect((await storedModels()).map(({ version }) => version)).toEqual(['1.1.0']);
	});

	it.each<[string, string, (entries: Entry[]) => Entry[]]>([
		['a file is missing', 'model-file-missing', (all) => all.slice(0, -1)],
		[
			'a file is gone when it is opened',
			'model-file-missing',
			(all) => [
				...all.slice(0, -1),
				{ ...all.at(-1), open: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }
			]
		],
		[
			'a file is longer',
			'model-file-damaged',
			(all) => [...all.slice(0, -1), entry(all.at(-1).path, 'much longer than it was')]
		],
		[
			'a file of the same length differs',
			'model-file-damaged',
			(all) => [...all.slice(0, -1), entry(all.at(-1).path, 'abcde')]
		],
		[
			'its manifest is no JSON',
			'model-file-invalid',
			(all) => [entry(all[0].path, '{'), ...all.slice(1)]
		],
		[
			'its manifest asks for what no package may',
			'model-file-invalid',
			(all) => [entry(all[0].path, '{"schemaVersion":"1.0"}'), ...all.slice(1)]
		],
		[
			'its manifest is of a later time',
			'model-manifest-newer',
			(all) => [entry(all[0].path, '{"schemaVersion":"9.0"}'), ...all.slice(1)]
		]
	])('is not stored where %s, and the one before stays', async (_, code, change) => {
		const before = examplePackage([5], { version: '1.0.0' });
		await stored(entriesOf(before));
		const next = examplePackage([5], { version: '1.1.0', seed: 2 });
		const outcome = await stored(change(entriesOf(next)));
		expect(outcome).toMatchObject({ ok: false, problem: { code } });
		expect((await storedModels()).map(({ version }) => version)).toEqual(['1.0.0']);
		expect((await readPackage(before.manifest)).ok).toBe(true);
	});

	it('with packed shards is stored', async () => {
		const made = packedPackage(examplePackage([5000, 3000]));
		expect(await stored(entriesOf(made))).toMatchObject({ ok: true, value: { id: 'example' } });
		expect((await readPackage(made.manifest)).ok).toBe(true);
	});

	it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
		['is cut off', (bytes) => bytes.slice(0, -3)],
		['is longer when unpacked', () => deflateRawSync(new Uint8Array(50_000_000))],
		['is not packed at all', (bytes) => bytes.map((byte) => byte ^ 0xff)]
	])('of which a shard %s is not stored, though its sum is right', async (_, spoil) => {
		const { manifest, files } = packedPackage(examplePackage([5000, 3000]));
		const [name, content] = [...files].at(-1);
		files.set(name, spoil(content));
		const { files: listed, totalBytes } = sumsOf(files);
		const said = listed.map((file, i) => ({ ...manifest.files[i], ...file }));
		const outcome = await stored(
			entriesOf({ manifest: { ...manifest, files: said, totalBytes }, files })
		);
		expect(outcome).toMatchObject({ ok: false, problem: { code: 'model-file-damaged' } });
		expect(await storedModels()).toEqual([]);
	});

	it('whose graph may not run is not stored', async () => {
		const made = examplePackage([5], { operations: [{ name: 'x', op: 'WhileLoop' }] });
		const outcome = await stored(entriesOf(made));
		expect(outcome).toMatchObject({ ok: false, problem: { code: 'model-foreign' } });
		expect(await storedModels()).toEqual([]);
	});
});
