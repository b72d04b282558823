import { soon } from '../../helpers/soon';
import { emptyStorage, failWrites } from '../helpers/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sentenceOf } from '../../../src/lib/problems/messages';
import { ModelLibrary } from '../../../src/lib/models/library.svelte';
import { storedModels, storeFile } from '../../../src/lib/models/store';
import { brokenAfter, FakeSite, offline, withBytes } from '../helpers/fake-site';
import { examplePackage, type ExamplePackage } from '../helpers/manifest';

const OLD = examplePackage([50_000, 60_000], { version: '1.0.0' });
const NEW = examplePackage([50_000, 60_001], { version: '1.1.0' });

/** A site that offers one package. */
function siteWith(...packages: ExamplePackage[]): FakeSite {
	const site = new FakeSite(...packages).open();
	site.plan('index.json', () => Response.json({ models: packages.map((p) => p.manifest.id) }));
	site.plan('manifest.json', ...packages.map((p) => () => Response.json(p.manifest)));
	return site;
}

async function libraryOf(): Promise<ModelLibrary> {
	const library = new ModelLibrary();
	expect(library.ready).toBe(false);
	await library.load('');
	expect(library.ready).toBe(true);
	return library;
}

async function withStored(stored: ExamplePackage): Promise<void> {
	siteWith(stored);
	const library = await libraryOf();
	expect(await library.download(library.models[0])).toBe(true);
}

/** Keep the module's own retry pauses from slowing the test. */
function skipPauses(): void {
	const real = globalThis.setTimeout;
	vi.stubGlobal('setTimeout', (call: () => void, delay: number) =>
		real(call, delay > 1000 && delay < 20_000 ? 0 : delay)
	);
}

beforeEach(async () => {
	vi.stubGlobal('navigator', {});
	await emptyStorage();
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

describe('a model of the library', () => {
	it('that is offered is not stored at first, then it is', async () => {
		siteWith(OLD);
		const library = await libraryOf();
		const model = library.find('example')!;
		expect(model).toMatchObject({ state: 'not-stored', manifest: OLD.manifest, problem: null });
		expect((await library.open(model)).ok).toBe(false);

		const downloading = library.download(model);
		expect(model.state).toBe('downloading');
		expect(await downloading).toBe(true);
		expect(model).toMatchObject({ state: 'stored', loadedBytes: OLD.manifest.totalBytes });
		expect((await library.open(model)).ok).toBe(true);
	});

	it('that is stored is known without a network', async () => {
		await withStored(OLD);
		new FakeSite().open().plan('index.json', offline);
		const library = await libraryOf();
		expect(library.problem).toMatchObject({ code: 'model-offline' });
		expect(library.models).toMatchObject([{ state: 'stored', manifest: OLD.manifest }]);
		expect((await library.open(library.models[0])).ok).toBe(true);
	});

	it('of which a newer version is offered stays in use until that is there', async () => {
		await withStored(OLD);
		siteWith(NEW);
		const library = await libraryOf();
		const [model] = library.models;
		expect(model).toMatchObject({ state: 'update-available', manifest: OLD.manifest });
		expect((await library.open(model)).ok).toBe(true);
		expect(await library.download(model)).toBe(true);
		expect(model).toMatchObject({ state: 'stored', manifest: NEW.manifest });
	});

	it('with a damaged part says so, and gets that part again', async () => {
		await withStored(OLD);
		const site = siteWith(OLD);
		const library = await libraryOf();
		const [model] = library.models;
		await storeFile(OLD.manifest.files[2].sha256, new ArrayBuffer(60_000));
		expect(await library.open(model)).toMatchObject({ problem: { code: 'model-parts-lost' } });
		expect(model).toMatchObject({ state: 'incomplete', problem: { code: 'model-parts-lost' } });
		site.requests.length = 0;
		expect(await library.download(model)).toBe(true);
		expect(site.requests).toEqual(['shard-2.bin']);
		expect(model).toMatchObject({ state: 'stored', problem: null });
	});

	it('whose download fails shows why, and can be tried again', async () => {
		skipPauses();
		const wrong = withBytes(new Uint8Array(50_000));
		const site = siteWith(OLD).plan('shard-1.bin', wrong, wrong, wrong);
		const library = await libraryOf();
		const [model] = library.models;
		expect(await library.download(model)).toBe(false);
		expect(model).toMatchObject({ state: 'not-stored', problem: { code: 'model-damaged' } });
		site.requests.length = 0;
		expect(await library.download(model)).toBe(true);
		expect(model).toMatchObject({ state: 'stored', problem: null });
		expect(site.requests).toEqual(['shard-1.bin', 'shard-2.bin']);
	});

	it('whose download loses the network goes on by itself when that is back', async () => {
		skipPauses();
		const site = siteWith(OLD).plan('shard-2.bin', offline, offline, offline);
		let isBack: () => void = () => undefined;
		const library = new ModelLibrary(() => new Promise((resolve) => (isBack = resolve)));
		await library.load('');
		const [model] = library.models;
		const downloading = library.download(model);
		await soon(() => expect(model.isWaiting).toBe(true));
		expect(model).toMatchObject({ state: 'not-stored', problem: { code: 'model-offline' } });
		expect(model.loadedBytes).toBeGreaterThan(0);
		site.requests.length = 0;
		isBack();
		expect(await downloading).toBe(true);
		expect(site.requests).toEqual(['shard-2.bin']);
		expect(model).toMatchObject({ state: 'stored', problem: null, isWaiting: false });
	});

	it('whose download waits for the network is not begun twice by whoever will not wait', async () => {
		skipPauses();
		siteWith(OLD).plan('shard-2.bin', offline, offline, offline);
		const library = await libraryOf();
		const [model] = library.models;
		const downloading = library.download(model);
		await soon(() => expect(model.isWaiting).toBe(true));
		expect(await library.download(model)).toBe(false);
		expect(await downloading).toBe(true);
	});

	it('whose download is stopped shows no problem', async () => {
		siteWith(OLD).plan('shard-1.bin', (signal) => {
			library.models[0].stopDownload();
			return brokenAfter(new Uint8Array(10))(signal);
		});
		const library = await libraryOf();
		expect(await library.download(library.models[0])).toBe(false);
		expect(library.models[0]).toMatchObject({ state: 'not-stored', problem: null });
	});

	it('is downloaded once, however often it is asked for', async () => {
		const site = siteWith(OLD);
		const library = await libraryOf();
		const [model] = library.models;
		const both = await Promise.all([library.download(model), library.download(model)]);
		expect(both).toEqual([true, false]);
		expect(site.requests.filter((file) => file === 'shard-1.bin')).toHaveLength(1);
	});

	it('is kept against the browser’s tidying, and downloaded by one tab at a time', async () => {
		const persist = vi.fn(() => Promise.resolve(true));
		const request = vi.fn((_name: string, work: () => Promise<unknown>) => work());
		vi.stubGlobal('navigator', { storage: { persist }, locks: { request } });
		await withStored(OLD);
		expect(persist).toHaveBeenCalledOnce();
		expect(request).toHaveBeenCalledWith('download', expect.anything());
	});

	it('can be removed', async () => {
		await withStored(OLD);
		siteWith(OLD);
		const library = await libraryOf();
		await library.remove(library.models[0]);
		expect(library.models[0].state).toBe('not-stored');
		expect(await storedModels()).toEqual([]);
	});
});

describe('the library', () => {
	it('shows a model whose manifest is not in order with its problem', async () => {
		const site = siteWith(OLD);
		site.plan('manifest.json', () => Response.json({ schemaVersion: '3.0' }));
		const library = await libraryOf();
		expect(library.models).toMatchObject([
			{ id: 'example', state: 'not-stored', problem: { code: 'model-manifest-newer' } }
		]);
	});

	it('says when the browser refuses storage, and still shows what is offered', async () => {
		siteWith(OLD);
		vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(() => {
			throw new DOMException('private window', 'InvalidStateError');
		});
		const library = await libraryOf();
		expect(library.problem).toMatchObject({ code: 'storage-refused' });
		expect(sentenceOf(library.problem!)).toContain('private window');
		expect(library.models).toMatchObject([{ state: 'not-stored' }]);
	});

	it('says when a download cannot be kept', async () => {
		siteWith(OLD);
		const library = await libraryOf();
		failWrites('UnknownError');
		expect(await library.download(library.models[0])).toBe(false);
		expect(library.models[0].problem).toMatchObject({ code: 'storage-refused' });
	});

	it('does not open what is not there', async () => {
		siteWith(OLD);
		const library = await libraryOf();
		expect(library.find('other')).toBeUndefined();
		expect(library.find(null)).toBeUndefined();
		expect(await library.open(library.models[0])).toMatchObject({
			problem: { code: 'model-not-offered' }
		});
	});
});
