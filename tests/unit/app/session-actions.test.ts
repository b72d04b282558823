import { describe, expect, it, vi } from 'vitest';
import { writeSetting } from '../../../src/lib/storage/database';
import {
	CELLS,
	film,
	offer,
	ONE,
	ONE_NEWER,
	page,
	readFilm,
	store,
	useFreshDevices,
	type Workplace
} from '../helpers/workplace';

useFreshDevices();

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
		place.points.choose('balanced');
		const id = await keptList(place);
		close(place);

		offer(ONE, CELLS);
		await writeSetting('task', 'malaria-cell');
		await writeSetting('point one', 'sensitive');
		const again = await page();
		await vi.waitFor(() => expect(again.sessionDesk.offer?.id).toBe(id));
		expect(again.session.manifest?.id).toBe('cells');
		expect(await again.sessionDesk.open(id)).toBeNull();
		expect(again.session).toMatchObject({ total: 1, state: 'done', manifest: { id: 'one' } });
		expect([again.shownTask, again.task]).toEqual(['chest-xray-pneumonia', 'malaria-cell']);
		// As it was left; the setting for other lists stays as it is.
		expect(again.points.inForce?.id).toBe('balanced');
		expect(again.sessionDesk.offer).toBeNull();
		again.add({ entries: [{ ...film, path: 'another.jpg' }], problems: [] });
		await vi.waitFor(() => expect(again.session.finishedCount).toBe(2));
		await again.startOver();
		expect(again.session).toMatchObject({ total: 0, manifest: { id: 'cells' } });
		expect(again.sessionDesk.offer).toBeNull();
	});

	it('of a version that is gone shows its results and reads no more', async () => {
		await store(ONE);
		const place = await page();
		const id = await keptList(place);
		close(place);

		await store(ONE_NEWER);
		offer(ONE_NEWER);
		const again = await page();
		await again.sessionDesk.open(id);
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
		await vi.waitFor(() => expect(again.sessionDesk.offer?.id).toBe(id));
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
		await vi.waitFor(() => expect(third.sessionDesk.offer).not.toBeNull());
		const offered = third.sessionDesk.offer!.id;
		third.add({ entries: [film, { ...film, path: 'third.jpg' }], problems: [] });
		await vi.waitFor(() => expect(third.session.total).toBe(3));
		expect(third.kept.kept?.id).toBe(offered);
	});

	it('can be deleted from under the page, and brought back', async () => {
		await store(ONE);
		const place = await page();
		const id = await keptList(place);
		await place.sessions.refresh();
		await place.sessionDesk.remove(place.sessions.list[0]);
		expect(place.session.total).toBe(0);
		expect(place.sessions.list).toEqual([]);
		await place.sessions.undo();
		expect(place.sessions.list.map((one) => one.id)).toEqual([id]);
	});
});
