import { describe, expect, it } from 'vitest';
import { soon } from '../../helpers/soon';
import { writeSetting } from '../../../src/lib/storage/database';
import {
	CELLS,
	film,
	offer,
	ONE,
	ONE_NEWER,
	page,
	readFilm,
	screeningOf,
	store,
	useFreshDevices
} from '../helpers/app';
import type { AppState } from '../../../src/lib/app/app-state.svelte';

useFreshDevices();

describe('a kept list', () => {
	/** A list of one read film and what its page was; returns its id. */
	async function keptList(place: AppState): Promise<string> {
		await readFilm(place);
		await soon(() => expect(place.recorder.isSettled).toBe(true));
		return place.recorder.session!.id;
	}
	/** The page goes, as when its tab is closed. */
	function close(place: AppState): void {
		place.list.clear();
	}

	it('is offered, shown before any model is there, and goes on with its own', async () => {
		await store(ONE, CELLS);
		const place = await page();
		place.list.choosePoint('balanced');
		const id = await keptList(place);
		close(place);

		offer(ONE, CELLS);
		await writeSetting('task', 'malaria-cell');
		await writeSetting('point one', 'sensitive');
		const again = await page();
		await soon(() => expect(again.sessionActions.offer?.id).toBe(id));
		expect(again.worklist.manifest?.id).toBe('cells');
		expect(await again.sessionActions.open(id)).toBeNull();
		expect(screeningOf(again)).toMatchObject({ total: 1, state: 'done', manifest: { id: 'one' } });
		expect([again.list.task, again.choice.task]).toEqual(['chest-xray-pneumonia', 'malaria-cell']);
		// As it was left; the setting for other lists stays as it is.
		expect(again.points.inForce?.id).toBe('balanced');
		expect(again.sessionActions.offer).toBeNull();
		again.add({ entries: [{ ...film, path: 'another.jpg' }], problems: [] });
		await soon(() => expect(again.worklist.finishedCount).toBe(2));
		await again.list.startOver();
		expect(screeningOf(again)).toMatchObject({ total: 0, manifest: { id: 'cells' } });
		expect(again.sessionActions.offer).toBeNull();
	});

	it('of a version that is gone shows its results and reads no more', async () => {
		await store(ONE);
		const place = await page();
		const id = await keptList(place);
		close(place);

		await store(ONE_NEWER);
		offer(ONE_NEWER);
		const again = await page();
		await again.sessionActions.open(id);
		expect(screeningOf(again)).toMatchObject({
			total: 1,
			engine: 'none',
			manifest: { version: '1.2.3' }
		});
		expect(again.pipeline.engine.problem?.code).toBe('session-model-gone');
		again.add({ entries: [{ ...film, path: 'another.jpg' }], problems: [] });
		await soon(() => expect(again.worklist.total).toBe(2));
		expect(again.worklist.rows[1].status).toBe('waiting');
		await again.list.startOver();
		expect(screeningOf(again)).toMatchObject({ engine: 'ready', engineProblem: null });
		expect(again.worklist.manifest?.version).toBe('1.3.0');
	});

	it('that was begun goes on when its folder is added without a look at the offer', async () => {
		offer(ONE);
		const place = await page();
		place.add({ entries: [film], problems: [] });
		await soon(() => expect(place.recorder.isSettled).toBe(true));
		const { id } = place.recorder.session!;
		close(place);

		offer(ONE);
		const again = await page();
		await soon(() => expect(again.sessionActions.offer?.id).toBe(id));
		again.add({
			entries: [film, { ...film, path: 'second.jpg' }, { ...film, path: 'third.jpg' }],
			problems: []
		});
		await soon(() => expect(again.worklist.total).toBe(3));
		expect(again.recorder.session?.id).not.toBe(id);
		await again.list.startOver();
		await again.recorder.left();

		offer(ONE);
		const third = await page();
		await soon(() => expect(third.sessionActions.offer).not.toBeNull());
		const offered = third.sessionActions.offer!.id;
		third.add({ entries: [film, { ...film, path: 'third.jpg' }], problems: [] });
		await soon(() => expect(third.worklist.total).toBe(3));
		expect(third.recorder.session?.id).toBe(offered);
	});

	it('can be deleted from under the page, and brought back', async () => {
		await store(ONE);
		const place = await page();
		const id = await keptList(place);
		await place.sessions.refresh();
		await place.sessionActions.remove(place.sessions.list[0]);
		expect(place.worklist.total).toBe(0);
		expect(place.sessions.list).toEqual([]);
		await place.sessions.undo();
		expect(place.sessions.list.map((one) => one.id)).toEqual([id]);
	});
});
