import { emptyStorage, failWrites } from '../helpers/storage';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { localPointOf, type LocalPoint } from '../../../src/lib/calibration/local-point';
import { succeeded } from '../../../src/lib/problems';
import type { workplace } from '../../../src/lib/screening/workplace.svelte';
import { readSetting, writeSetting } from '../../../src/lib/storage/database';
import { FakeSite } from '../helpers/fake-site';
import { FakeDevice, imageOf } from '../helpers/lanes';
import { examplePackage, type ExamplePackage } from '../helpers/manifest';

const world = vi.hoisted(() => ({ device: null as FakeDevice | null }));

vi.mock('../../../src/lib/engine/lane', () => ({
	openLane: (request: Parameters<FakeDevice['open']>[0]) => world.device?.open(request)
}));
// Half a second of this machine is too long here.
vi.mock(import('../../../src/lib/sessions/seal'), async (original) => ({
	...(await original()),
	measureIterations: () => Promise.resolve(1000)
}));
vi.mock('../../../src/lib/pixels/decoders', () => ({
	Decoders: class {
		warmUp() {
			return undefined;
		}
		close() {
			return undefined;
		}
		prepare() {
			const thumbnail = new Blob();
			const sha256 = '';
			return Promise.resolve(
				succeeded({ pixels: imageOf(1), width: 1, height: 1, thumbnail, sha256 })
			);
		}
	}
}));

const ONE = examplePackage([500], { id: 'one' });
const ONE_NEWER = examplePackage([501], { id: 'one', version: '1.3.0' });
const TWO = examplePackage([600], { id: 'two' });
const CELLS = examplePackage([700], { id: 'cells', task: 'malaria-cell' });

type Workplace = typeof workplace;

function offer(...packages: ExamplePackage[]): void {
	new FakeSite(...packages)
		.open()
		.plan('index.json', () => Response.json({ models: packages.map((p) => p.manifest.id) }))
		.plan('manifest.json', ...packages.map((p) => () => Response.json(p.manifest)));
}

/** The page as it is loaded anew, with this address. */
async function page(query = ''): Promise<Workplace> {
	vi.resetModules();
	const module = await import('../../../src/lib/screening/workplace.svelte');
	await module.workplace.start('', new URLSearchParams(query));
	return module.workplace;
}

/** Store models as earlier visits did. */
async function store(...packages: ExamplePackage[]): Promise<void> {
	offer(...packages);
	const { library } = await page();
	for (const model of library.models) expect(await library.download(model)).toBe(true);
	offer(...packages);
}

const film = { path: 'film.jpg', open: () => Promise.resolve(new File(['x'], 'film.jpg')) };
const readFilm = async ({ session }: Workplace) => {
	session.add({ entries: [film], problems: [] });
	await vi.waitFor(() => expect(session.state).toBe('done'));
};

// Everything is compiled once: on a busy machine that alone takes longer than a test may.
beforeAll(() => import('../../../src/lib/screening/workplace.svelte'), 60_000);
beforeEach(async () => {
	await emptyStorage();
	vi.stubGlobal('navigator', { userAgent: 'A browser', hardwareConcurrency: 2 });
	world.device = new FakeDevice({
		webgl: { millisecondsPerImage: 90 },
		wasm: { millisecondsPerImage: 10 }
	});
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

describe('a first visit', () => {
	it('shows the first model, and fetches nothing by itself', async () => {
		offer(ONE, TWO);
		const place = await page();
		expect(place.model).toMatchObject({ id: 'one', state: 'not-stored' });
		expect(place.session.engine).toBe('none');
		expect(place.point?.id).toBe('sensitive');
	});

	it('downloads the model when it is asked to, and is ready to read', async () => {
		offer(ONE);
		const place = await page();
		await place.downloadModel();
		expect(place.model?.state).toBe('stored');
		expect(place.session.engine).toBe('ready');
		await readFilm(place);
		expect(place.session.rows[0].status).toBe('done');
	});

	it('of a site without models shows none', async () => {
		offer();
		const place = await page();
		expect([place.model, place.point]).toEqual([undefined, null]);
		await place.downloadModel();
		expect(place.session.engine).toBe('none');
	});
});

describe('a later visit', () => {
	it('is ready by itself', async () => {
		await store(ONE);
		const place = await page();
		expect(place.session).toMatchObject({ engine: 'ready', choice: { backend: 'wasm' } });
	});

	it('takes the model that the address asks for, or the first', async () => {
		await store(ONE, TWO);
		expect((await page('model=two')).model?.id).toBe('two');
		offer(ONE, TWO);
		expect((await page('model=three')).model?.id).toBe('one');
	});

	it('takes the backend that the address asks for, and does not keep it', async () => {
		await store(ONE);
		const place = await page('backend=webgl');
		expect(place.forced).toBe('webgl');
		expect(place.session.choice?.backend).toBe('webgl');
		expect(await readSetting('backend')).toBeUndefined();
		offer(ONE);
		expect((await page('backend=abacus')).forced).toBeNull();
	});

	it('keeps the backend and the operating point that the user chose', async () => {
		await store(ONE, TWO);
		const place = await page();
		await place.chooseBackend('webgl');
		expect(place.session.choice?.backend).toBe('webgl');
		place.choosePoint('balanced');
		expect(place.point?.id).toBe('balanced');
		await vi.waitFor(async () => expect(await readSetting('point one')).toBe('balanced'));

		offer(ONE, TWO);
		const again = await page();
		expect([again.forced, again.point?.id]).toEqual(['webgl', 'balanced']);
		offer(ONE, TWO);
		expect((await page('model=two')).point?.id).toBe('sensitive');
		await again.chooseBackend(null);
		offer(ONE, TWO);
		expect((await page()).forced).toBeNull();
	});

	it('with a point of another version takes the default', async () => {
		await store(ONE);
		await writeSetting('point one', 'of long ago');
		expect((await page()).point?.id).toBe('sensitive');
	});

	it('looks around once, however often it is started', async () => {
		await store(ONE);
		const place = await page();
		const { choice } = place.session;
		await place.start('', new URLSearchParams('backend=webgl'));
		expect(place.session.choice).toBe(choice);
	});
});

describe('a model that was changed in the store', () => {
	it('is not read with', async () => {
		await store(ONE);
		const { database } = await import('../../../src/lib/storage/database');
		await (await database()).delete('files', ONE.manifest.files[1].sha256);
		const place = await page();
		expect(place.model?.state).toBe('incomplete');
		expect(place.session.engine).toBe('none');
		await place.downloadModel();
		expect(place.session.engine).toBe('ready');
	});
});

describe('a newer version of the model', () => {
	it('waits until the list with results of the older one is finished with', async () => {
		await store(ONE);
		offer(ONE_NEWER);
		const place = await page();
		await readFilm(place);
		await place.downloadModel();
		expect(place.model?.stored?.version).toBe('1.3.0');
		expect(place.session.manifest?.version).toBe('1.2.3');
		await place.startOver();
		expect(place.session.manifest?.version).toBe('1.3.0');
		expect(place.session).toMatchObject({ engine: 'ready', total: 0 });
	});

	it('is used at once where nothing was read yet', async () => {
		await store(ONE);
		offer(ONE_NEWER);
		const place = await page();
		await place.downloadModel();
		expect(place.session.manifest?.version).toBe('1.3.0');
	});
});

describe('the task', () => {
	it('is one of those that the site was built with, until the site itself was asked', async () => {
		offer(CELLS);
		vi.resetModules();
		const { workplace } = await import('../../../src/lib/screening/workplace.svelte');
		expect([workplace.ready, workplace.tasks]).toEqual([
			false,
			['chest-xray-pneumonia', 'malaria-cell']
		]);
		await workplace.start('', new URLSearchParams());
		await vi.waitFor(() => expect(workplace.ready).toBe(true));
		expect(workplace.tasks).toEqual(['malaria-cell']);
	});

	it('is shown though storage does not answer', async () => {
		offer(ONE);
		vi.resetModules();
		const { KeptSessions } = await import('../../../src/lib/sessions/sessions.svelte');
		vi.spyOn(KeptSessions.prototype, 'start').mockReturnValue(new Promise(() => undefined));
		const { workplace } = await import('../../../src/lib/screening/workplace.svelte');
		await workplace.start('', new URLSearchParams());
		await vi.waitFor(() => expect(workplace.ready).toBe(true), 10_000);
	});

	it('is the first of those that there is a model for, until the user chooses', async () => {
		offer(CELLS, ONE);
		const place = await page();
		expect(place.task).toBe('chest-xray-pneumonia');
		await place.chooseTask('malaria-cell');
		expect(place.model).toMatchObject({ id: 'cells', state: 'not-stored' });

		offer(CELLS, ONE);
		const again = await page();
		expect([again.task, again.model?.id]).toEqual(['malaria-cell', 'cells']);
		// A site that no longer has a model for it.
		offer(ONE);
		expect((await page()).task).toBe('chest-xray-pneumonia');
	});

	it('takes its model into the engine, and lets go of the other’s', async () => {
		await store(ONE, CELLS);
		const place = await page();
		expect(place.session.manifest?.id).toBe('one');
		const before = world.device?.openLanes.length ?? 0;
		expect(before).toBeGreaterThan(0);
		await place.chooseTask('malaria-cell');
		expect(place.session).toMatchObject({ engine: 'ready', manifest: { id: 'cells' } });
		expect(world.device?.openLanes.length).toBe(before);
		await readFilm(place);
		expect(place.shownTask).toBe('malaria-cell');
	});

	it('whose model is not stored reads with no other', async () => {
		await store(ONE);
		offer(ONE, CELLS);
		const place = await page();
		await place.chooseTask('malaria-cell');
		expect(place.session).toMatchObject({ engine: 'none', manifest: null });
		expect(world.device?.openLanes).toEqual([]);
		place.session.add({ entries: [film], problems: [] });
		expect(place.session.rows[0].status).toBe('waiting');
		await place.downloadModel();
		await vi.waitFor(() => expect(place.session.state).toBe('done'));
		expect(place.session.manifest?.id).toBe('cells');
	});

	it('that is changed twice in a row ends with the model of the last', async () => {
		await store(ONE, CELLS);
		const place = await page();
		await Promise.all([
			place.chooseTask('malaria-cell'),
			place.chooseTask('chest-xray-pneumonia'),
			place.chooseTask('malaria-cell')
		]);
		await vi.waitFor(() => expect(place.session.engine).toBe('ready'));
		expect(place.session.manifest?.id).toBe('cells');
		expect(place.point?.id).toBe('sensitive');
	});

	it('of a list with results stays with the list; the next list has the new one', async () => {
		await store(ONE, CELLS);
		const place = await page();
		await readFilm(place);
		await place.chooseTask('malaria-cell');
		expect([place.task, place.shownTask]).toEqual(['malaria-cell', 'chest-xray-pneumonia']);
		expect(place.shownModel?.id).toBe('one');
		expect(place.session.rows[0].status).toBe('done');
		// More images of the same list are read by the model that made its results.
		await readFilm(place);
		expect(place.session).toMatchObject({ total: 2, manifest: { id: 'one' } });
		await place.startOver();
		expect(place.session).toMatchObject({ total: 0, engine: 'ready', manifest: { id: 'cells' } });
	});
});

describe('several models of one task', () => {
	it('begin with the smallest', async () => {
		offer(TWO, ONE);
		expect((await page()).model?.id).toBe('one');
	});

	it('give way to the user’s choice, which is kept', async () => {
		await store(ONE, TWO);
		const place = await page();
		await place.chooseModel(place.library.find('two')!);
		expect(place.session.manifest?.id).toBe('two');
		offer(ONE, TWO);
		expect((await page()).model?.id).toBe('two');
	});

	it('read with one that is on the device, rather than ask for a download', async () => {
		await store(TWO);
		offer(ONE, TWO);
		expect((await page()).model).toMatchObject({ id: 'two', state: 'stored' });
	});

	it('go on with another when the chosen one is removed', async () => {
		await store(ONE, TWO);
		const place = await page();
		await place.chooseModel(place.library.find('two')!);
		await place.removeModel(place.library.find('two')!);
		expect(place.session).toMatchObject({ engine: 'ready', manifest: { id: 'one' } });
		expect(place.library.find('two')?.state).toBe('not-stored');
		offer(ONE, TWO);
		expect((await page()).model?.id).toBe('one');
	});

	it('keep an operating point each', async () => {
		await store(ONE, TWO);
		const place = await page();
		place.choosePoint('balanced');
		await place.chooseModel(place.library.find('two')!);
		expect(place.point?.id).toBe('sensitive');
		await place.chooseModel(place.library.find('one')!);
		expect(place.point?.id).toBe('balanced');
	});
});

describe('a model that is removed', () => {
	it('leaves the results of the list, and images that wait for it', async () => {
		await store(ONE);
		const place = await page();
		await readFilm(place);
		await place.removeModel(place.model!);
		expect(place.session.rows[0].status).toBe('done');
		expect(place.shownModel).toMatchObject({ id: 'one', state: 'not-stored' });
		place.session.add({ entries: [film], problems: [] });
		expect(place.session.rows[1].status).toBe('waiting');
		await place.downloadModel(place.shownModel);
		await vi.waitFor(() => expect(place.session.state).toBe('done'));
	});
});

describe('a kept list', () => {
	/** A list of one read film and what its page was; returns its id. */
	async function keptList(place: Workplace): Promise<string> {
		await readFilm(place);
		await vi.waitFor(() => expect(place.kept.isSettled).toBe(true));
		return place.kept.kept!.id;
	}
	/** The page goes, as when its tab is closed. */
	function close(place: Workplace): void {
		place.session.clear();
	}

	it('is offered, shown before any model is there, and goes on with its own', async () => {
		await store(ONE, CELLS);
		const place = await page();
		place.choosePoint('balanced');
		const id = await keptList(place);
		close(place);

		offer(ONE, CELLS);
		await writeSetting('task', 'malaria-cell');
		await writeSetting('point one', 'sensitive');
		const again = await page();
		await vi.waitFor(() => expect(again.offer?.id).toBe(id));
		expect(again.session.manifest?.id).toBe('cells');
		expect(await again.openKept(id)).toBeNull();
		expect(again.session).toMatchObject({ total: 1, state: 'done', manifest: { id: 'one' } });
		expect([again.shownTask, again.task]).toEqual(['chest-xray-pneumonia', 'malaria-cell']);
		// As it was left; the setting for other lists stays as it is.
		expect(again.point?.id).toBe('balanced');
		expect(again.offer).toBeNull();
		again.add({ entries: [{ ...film, path: 'another.jpg' }], problems: [] });
		await vi.waitFor(() => expect(again.session.finishedCount).toBe(2));
		await again.startOver();
		expect(again.session).toMatchObject({ total: 0, manifest: { id: 'cells' } });
		expect(again.offer).toBeNull();
	});

	it('of a version that is gone shows its results and reads no more', async () => {
		await store(ONE);
		const place = await page();
		const id = await keptList(place);
		close(place);

		await store(ONE_NEWER);
		offer(ONE_NEWER);
		const again = await page();
		await again.openKept(id);
		expect(again.session).toMatchObject({
			total: 1,
			engine: 'none',
			manifest: { version: '1.2.3' }
		});
		expect(again.session.engineProblem?.code).toBe('session-model-gone');
		again.add({ entries: [{ ...film, path: 'another.jpg' }], problems: [] });
		await vi.waitFor(() => expect(again.session.total).toBe(2));
		expect(again.session.rows[1].status).toBe('waiting');
		await again.startOver();
		expect(again.session).toMatchObject({ engine: 'ready', engineProblem: null });
		expect(again.session.manifest?.version).toBe('1.3.0');
	});

	it('that was begun goes on when its folder is added without a look at the offer', async () => {
		offer(ONE);
		const place = await page();
		place.add({ entries: [film], problems: [] });
		await vi.waitFor(() => expect(place.kept.isSettled).toBe(true));
		const { id } = place.kept.kept!;
		close(place);

		offer(ONE);
		const again = await page();
		await vi.waitFor(() => expect(again.offer?.id).toBe(id));
		again.add({
			entries: [film, { ...film, path: 'second.jpg' }, { ...film, path: 'third.jpg' }],
			problems: []
		});
		await vi.waitFor(() => expect(again.session.total).toBe(3));
		expect(again.kept.kept?.id).not.toBe(id);
		await again.startOver();
		await again.kept.left();

		offer(ONE);
		const third = await page();
		await vi.waitFor(() => expect(third.offer).not.toBeNull());
		const offered = third.offer!.id;
		third.add({ entries: [film, { ...film, path: 'third.jpg' }], problems: [] });
		await vi.waitFor(() => expect(third.session.total).toBe(3));
		expect(third.kept.kept?.id).toBe(offered);
	});

	it('can be deleted from under the page, and brought back', async () => {
		await store(ONE);
		const place = await page();
		const id = await keptList(place);
		await place.sessions.refresh();
		await place.removeKept(place.sessions.list[0]);
		expect(place.session.total).toBe(0);
		expect(place.sessions.list).toEqual([]);
		await place.sessions.undo();
		expect(place.sessions.list.map((one) => one.id)).toEqual([id]);
	});
});

describe('a local point', () => {
	const figure = { value: 0.9, low: 0.8, high: 0.95 };
	const pointFor = (changes: Partial<LocalPoint> = {}) =>
		localPointOf({
			model: 'one',
			modelVersion: '1.2.3',
			name: 'Ward 3',
			threshold: 0.4,
			wanted: 0.9,
			by: '',
			where: '',
			time: '2026-11-21T09:30:00.000Z',
			labels: 'review',
			images: 40,
			positives: 20,
			patients: null,
			auc: figure,
			sensitivity: figure,
			specificity: figure,
			...changes
		});

	it('decides as soon as it is kept, in the list and in its report, and on later visits', async () => {
		await store(ONE);
		const place = await page();
		expect(await place.useLocalPoint(pointFor())).toBeNull();
		expect(place.point).toMatchObject({ id: 'local:Ward 3', threshold: 0.4 });
		await readFilm(place);
		const [line] = place.session.report(place.session.rows, place.point!);
		expect(line.operatingPoint).toBe('local:Ward 3');
		const later = await page();
		expect(later.point).toMatchObject({ id: 'local:Ward 3', threshold: 0.4 });
		expect(later.pointProblem).toBeNull();
	});

	it('is one more choice: the model’s own points stay', async () => {
		await store(ONE);
		const place = await page();
		await place.useLocalPoint(pointFor());
		place.choosePoint('balanced');
		expect(place.point?.id).toBe('balanced');
		place.choosePoint('local:Ward 3');
		expect(place.point?.id).toBe('local:Ward 3');
	});

	it('of another version is not in force, and says so where it was chosen', async () => {
		await store(ONE);
		const place = await page();
		await place.useLocalPoint(pointFor());
		offer(ONE_NEWER);
		const later = await page();
		await later.downloadModel();
		expect(later.session.manifest?.version).toBe('1.3.0');
		expect(later.point?.id).toBe('sensitive');
		expect(later.pointProblem).toMatchObject({ code: 'point-other-version' });
		expect(later.localPoints.of(later.session.manifest)?.point.name).toBe('Ward 3');
		later.choosePoint('balanced');
		expect(later.pointProblem).toBeNull();
	});

	it('that is gone or spoiled on the device is said, not passed over', async () => {
		await store(ONE);
		await (await page()).useLocalPoint(pointFor());
		await writeSetting('local point one', '{"format":"fieldlens-local-point","threshold":"0"}');
		const later = await page();
		expect(later.point?.id).toBe('sensitive');
		expect(later.pointProblem).toMatchObject({ code: 'point-gone' });
	});

	it('that is removed leaves the default in its place', async () => {
		await store(ONE);
		const place = await page();
		await place.useLocalPoint(pointFor());
		await place.removeLocalPoint('one');
		expect([place.point?.id, place.pointProblem]).toEqual(['sensitive', null]);
		const later = await page();
		expect([later.point?.id, later.pointProblem]).toEqual(['sensitive', null]);
	});

	it('holds while the page is open where it cannot be kept, and says that it is not', async () => {
		await store(ONE);
		const place = await page();
		failWrites('QuotaExceededError');
		expect(await place.useLocalPoint(pointFor())).toMatchObject({ code: 'point-not-kept' });
		expect(place.point?.id).toBe('local:Ward 3');
		vi.restoreAllMocks();
	});
});

describe('sessions under a passphrase', () => {
	const WORDS = 'four words of it';
	const entries = [film];

	/** A page with a list that is read, under a passphrase. */
	async function sealed(): Promise<Workplace> {
		await store(ONE);
		const opened = await page();
		await readFilm(opened);
		await vi.waitFor(() => expect(opened.kept.isSettled).toBe(true));
		expect(await opened.passphrase.set(WORDS, opened.kept.kept?.id ?? null)).toBeNull();
		return opened;
	}

	it('are gone from the page when it is locked, and back when it is unlocked', async () => {
		const opened = await sealed();
		await vi.waitFor(() => expect(opened.mayLock).toBe(true));
		await opened.sessions.refresh();
		expect(opened.sessions.list).toHaveLength(1);
		await opened.lock();
		expect(opened.passphrase.state).toBe('locked');
		expect(opened.session.total).toBe(0);
		expect(opened.kept.kept).toBeNull();
		expect(opened.sessions.list).toEqual([]);
		expect(await opened.unlock('five words of it')).toMatchObject({ code: 'passphrase-wrong' });
		expect(opened.sessions.list).toEqual([]);
		expect(await opened.unlock(WORDS)).toBeNull();
		expect(opened.sessions.list).toHaveLength(1);
		expect(opened.offer).toMatchObject({ total: 1, finished: 1 });
	});

	it('are not locked while a list is read, but when it is done', async () => {
		const opened = await sealed();
		opened.passphrase.wantsLock = true;
		opened.add({ entries: [{ ...film, path: 'b.jpg' }], problems: [] });
		expect(opened.session.state).toBe('running');
		opened.lockWhenDue();
		expect(opened.passphrase.state).toBe('open');
		await vi.waitFor(() => expect(opened.session.state).toBe('done'));
		opened.lockWhenDue();
		expect(opened.passphrase.state).toBe('locked');
		expect(await opened.unlock(WORDS)).toBeNull();
		expect(opened.sessions.list[0]).toMatchObject({ total: 2, finished: 2 });
	});

	it('are not locked while a list would be lost', async () => {
		const opened = await sealed();
		opened.passphrase.wantsLock = true;
		failWrites('QuotaExceededError');
		opened.add({ entries: [{ ...film, path: 'b.jpg' }], problems: [] });
		await vi.waitFor(() => expect(opened.session.state).toBe('done'));
		opened.lockWhenDue();
		expect(opened.passphrase.state).toBe('open');
		expect(opened.session.total).toBe(2);
	});

	it('lock after a while without use', async () => {
		const opened = await sealed();
		expect(opened.passphrase.isDue).toBe(false);
		vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 60_000 });
		expect(opened.passphrase.isDue).toBe(true);
		await opened.passphrase.chooseIdle(30);
		expect(opened.passphrase.isDue).toBe(false);
	});

	it('let files wait that come while they are locked', async () => {
		await sealed();
		const again = await page();
		await vi.waitFor(() => expect(again.passphrase.state).toBe('locked'));
		again.add({ entries, problems: [] });
		expect(again.session.total).toBe(0);
		await again.unlock(WORDS);
		await vi.waitFor(() => expect(again.session.total).toBe(1));
	});
});
