import { beforeEach, describe, expect, it } from 'vitest';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { ListView } from '../../../src/lib/worklist/list-view.svelte';
import { INITIAL_VIEW } from '../../../src/lib/worklist/worklist';
import { exampleManifest } from '../helpers/manifest';
import { readRow, reviewedRow, rowAt } from '../helpers/rows';

const manifest = exampleManifest();
const points = { inForce: manifest.operatingPoints[0] };

let worklist: Worklist;
const list = () => new ListView(worklist, points);

beforeEach(() => {
	worklist = new Worklist();
	worklist.readBy(manifest);
	worklist.load([
		readRow(0, 0.1, 'calm.jpg'),
		rowAt(1, 'notes.txt', { status: 'left-out' }),
		reviewedRow(2, 0.95, 'absent')
	]);
});

describe('the list in view', () => {
	it('is filtered and counted by the point in force', () => {
		const view = list();
		expect(view.rows.map(({ id }) => id)).toEqual([2, 0]);
		view.view = { ...INITIAL_VIEW, filter: 'not-seen' };
		expect(view.rows.map(({ id }) => id)).toEqual([0]);
		expect(view.counts).toMatchObject({ all: 2, likely: 1, 'not-seen': 1, 'left-out': 1 });
		expect(view.reviews).toMatchObject({ any: 1, reviewed: 0 });
		expect([view.hasRows, view.hasReviews]).toEqual([true, true]);
	});

	it('has no categories before there is a model', () => {
		worklist.readBy(null);
		const view = list();
		expect(view.rows).toHaveLength(2);
		expect(view.counts).toMatchObject({ all: 2, likely: 0 });
	});

	it('sums up the reviews of all images, whatever is filtered', () => {
		const view = list();
		view.view = { ...INITIAL_VIEW, search: 'calm' };
		expect(view.summary()).toMatchObject({ reviewed: 1, differs: 1, agree: 0 });
	});
});

describe('while a hand is in the list', () => {
	const ids = (view: ListView) => view.rows.map(({ id }) => id);

	function grown() {
		worklist.append(['a.jpg', 'b.jpg'].map((path) => rowAt(0, path).entry));
		const view = list();
		view.hold();
		worklist.put(readRow(4, 0.99, 'b.jpg'), true);
		return view;
	}

	it('its order holds, and new results are counted until it goes', () => {
		const view = grown();
		expect(ids(view)).toEqual([2, 0, 3, 4]);
		expect(view.rows[3].probability).toBe(0.99);
		expect(view.newResults).toBe(1);
		worklist.put(readRow(3, 0.5, 'a.jpg'), true);
		expect([ids(view), view.newResults]).toEqual([[2, 0, 3, 4], 2]);
		view.release();
		expect([ids(view), view.newResults]).toEqual([[4, 2, 3, 0], 0]);
	});

	it('another order that is asked for comes at once, and holds from then on', () => {
		const view = grown();
		view.view = { ...INITIAL_VIEW, filter: 'likely' };
		expect([ids(view), view.newResults]).toEqual([[4, 2], 0]);
		worklist.put(readRow(3, 0.97, 'a.jpg'), true);
		expect([ids(view), view.newResults]).toEqual([[4, 2], 1]);
		view.hold();
		expect([ids(view), view.newResults]).toEqual([[4, 3, 2], 0]);
	});

	it('results that belong where they stand are not said to be new', () => {
		worklist.append([rowAt(0, 'z.jpg').entry]);
		const view = list();
		view.view = { ...INITIAL_VIEW, sort: 'name', descending: false };
		view.hold();
		worklist.put(readRow(3, 0.99, 'z.jpg'), true);
		expect(view.newResults).toBe(0);
	});

	it('files that are added stand at its end', () => {
		const view = list();
		view.hold();
		worklist.append([rowAt(0, 'later.jpg').entry]);
		expect([ids(view), view.newResults]).toEqual([[2, 0, 3], 0]);
	});

	it('another list begins with an order of its own', () => {
		const view = grown();
		view.reset();
		expect(ids(view)).toEqual([4, 2, 0, 3]);
	});
});

describe('a print', () => {
	it('has the rows as they were shown when it was asked for', () => {
		const view = new ListView(worklist, points);
		view.view = { ...INITIAL_VIEW, search: 'calm' };
		view.print();
		view.view = INITIAL_VIEW;
		expect(view.printed?.map(({ path }) => path)).toEqual(['calm.jpg']);
		view.closePrint();
		expect(view.printed).toBeNull();
	});

	it('and the filter go when another list comes', () => {
		const view = new ListView(worklist, points);
		view.view = { ...INITIAL_VIEW, search: 'calm' };
		view.print();
		view.reset();
		expect([view.view, view.printed]).toEqual([INITIAL_VIEW, null]);
	});
});
