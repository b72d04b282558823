import { emptyStorage } from '../helpers/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
			return Promise.resolve(succeeded({ pixels: imageOf(1), width: 1, height: 1, thumbnail }));
		}
	}
}));

const ONE = examplePackage([500], { id: 'one' });
const ONE_NEWER = examplePackage([501], { id: 'one', version: '1.3.0' });
const TWO = examplePackage([600], { id: 'two' });

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

beforeEach(async () => {
	await emptyStorage();
	vi.stubGlobal('navigator', { userAgent: 'A browser', hardwareConcurrency: 2 });
	world.device = new FakeDevice({
		webgl: { millisecondsPerImage: 90 },
		wasm: { millisecondsPerImage: 10 }
	});
});
afterEach(() => {
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
