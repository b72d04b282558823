import { beforeEach, describe, expect, it, vi } from 'vitest';
import { saveCsv, saveJson } from '../../../src/lib/exports/save';
import { ListView } from '../../../src/lib/worklist/list-view.svelte';
import { reportRow, type Row } from '../../../src/lib/worklist/row';
import { INITIAL_VIEW } from '../../../src/lib/worklist/worklist';
import { exampleManifest } from '../helpers/manifest';
import { readRow, reviewedRow, rowAt } from '../helpers/rows';

vi.mock('../../../src/lib/exports/save', () => ({ saveCsv: vi.fn(), saveJson: vi.fn() }));

const manifest = exampleManifest();
const [point] = manifest.operatingPoints;

const session = {
	version: 0,
	rows: [] as readonly Row[],
	manifest: manifest as typeof manifest | null,
	report: (rows: readonly Row[]) => rows.map((row) => reportRow(row, point, manifest)),
	markSaved: vi.fn()
};
const list = () => new ListView(session, { inForce: session.manifest && point });

beforeEach(() => {
	vi.clearAllMocks();
	session.manifest = manifest;
	session.rows = [
		readRow(0, 0.1, 'calm.jpg'),
		rowAt(1, 'notes.txt', { status: 'left-out' }),
		reviewedRow(2, 0.95, 'absent')
	];
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
		session.manifest = null;
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

describe('a saved list', () => {
	it('has every image whatever is filtered, and at its end what was left out', () => {
		const view = list();
		view.view = { ...INITIAL_VIEW, search: 'calm' };
		view.save('csv');
		const [rows] = vi.mocked(saveCsv).mock.calls[0];
		expect(rows.map(({ path }) => path)).toEqual(['film 2.jpg', 'calm.jpg', 'notes.txt']);
		view.save('json');
		expect(saveJson).toHaveBeenCalledWith(rows, manifest, point);
		expect(session.markSaved).toHaveBeenCalledTimes(2);
	});

	it('is none before there is a model', () => {
		session.manifest = null;
		list().save('csv');
		expect(saveCsv).not.toHaveBeenCalled();
		expect(session.markSaved).not.toHaveBeenCalled();
	});
});
