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
