import { describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import { readSetting, writeSetting } from '../../../src/lib/storage/database';
import {
	CELLS,
	film,
	newApp,
	offer,
	ONE,
	ONE_NEWER,
	openLanes,
	page,
	readFilm,
	screeningOf,
	store,
	TWO,
	useFreshDevices
} from '../helpers/app';

useFreshDevices();

describe('a first visit', () => {
	it('shows the first model, and fetches nothing by itself', async () => {
		offer(ONE, TWO);
		const place = await page();
		expect(place.choice.model).toMatchObject({ id: 'one', state: 'not-stored' });
		expect(place.pipeline.engine.state).toBe('none');
		expect(place.points.inForce?.id).toBe('sensitive');
	});

	it('downloads the model when it is asked to, and is ready to read', async () => {
		offer(ONE);
		const place = await page();
		await place.list.downloadModel();
		expect(place.choice.model?.state).toBe('stored');
		expect(place.pipeline.engine.state).toBe('ready');
		await readFilm(place);
		expect(place.worklist.rows[0].status).toBe('done');
	});

	it('of a site without models shows none', async () => {
		offer();
		const place = await page();
		expect([place.choice.model, place.points.inForce]).toEqual([undefined, null]);
		await place.list.downloadModel();
		expect(place.pipeline.engine.state).toBe('none');
	});
});

describe('a later visit', () => {
	it('is ready by itself', async () => {
		await store(ONE);
		const place = await page();
		expect(screeningOf(place)).toMatchObject({ engine: 'ready', choice: { backend: 'wasm' } });
	});

	it('takes the model that the address asks for, or the first', async () => {
		await store(ONE, TWO);
		expect((await page('model=two')).choice.model?.id).toBe('two');
		offer(ONE, TWO);
		expect((await page('model=three')).choice.model?.id).toBe('one');
	});

	it('takes the backend that the address asks for, and does not keep it', async () => {
		await store(ONE);
		const place = await page('backend=webgl');
		expect(place.choice.forced).toBe('webgl');
		expect(place.pipeline.engine.choice?.backend).toBe('webgl');
		expect(await readSetting('backend')).toBeUndefined();
		offer(ONE);
		expect((await page('backend=abacus')).choice.forced).toBeNull();
	});

	it('keeps the backend and the operating point that the user chose', async () => {
		await store(ONE, TWO);
		const place = await page();
		await place.list.chooseBackend('webgl');
		expect(place.pipeline.engine.choice?.backend).toBe('webgl');
		place.list.choosePoint('balanced');
		expect(place.points.inForce?.id).toBe('balanced');
		await soon(async () => expect(await readSetting('point one')).toBe('balanced'));

		offer(ONE, TWO);
		const again = await page();
		expect([again.choice.forced, again.points.inForce?.id]).toEqual(['webgl', 'balanced']);
		offer(ONE, TWO);
		expect((await page('model=two')).points.inForce?.id).toBe('sensitive');
		await again.list.chooseBackend(null);
		offer(ONE, TWO);
		expect((await page()).choice.forced).toBeNull();
	});

	it('with a point of another version takes the default', async () => {
		await store(ONE);
		await writeSetting('point one', 'of long ago');
		expect((await page()).points.inForce?.id).toBe('sensitive');
	});

	it('looks around once, however often it is started', async () => {
		await store(ONE);
		const place = await page();
		const { choice } = place.pipeline.engine;
		await place.start('', new URLSearchParams('backend=webgl'));
		expect(place.pipeline.engine.choice).toBe(choice);
	});
});

describe('a model that was changed in the store', () => {
	it('is not read with', async () => {
		await store(ONE);
		const { database } = await import('../../../src/lib/storage/database');
		await (await database()).delete('files', ONE.manifest.files[1].sha256);
		const place = await page();
		expect(place.choice.model?.state).toBe('incomplete');
		expect(place.pipeline.engine.state).toBe('none');
		await place.list.downloadModel();
		expect(place.pipeline.engine.state).toBe('ready');
	});
});

describe('a newer version of the model', () => {
	it('waits until the list with results of the older one is finished with', async () => {
		await store(ONE);
		offer(ONE_NEWER);
		const place = await page();
		await readFilm(place);
		await place.list.downloadModel();
		expect(place.choice.model?.stored?.version).toBe('1.3.0');
		expect(place.worklist.manifest?.version).toBe('1.2.3');
		await place.list.startOver();
		expect(place.worklist.manifest?.version).toBe('1.3.0');
		expect(screeningOf(place)).toMatchObject({ engine: 'ready', total: 0 });
	});

	it('is used at once where nothing was read yet', async () => {
		await store(ONE);
		offer(ONE_NEWER);
		const place = await page();
		await place.list.downloadModel();
		expect(place.worklist.manifest?.version).toBe('1.3.0');
	});
});

describe('the task', () => {
	it('is one of those that the site was built with, until the site itself was asked', async () => {
		offer(CELLS);
		const app = newApp();
		expect([app.ready, app.choice.tasks]).toEqual([
			false,
			['chest-xray-pneumonia', 'malaria-cell']
		]);
		await app.start('', new URLSearchParams());
		await soon(() => expect(app.ready).toBe(true));
		expect(app.choice.tasks).toEqual(['malaria-cell']);
	});

	it('is shown though storage does not answer', async () => {
		offer(ONE);
		const app = newApp();
		vi.spyOn(app.sessions, 'start').mockReturnValue(new Promise(() => undefined));
		await app.start('', new URLSearchParams());
		await soon(() => expect(app.ready).toBe(true));
	});

	it('is the first of those that there is a model for, until the user chooses', async () => {
		offer(CELLS, ONE);
		const place = await page();
		expect(place.choice.task).toBe('chest-xray-pneumonia');
		await place.list.chooseTask('malaria-cell');
		expect(place.choice.model).toMatchObject({ id: 'cells', state: 'not-stored' });

		offer(CELLS, ONE);
		const again = await page();
		expect([again.choice.task, again.choice.model?.id]).toEqual(['malaria-cell', 'cells']);
		// A site that no longer has a model for it.
		offer(ONE);
		expect((await page()).choice.task).toBe('chest-xray-pneumonia');
	});

	it('takes its model into the engine, and lets go of the other’s', async () => {
		await store(ONE, CELLS);
		const place = await page();
		expect(place.worklist.manifest?.id).toBe('one');
		const before = openLanes().length;
		expect(before).toBeGreaterThan(0);
		await place.list.chooseTask('malaria-cell');
		expect(screeningOf(place)).toMatchObject({ engine: 'ready', manifest: { id: 'cells' } });
		expect(openLanes()).toHaveLength(before);
		await readFilm(place);
		expect(place.list.task).toBe('malaria-cell');
	});

	it('whose model is not stored reads with no other', async () => {
		await store(ONE);
		offer(ONE, CELLS);
		const place = await page();
		await place.list.chooseTask('malaria-cell');
		expect(screeningOf(place)).toMatchObject({ engine: 'none', manifest: null });
		expect(openLanes()).toEqual([]);
		place.pipeline.add({ entries: [film], problems: [] });
		expect(place.worklist.rows[0].status).toBe('waiting');
		await place.list.downloadModel();
		await soon(() => expect(place.pipeline.state).toBe('done'));
		expect(place.worklist.manifest?.id).toBe('cells');
	});

	it('that is changed twice in a row ends with the model of the last', async () => {
		await store(ONE, CELLS);
		const place = await page();
		await Promise.all([
			place.list.chooseTask('malaria-cell'),
			place.list.chooseTask('chest-xray-pneumonia'),
			place.list.chooseTask('malaria-cell')
		]);
		await soon(() => expect(place.pipeline.engine.state).toBe('ready'));
		expect(place.worklist.manifest?.id).toBe('cells');
		expect(place.points.inForce?.id).toBe('sensitive');
	});

	it('of a list with results stays with the list; the next list has the new one', async () => {
		await store(ONE, CELLS);
		const place = await page();
		await readFilm(place);
		await place.list.chooseTask('malaria-cell');
		expect([place.choice.task, place.list.task]).toEqual(['malaria-cell', 'chest-xray-pneumonia']);
		expect(place.list.model?.id).toBe('one');
		expect(place.worklist.rows[0].status).toBe('done');
		// More images of the same list are read by the model that made its results.
		await readFilm(place);
		expect(screeningOf(place)).toMatchObject({ total: 2, manifest: { id: 'one' } });
		await place.list.startOver();
		expect(screeningOf(place)).toMatchObject({
			total: 0,
			engine: 'ready',
			manifest: { id: 'cells' }
		});
	});
});

describe('several models of one task', () => {
	it('begin with the smallest', async () => {
		offer(TWO, ONE);
		expect((await page()).choice.model?.id).toBe('one');
	});

	it('give way to the user’s choice, which is kept', async () => {
		await store(ONE, TWO);
		const place = await page();
		await place.list.chooseModel(place.library.find('two')!);
		expect(place.worklist.manifest?.id).toBe('two');
		offer(ONE, TWO);
		expect((await page()).choice.model?.id).toBe('two');
	});

	it('read with one that is on the device, rather than ask for a download', async () => {
		await store(TWO);
		offer(ONE, TWO);
		expect((await page()).choice.model).toMatchObject({ id: 'two', state: 'stored' });
	});

	it('go on with another when the chosen one is removed', async () => {
		await store(ONE, TWO);
		const place = await page();
		await place.list.chooseModel(place.library.find('two')!);
		await place.list.removeModel(place.library.find('two')!);
		expect(screeningOf(place)).toMatchObject({ engine: 'ready', manifest: { id: 'one' } });
		expect(place.library.find('two')?.state).toBe('not-stored');
		offer(ONE, TWO);
		expect((await page()).choice.model?.id).toBe('one');
	});

	it('keep an operating point each', async () => {
		await store(ONE, TWO);
		const place = await page();
		place.list.choosePoint('balanced');
		await place.list.chooseModel(place.library.find('two')!);
		expect(place.points.inForce?.id).toBe('sensitive');
		await place.list.chooseModel(place.library.find('one')!);
		expect(place.points.inForce?.id).toBe('balanced');
	});
});

describe('a model that is removed', () => {
	it('leaves the results of the list, and images that wait for it', async () => {
		await store(ONE);
		const place = await page();
		await readFilm(place);
		await place.list.removeModel(place.choice.model!);
		expect(place.worklist.rows[0].status).toBe('done');
		expect(place.list.model).toMatchObject({ id: 'one', state: 'not-stored' });
		place.pipeline.add({ entries: [film], problems: [] });
		expect(place.worklist.rows[1].status).toBe('waiting');
		await place.list.downloadModel(place.list.model);
		await soon(() => expect(place.pipeline.state).toBe('done'));
	});
});
