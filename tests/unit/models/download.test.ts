import { emptyStorage, failWrites } from '../helpers/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import { sentenceOf } from '../../../src/lib/problems/messages';
import { DOWNLOAD_STALL_MS, DOWNLOAD_TRIES } from '../../../src/lib/base/limits';
import { download } from '../../../src/lib/models/download';
import {
	readPackage,
	removeModel,
	storedModels,
	storeFile,
	storeModel
} from '../../../src/lib/models/store';
import type { Outcome } from '../../../src/lib/problems/problems';
import { brokenAfter, FakeSite, offline, withBytes, withStatus } from '../helpers/fake-site';
import { examplePackage } from '../helpers/manifest';

const MODEL = examplePackage([600_000, 900_000, 500_000]);
const { manifest, files } = MODEL;
const ALL_FILES = manifest.files.map(({ path }) => path);
const shard = (number: number) => files.get(`shard-${number}.bin`)!;

let progress: [number, number][];
let waits: number[];

function fetchAll(
	site: FakeSite,
	signal = new AbortController().signal
): Promise<Outcome<boolean>> {
	progress = [];
	waits = [];
	return download(
		site.open().catalog,
		manifest,
		(loaded, total) => progress.push([loaded, total]),
		signal,
		(milliseconds) => {
			waits.push(milliseconds);
			return Promise.resolve();
		}
	);
}

/** The problem's code, or what came of it. */
const fateOf = (outcome: Outcome<boolean>) => (outcome.ok ? outcome.value : outcome.problem.code);

beforeEach(emptyStorage);
afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

describe('a download', () => {
	it('brings all files, once, and the package is complete', async () => {
		const site = new FakeSite(MODEL);
		expect(fateOf(await fetchAll(site))).toBe(true);
		expect(site.requests).toEqual(ALL_FILES);
		expect((await readPackage(manifest)).ok).toBe(true);
		expect((await storedModels()).map(({ id }) => id)).toEqual(['example']);
		expect(waits).toEqual([]);
	});

	it('tells how far it is, in bytes that only rise, from nothing to all', async () => {
		await fetchAll(new FakeSite(MODEL));
		const loaded = progress.map(([bytes]) => bytes);
		expect(loaded[0]).toBe(0);
		expect(loaded.at(-1)).toBe(manifest.totalBytes);
		expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
		expect(new Set(progress.map(([, total]) => total))).toEqual(new Set([manifest.totalBytes]));
		// Within a shard too, not only from shard to shard.
		expect(loaded.length).toBeGreaterThan(ALL_FILES.length * 2);
	});

	it('of a stored package asks for nothing', async () => {
		await fetchAll(new FakeSite(MODEL));
		const site = new FakeSite();
		expect(fateOf(await fetchAll(site))).toBe(true);
		expect(site.requests).toEqual([]);
		expect(progress).toEqual([[manifest.totalBytes, manifest.totalBytes]]);
	});

	it('brings only what no other model has', async () => {
		const other = examplePackage([600_000, 900_000, 400_000], { id: 'other' });
		for (const file of other.manifest.files) {
			await storeFile(file.sha256, new Uint8Array(other.files.get(file.path)!).buffer);
		}
		await storeModel(other.manifest);
		const site = new FakeSite(MODEL);
		expect(fateOf(await fetchAll(site))).toBe(true);
		// The first two shards are the same in both.
		expect(site.requests).toEqual(['model.json', 'shard-3.bin']);
		await removeModel('other');
		expect((await readPackage(manifest)).ok).toBe(true);
	});

	it('brings files again that went with another model on the way', async () => {
		const other = examplePackage([600_000, 900_000, 400_000], { id: 'other' });
		for (const file of other.manifest.files) {
			await storeFile(file.sha256, new Uint8Array(other.files.get(file.path)!).buffer);
		}
		await storeModel(other.manifest);
		const site = new FakeSite(MODEL).plan('shard-3.bin', async (signal) => {
			await removeModel('other');
			return withBytes(shard(3))(signal);
		});
		expect(fateOf(await fetchAll(site))).toBe(true);
		expect(site.requests).toEqual(['model.json', 'shard-3.bin', 'shard-1.bin', 'shard-2.bin']);
		expect((await readPackage(manifest)).ok).toBe(true);
	});

	it('is not answered from the browser’s cache, where the damaged copy may lie', async () => {
		const site = new FakeSite(MODEL).open();
		const asked = vi.fn(fetch);
		vi.stubGlobal('fetch', asked);
		site.open = () => site;
		await fetchAll(site);
		expect(asked).toHaveBeenCalledTimes(ALL_FILES.length);
		for (const [, init] of asked.mock.calls) expect(init).toMatchObject({ cache: 'no-store' });
	});
});

describe('an interrupted download', () => {
	const breaks = () => new FakeSite(MODEL).plan('shard-2.bin', offline, offline, offline);

	it('says that there is no connection, and to what', async () => {
		const outcome = await fetchAll(breaks());
		expect(outcome).toMatchObject({ problem: { code: 'model-offline' } });
		expect(!outcome.ok && sentenceOf(outcome.problem)).toContain('fieldlens.example');
		expect(await storedModels()).toEqual([]);
	});

	it('goes on where it stopped', async () => {
		await fetchAll(breaks());
		const site = new FakeSite(MODEL);
		expect(fateOf(await fetchAll(site))).toBe(true);
		expect(site.requests).toEqual(['shard-2.bin', 'shard-3.bin']);
		expect(progress[0][0]).toBe(files.get('model.json')!.length + 600_000);
		expect((await readPackage(manifest)).ok).toBe(true);
	});

	it('tries again by itself, after longer and longer pauses', async () => {
		const site = new FakeSite(MODEL).plan(
			'shard-2.bin',
			brokenAfter(shard(2).slice(0, 100_000)),
			offline
		);
		expect(fateOf(await fetchAll(site))).toBe(true);
		expect(site.requests.filter((file) => file === 'shard-2.bin')).toHaveLength(3);
		expect(waits).toHaveLength(2);
		expect(waits[1]).toBeGreaterThan(waits[0]);
	});

	it('does not count half a shard as stored', async () => {
		const half = brokenAfter(shard(2).slice(0, 450_000));
		await fetchAll(new FakeSite(MODEL).plan('shard-2.bin', half, half, half));
		const site = new FakeSite(MODEL);
		await fetchAll(site);
		expect(site.requests).toEqual(['shard-2.bin', 'shard-3.bin']);
	});

	it('that brings no byte for long is given up and tried again', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const silent = (signal: AbortSignal | undefined) =>
			new Promise<Response>((_, reject) =>
				signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
			);
		const site = new FakeSite(MODEL).plan('model.json', silent);
		const outcome = fetchAll(site);
		await soon(() => expect(site.requests).toEqual(['model.json']));
		vi.advanceTimersByTime(DOWNLOAD_STALL_MS + 1);
		vi.useRealTimers();
		expect(fateOf(await outcome)).toBe(true);
		expect(site.requests.slice(0, 2)).toEqual(['model.json', 'model.json']);
	});
});

describe('a damaged shard', () => {
	const damaged = withBytes(shard(2).map((byte) => byte ^ 1));

	it('is fetched again', async () => {
		const site = new FakeSite(MODEL).plan('shard-2.bin', damaged, damaged);
		expect(fateOf(await fetchAll(site))).toBe(true);
		expect(site.requests.filter((file) => file === 'shard-2.bin')).toHaveLength(3);
		expect((await readPackage(manifest)).ok).toBe(true);
	});

	it('is named after three times, and the rest is kept', async () => {
		expect(DOWNLOAD_TRIES).toBe(3);
		const site = new FakeSite(MODEL).plan('shard-2.bin', damaged, damaged, damaged);
		const outcome = await fetchAll(site);
		expect(outcome).toMatchObject({ problem: { code: 'model-damaged' } });
		expect(!outcome.ok && sentenceOf(outcome.problem)).toContain('shard-2.bin');
		expect(await storedModels()).toEqual([]);
		const again = new FakeSite(MODEL);
		await fetchAll(again);
		expect(again.requests).toEqual(['shard-2.bin', 'shard-3.bin']);
	});

	it('is one that is too short', async () => {
		const short = withBytes(shard(2).slice(0, -1));
		const site = new FakeSite(MODEL).plan('shard-2.bin', short, short, short);
		expect(fateOf(await fetchAll(site))).toBe('model-damaged');
	});

	it('is one that is too long: it is not read to its end', async () => {
		let sent = 0;
		let stopped = false;
		const endless = () =>
			new Response(
				new ReadableStream<Uint8Array>({
					pull(controller) {
						sent += 100_000;
						controller.enqueue(new Uint8Array(100_000));
					},
					cancel() {
						stopped = true;
					}
				})
			);
		const site = new FakeSite(MODEL).plan('shard-2.bin', endless, endless, endless);
		expect(fateOf(await fetchAll(site))).toBe('model-damaged');
		expect(stopped).toBe(true);
		expect(sent / 3).toBeLessThan(900_000 + 500_000);
		const loaded = Math.max(...progress.map(([bytes]) => bytes));
		expect(loaded).toBeLessThanOrEqual(manifest.totalBytes);
	});

	it('in the store is fetched again, and only that', async () => {
		await fetchAll(new FakeSite(MODEL));
		await storeFile(manifest.files[3].sha256, new ArrayBuffer(500_000));
		expect(await readPackage(manifest)).toMatchObject({ problem: { code: 'model-parts-lost' } });
		const site = new FakeSite(MODEL);
		expect(fateOf(await fetchAll(site))).toBe(true);
		expect(site.requests).toEqual(['shard-3.bin']);
		expect((await readPackage(manifest)).ok).toBe(true);
	});
});

describe('a server that does not give a shard', () => {
	it.each([404, 500, 503])('is told with its answer: %d', async (status) => {
		const answer = withStatus(status);
		const site = new FakeSite(MODEL).plan('shard-1.bin', answer, answer, answer);
		const outcome = await fetchAll(site);
		expect(outcome).toMatchObject({ problem: { code: 'model-server' } });
		expect(!outcome.ok && sentenceOf(outcome.problem)).toContain(`${status}`);
	});

	it('for a moment is asked again', async () => {
		const site = new FakeSite(MODEL).plan('shard-1.bin', withStatus(503));
		expect(fateOf(await fetchAll(site))).toBe(true);
	});
});

describe('a stopped download', () => {
	it('keeps what is there, and is no problem', async () => {
		const stop = new AbortController();
		const site = new FakeSite(MODEL).plan('shard-2.bin', (signal) => {
			stop.abort();
			return brokenAfter(shard(2).slice(0, 9))(signal);
		});
		expect(fateOf(await fetchAll(site, stop.signal))).toBe(false);
		expect(await storedModels()).toEqual([]);
		const again = new FakeSite(MODEL);
		expect(fateOf(await fetchAll(again))).toBe(true);
		expect(again.requests).toEqual(['shard-2.bin', 'shard-3.bin']);
	});

	it('before it began asks for nothing', async () => {
		const site = new FakeSite(MODEL);
		expect(fateOf(await fetchAll(site, AbortSignal.abort()))).toBe(false);
		expect(site.requests).toEqual([]);
	});
});

describe('a device', () => {
	it('with a full disk is told how much room is needed and how much is left', async () => {
		const estimate = () => Promise.resolve({ quota: 5_000_000, usage: 4_000_000 });
		vi.stubGlobal('navigator', { storage: { estimate } });
		failWrites('QuotaExceededError');
		const outcome = await fetchAll(new FakeSite(MODEL));
		expect(outcome).toMatchObject({ problem: { code: 'disk-full' } });
		expect(!outcome.ok && sentenceOf(outcome.problem)).toBe(
			'There is not enough room on this device: 2 MB are needed, 1 MB are left.'
		);
	});

	it('with a full disk that does not tell its size is told how much room is needed', async () => {
		vi.stubGlobal('navigator', { storage: { estimate: () => Promise.reject(new Error()) } });
		failWrites('QuotaExceededError');
		const outcome = await fetchAll(new FakeSite(MODEL));
		expect(!outcome.ok && sentenceOf(outcome.problem)).toBe(
			'There is not enough room on this device: 2 MB are needed.'
		);
	});

	it('whose disk fills on the way keeps what was fetched', async () => {
		vi.stubGlobal('navigator', { storage: { estimate: () => Promise.resolve({}) } });
		const site = new FakeSite(MODEL).plan('shard-2.bin', (signal) => {
			failWrites('QuotaExceededError');
			return withBytes(shard(2))(signal);
		});
		expect(fateOf(await fetchAll(site))).toBe('disk-full');
		vi.restoreAllMocks();
		const again = new FakeSite(MODEL);
		expect(fateOf(await fetchAll(again))).toBe(true);
		expect(again.requests).toEqual(['shard-2.bin', 'shard-3.bin']);
	});

	it('that refuses storage is told so', async () => {
		failWrites('InvalidStateError');
		expect(fateOf(await fetchAll(new FakeSite(MODEL)))).toBe('storage-refused');
	});
});
