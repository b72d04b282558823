import { describe, expect, it, vi } from 'vitest';
import { readSetting, writeSetting } from '../../../src/lib/storage/database';
import {
	CELLS,
	film,
	offer,
	ONE,
	ONE_NEWER,
	openLanes,
	page,
	readFilm,
	store,
	TWO,
	useFreshDevices
} from '../helpers/workplace';

useFreshDevices();

describe('a first visit', () => {
	it('shows the first model, and fetches nothing by itself', async () => {
		offer(ONE, TWO);
		const place = await page();
		expect(place.model).toMatchObject({ id: 'one', state: 'not-stored' });
		expect(place.session.engine).toBe('none');
		expect(place.points.inForce?.id).toBe('sensitive');
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
		expect([place.model, place.points.inForce]).toEqual([undefined, null]);
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
		place.points.choose('balanced');
		expect(place.points.inForce?.id).toBe('balanced');
		await vi.waitFor(async () => expect(await readSetting('point one')).toBe('balanced'));

		offer(ONE, TWO);
		const again = await page();
		expect([again.forced, again.points.inForce?.id]).toEqual(['webgl', 'balanced']);
		offer(ONE, TWO);
		expect((await page('model=two')).points.inForce?.id).toBe('sensitive');
		await again.chooseBackend(null);
		offer(ONE, TWO);
		expect((await page()).forced).toBeNull();
	});

	it('with a point of another version takes the default', async () => {
		await store(ONE);
		await writeSetting('point one', 'of long ago');
		expect((await page()).points.inForce?.id).toBe('sensitive');
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
		const { workplace } = await import('../../../src/lib/app/app-state.svelte');
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
		const { workplace } = await import('../../../src/lib/app/app-state.svelte');
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
		const before = openLanes().length;
		expect(before).toBeGreaterThan(0);
		await place.chooseTask('malaria-cell');
		expect(place.session).toMatchObject({ engine: 'ready', manifest: { id: 'cells' } });
		expect(openLanes()).toHaveLength(before);
		await readFilm(place);
		expect(place.shownTask).toBe('malaria-cell');
	});

	it('whose model is not stored reads with no other', async () => {
		await store(ONE);
		offer(ONE, CELLS);
		const place = await page();
		await place.chooseTask('malaria-cell');
		expect(place.session).toMatchObject({ engine: 'none', manifest: null });
		expect(openLanes()).toEqual([]);
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
		expect(place.points.inForce?.id).toBe('sensitive');
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
		place.points.choose('balanced');
		await place.chooseModel(place.library.find('two')!);
		expect(place.points.inForce?.id).toBe('sensitive');
		await place.chooseModel(place.library.find('one')!);
		expect(place.points.inForce?.id).toBe('balanced');
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
