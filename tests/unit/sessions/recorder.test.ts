import { emptyStorage, failWrites } from '../helpers/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import type { Entry } from '../../../src/lib/intake/entries';
import type { Prepared } from '../../../src/lib/formats/decode';
import { failed, problem, succeeded, type Outcome } from '../../../src/lib/problems/problems';
import { reportOf } from '../../../src/lib/exports/report';
import { operatingPointOf } from '../../../src/lib/reading/score';
import type { Review } from '../../../src/lib/review/review';
import { Recorder } from '../../../src/lib/sessions/recorder.svelte';
import { readList } from '../../../src/lib/sessions/stored-list';
import type { Row } from '../../../src/lib/worklist/row';
import { ScreeningPipeline } from '../../../src/lib/screening/pipeline.svelte';
import { ReadingEngine } from '../../../src/lib/screening/reading-engine.svelte';
import { closeDatabase, database } from '../../../src/lib/storage/database';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { listSessions, readResults, readSession } from '../../../src/lib/sessions/store';
import type { StoredResult } from '../../../src/lib/sessions/stored';
import { FakeDevice, imageOf, MODEL } from '../helpers/lanes';
import { noRegion } from '../helpers/regions';
import { FakeTabs } from '../helpers/tabs';

const world = {
	device: new FakeDevice({}),
	decode: (file: File): Promise<Outcome<Prepared>> => Promise.reject(new Error(file.name))
};

const MONDAY = 1_700_000_000_000;
const read: string[] = [];

function entry(path: string, content = path, lastModified = MONDAY): Entry {
	return { path, open: () => Promise.resolve(new File([content], path, { lastModified })) };
}
const films = (count: number, from = 0) =>
	Array.from({ length: count }, (_, i) => entry(`ward/film ${from + i}.jpg`));

/** A page: its list, what reads it and what keeps it. */
class Page {
	readonly worklist = new Worklist();
	readonly recorder = new Recorder(
		this.worklist,
		{ inForce: MODEL.manifest.operatingPoints[0] },
		tabs
	);
	readonly pipeline = new ScreeningPipeline(
		new ReadingEngine({
			openLane: (request) => world.device.open(request),
			openDecoders: () => ({
				warmUp: () => undefined,
				close: () => undefined,
				prepare: (file) => world.decode(file)
			}),
			openRegion: noRegion
		}),
		this.worklist,
		this.recorder
	);

	get statuses() {
		return this.worklist.rows.map(({ status }) => status);
	}

	add(...entries: Entry[]) {
		this.pipeline.add({ entries, problems: [] });
	}

	count(status: string): number {
		return this.statuses.filter((each) => each === status).length;
	}

	/** What a person says, as `Reviews` writes it. */
	review(id: number, review: Review | null) {
		const row = { ...this.worklist.rows[id], review };
		this.worklist.put(row, true);
		void this.recorder.commit([row]);
	}

	async useModel() {
		await this.pipeline.useModel(MODEL, null);
		return this;
	}

	async open(id: string) {
		const found = await this.recorder.find(id);
		if (!found.ok) throw new Error(found.problem.code);
		const opened = await this.recorder.open(found.value);
		if (!opened.ok) throw new Error(opened.problem.code);
		return opened.value;
	}

	until(state: string) {
		return soon(() => expect(this.pipeline.state).toBe(state));
	}

	/** Close the tab: nothing more is written, and what it claimed is free. */
	close() {
		this.pipeline.closeEngine();
		tabs.held.free();
	}
}

let tabs = new FakeTabs();
const pages: Page[] = [];
function openPage(): Page {
	const page = new Page();
	pages.push(page);
	return page;
}
async function theSession(): Promise<string> {
	const [{ id }] = await listSessions();
	return id;
}
async function keptRows(): Promise<StoredResult[]> {
	const rows: StoredResult[] = [];
	for await (const part of readResults(await theSession())) rows.push(...part);
	return rows;
}
const settled = (page: Page) => soon(() => expect(page.recorder.isSettled).toBe(true));
/** A row without what a page makes anew. */
async function essence(row: Row) {
	const { entry: opens, thumbnail, ...rest } = row;
	return { ...rest, path: opens.path, thumbnail: await thumbnail?.text() };
}

beforeEach(async () => {
	await emptyStorage();
	tabs = new FakeTabs();
	vi.stubGlobal('navigator', { userAgent: 'A browser', hardwareConcurrency: 2 });
	world.device = new FakeDevice({ wasm: { millisecondsPerImage: 10 } });
	world.decode = async (file) => {
		read.push(file.name);
		if (file.name.includes('torn')) return failed('truncated-image');
		const text = await file.text();
		return succeeded({
			corners: null,
			pixels: imageOf(Number(/\d+/.exec(file.name)?.[0] ?? 0)),
			width: 640,
			height: 480,
			thumbnail: new Blob([text]),
			facts: null,
			source: {
				size: file.size,
				modified: file.lastModified,
				sha256: ''.padStart(64, String(text.length % 10))
			}
		});
	};
	read.length = 0;
});
afterEach(() => {
	for (const page of pages.splice(0)) page.pipeline.clear();
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

describe('a list', () => {
	it('is on the disk when it is shown, row by row', async () => {
		const page = await openPage().useModel();
		page.add(...films(12));
		const shown = new Set<number>();
		await soon(async () => {
			const done = page.worklist.rows.filter(({ status }) => status === 'done');
			const onDisk = new Map((await keptRows()).map((row) => [row.index, row.status]));
			for (const { id } of done) {
				expect(onDisk.get(id)).toBe('done');
				shown.add(id);
			}
			expect(shown.size).toBe(12);
		});
		await settled(page);
		expect((await readSession(await theSession()))?.session).toMatchObject({
			name: 'ward',
			task: MODEL.manifest.task,
			model: { id: 'example', version: '1.2.3' },
			point: 'sensitive',
			total: 12,
			finished: 12,
			exported: false
		});
	});

	it('comes back just as it was, with what a person said', async () => {
		const page = await openPage().useModel();
		page.add(...films(3), entry('ward/torn.jpg'));
		await page.until('done');
		const review: Review = {
			finding: 'present',
			reason: '',
			note: 'left lung',
			by: 'AB',
			time: '2026-11-21T10:00:00.000Z',
			category: 'likely',
			point: 'sensitive'
		};
		page.review(1, review);
		await settled(page);
		page.worklist.markSaved();
		page.recorder.touch();
		await settled(page);
		const before = await Promise.all(page.worklist.rows.map(essence));
		page.close();

		const again = openPage();
		await again.open(await theSession());
		expect(await Promise.all(again.worklist.rows.map(essence))).toEqual(before);
		expect(again.pipeline.state).toBe('done');
		expect(again.worklist).toMatchObject({
			manifest: MODEL.manifest,
			finishedCount: 4,
			unsaved: false,
			missing: 0
		});
		expect(again.worklist.rows[1].review).toEqual(review);
		await expect(again.worklist.rows[0].entry.open()).rejects.toMatchObject({
			problem: problem('file-absent')
		});
	});

	it('that was cut off goes on where it was when its folder is added again', async () => {
		const page = await openPage().useModel();
		world.device.backends.wasm!.beforeRead = (_, [id]) =>
			id >= 5 ? new Promise(() => undefined) : undefined;
		page.add(...films(10));
		await soon(() => expect(page.count('done')).toBe(5));
		await settled(page);
		page.close();
		world.device = new FakeDevice({ wasm: { millisecondsPerImage: 10 } });

		const again = openPage();
		await again.open(await theSession());
		expect(again.pipeline.state).toBe('interrupted');
		expect(again.worklist).toMatchObject({ finishedCount: 5, missing: 5 });
		await again.useModel();
		read.length = 0;
		again.add(...films(12));
		await again.until('done');
		expect(read.sort()).toEqual(
			films(7, 5)
				.map(({ path }) => path)
				.sort()
		);
		expect(again.count('done')).toBe(12);
		expect(again.worklist.total).toBe(12);
		await settled(again);
		expect((await keptRows()).map(({ status }) => status)).toEqual(Array(12).fill('done'));
	});

	it('reads files anew that were changed, and says so; a judged one stays beside the new', async () => {
		const page = await openPage().useModel();
		page.add(...films(3));
		await page.until('done');
		const review = { finding: 'absent' } as Review;
		page.review(2, review);
		await settled(page);
		page.close();

		const again = await openPage().useModel();
		await again.open(await theSession());
		read.length = 0;
		again.add(
			entry('ward/film 0.jpg'),
			entry('ward/film 1.jpg', 'another content', MONDAY + 5),
			entry('ward/film 2.jpg', 'another content', MONDAY + 5)
		);
		await soon(() => expect(again.worklist.total).toBe(4));
		await again.until('done');
		expect(again.worklist.rows.map(({ path }) => path)).toEqual([
			'ward/film 0.jpg',
			'ward/film 1.jpg',
			'ward/film 2.jpg',
			'ward/film 2 (2).jpg'
		]);
		expect(read).toEqual(['ward/film 1.jpg', 'ward/film 2.jpg']);
		expect(again.worklist.rows[2].review).toEqual(review);
		expect(again.pipeline.problems.map(({ code }) => code)).toEqual(['files-changed']);
	});

	it('that is left for a new one is whole, and the new one is another', async () => {
		const page = await openPage().useModel();
		page.add(...films(4));
		await page.until('done');
		page.pipeline.clear();
		page.add(...films(2, 7));
		await page.until('done');
		await settled(page);
		const sessions = await listSessions();
		expect(sessions.map(({ total, finished }) => [total, finished]).sort()).toEqual([
			[2, 2],
			[4, 4]
		]);
	});

	it('that is left in the middle stays unfinished', async () => {
		const page = await openPage().useModel();
		world.device.backends.wasm!.beforeRead = (_, [id]) =>
			id >= 2 ? new Promise(() => undefined) : undefined;
		page.add(...films(6));
		await soon(() => expect(page.count('done')).toBe(2));
		page.pipeline.clear();
		await page.recorder.left();
		expect((await keptRows()).map(({ status }) => status)).toEqual([
			'done',
			'done',
			...Array<string>(4).fill('waiting')
		]);
		expect((await listSessions())[0]).toMatchObject({ total: 6, finished: 2 });
	});

	it('keeps what was stopped, and what failed can be tried again when its file is back', async () => {
		const page = await openPage().useModel();
		page.add(entry('ward/torn.jpg'), ...films(1));
		await page.until('done');
		await settled(page);
		page.close();
		const again = await openPage().useModel();
		await again.open(await theSession());
		again.pipeline.retryFailed();
		expect(again.pipeline.state).toBe('interrupted');
		expect(again.worklist.missing).toBe(1);
		again.pipeline.stop();
		expect(again.statuses).toEqual(['stopped', 'done']);
		await settled(again);
		expect((await keptRows())[0].status).toBe('stopped');
	});

	it('of which a row is missing says which, and loses no other', async () => {
		const page = await openPage().useModel();
		page.add(...films(3));
		await page.until('done');
		await settled(page);
		const id = await theSession();
		page.close();
		await (await database()).delete('results', [id, 1]);
		const again = openPage();
		await again.open(id);
		expect(again.worklist.rows.map(({ problem }) => problem?.code)).toEqual([
			undefined,
			'result-lost',
			undefined
		]);
	});

	it('can be saved as a table without being opened', async () => {
		const page = await openPage().useModel();
		page.add(...films(2), entry('ward/torn.jpg'));
		await page.until('done');
		await settled(page);
		const list = await readList(await theSession());
		const { rows, session, manifest } = list!;
		const report = reportOf(rows, operatingPointOf(manifest!, session.point), manifest!);
		expect(report).toHaveLength(3);
		const scored = report.filter(({ score }) => score !== null);
		expect(scored.map(({ operatingPoint }) => operatingPoint)).toEqual(['sensitive', 'sensitive']);
		expect(report.find(({ path }) => path === 'ward/torn.jpg')?.reason).toMatch(/end of the/);
		expect(await readList('nothing')).toBeNull();
	});
});

describe('a full disk', () => {
	it('is said, tears nothing, and the list goes on; later all is kept', async () => {
		const page = await openPage().useModel();
		page.add(...films(2));
		await page.until('done');
		await settled(page);
		failWrites('QuotaExceededError');
		page.add(...films(3, 2));
		await page.until('done');
		expect(page.count('done')).toBe(5);
		expect(page.recorder.problem?.code).toBe('sessions-disk-full');
		expect([page.recorder.works, page.recorder.isSettled]).toEqual([false, false]);
		expect(await keptRows()).toHaveLength(2);
		vi.restoreAllMocks();
		await page.recorder.retry();
		expect(page.recorder.problem).toBeNull();
		expect((await keptRows()).map(({ status }) => status)).toEqual(Array(5).fill('done'));
	});

	it('is no reason to hang where there is no storage at all', async () => {
		await closeDatabase();
		vi.stubGlobal('indexedDB', undefined);
		const page = await openPage().useModel();
		page.add(...films(3));
		await page.until('done');
		expect(page.recorder.problem?.code).toBe('sessions-not-kept');
	});
});

describe('a second tab', () => {
	it('shows the same results live, changes nothing, and takes over when the first closes', async () => {
		const first = await openPage().useModel();
		let go: () => void = () => undefined;
		const held = new Promise<void>((resolve) => (go = resolve));
		world.device.backends.wasm!.beforeRead = (_, [id]) => (id >= 3 ? held : undefined);
		first.add(...films(6));
		await soon(() => expect(first.count('done')).toBe(3));
		await settled(first);

		const second = openPage();
		const { owned } = await second.open(await theSession());
		expect(second.pipeline.state).toBe('following');
		expect(second.count('done')).toBe(3);
		second.add(...films(1, 50));
		second.pipeline.stop();
		expect(second.worklist.total).toBe(6);
		expect(second.pipeline.problems.map(({ code }) => code)).toEqual(['list-elsewhere']);

		go();
		await first.until('done');
		await soon(() => expect(second.count('done')).toBe(6));
		expect(second.pipeline.state).toBe('following');
		first.add(...films(2, 6));
		await soon(() => expect(second.count('done')).toBe(8));

		const review: Review = {
			finding: 'absent',
			reason: 'other',
			note: 'an old film',
			by: 'KL',
			time: '2026-11-21T10:00:00.000Z',
			category: 'likely',
			point: 'sensitive'
		};
		first.review(2, review);
		await soon(() => expect(second.worklist.rows[2].review).toEqual(review));
		first.review(2, null);
		await soon(() => expect(second.worklist.rows[2].review).toBeNull());

		await settled(first);
		first.close();
		await second.until('done');
		expect([second.recorder.tookOver, await owned]).toEqual([true, true]);
		second.review(0, { finding: 'unsure' } as Review);
		await settled(second);
		expect((await keptRows())[0].review?.finding).toBe('unsure');
	});
});
