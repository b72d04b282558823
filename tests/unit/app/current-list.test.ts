import { describe, expect, it } from 'vitest';
import { soon } from '../../helpers/soon';
import { INITIAL_VIEW } from '../../../src/lib/worklist/worklist';
import { ONE, page, readFilm, store, useFreshDevices } from '../helpers/app';
import { failWrites } from '../helpers/storage';

useFreshDevices();

describe('a review that is undone', () => {
	it('shows the image that it was of, where the viewer is', async () => {
		await store(ONE);
		const app = await page();
		await readFilm(app);
		await readFilm(app);
		const { viewing, reviews, worklist, list } = app;
		viewing.show(worklist.rows[0], worklist.rows);
		reviews.find(0, 'present', { category: null, point: 'sensitive' });
		viewing.move(1);
		list.undoReview();
		expect(viewing.row).toMatchObject({ id: 0, review: null });
		// Nothing is left to undo: what is shown stays.
		viewing.move(1);
		list.undoReview();
		expect(viewing.row?.id).toBe(1);
	});
});

describe('the image that the viewer shows', () => {
	it('is overruled, or read again with its film marked, and the viewer stays with it', async () => {
		await store(ONE);
		const app = await page();
		await readFilm(app);
		const { viewing, worklist, list } = app;
		viewing.show(worklist.rows[0], worklist.rows);
		list.overruleShown(true);
		expect(worklist.rows[0].overruled).toBe(true);
		list.cropShown(null);
		expect(viewing.row?.id).toBe(0);
		expect(worklist.rows[0].probability).toBeNull();
		await soon(() => expect(app.pipeline.state).toBe('done'));
	});
});

describe('another list', () => {
	it('shows and undoes nothing of the one before, and is looked at from the beginning', async () => {
		await store(ONE);
		const app = await page();
		await readFilm(app);
		const { viewing, reviews, worklist, view } = app;
		view.view = { ...INITIAL_VIEW, search: 'film' };
		viewing.show(worklist.rows[0], worklist.rows);
		reviews.find(0, 'present', { category: null, point: 'sensitive' });
		await app.list.startOver();
		expect([viewing.row, reviews.canUndo, view.view]).toEqual([null, false, INITIAL_VIEW]);
	});
});

describe('a tab that is closed', () => {
	it('costs nothing once what was read is on the disk', async () => {
		await store(ONE);
		const app = await page();
		await readFilm(app);
		await soon(() => expect(app.list.losesByClosing).toBe(false));
		expect(app.list.wouldLose).toBe(false);
	});

	it('costs the results where they cannot be kept', async () => {
		await store(ONE);
		const app = await page();
		failWrites('QuotaExceededError');
		await readFilm(app);
		expect([app.list.losesByClosing, app.list.wouldLose]).toEqual([true, true]);
		app.worklist.markSaved();
		expect([app.list.losesByClosing, app.list.wouldLose]).toEqual([false, false]);
	});
});
