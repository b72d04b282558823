import { beforeEach, describe, expect, it } from 'vitest';
import { Viewing } from '../../../src/lib/viewer/viewing.svelte';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { ListView } from '../../../src/lib/worklist/list-view.svelte';
import { exampleManifest } from '../helpers/manifest';
import { readRow, rowAt } from '../helpers/rows';

let list: Worklist;
let viewing: Viewing;
const manifest = exampleManifest();

beforeEach(() => {
	list = new Worklist();
	list.load([
		readRow(0, 0.9),
		readRow(1, 0.1),
		rowAt(2, 'later.jpg'),
		rowAt(3, 'torn.jpg', { status: 'failed' })
	]);
	list.readBy(manifest);
	const view = new ListView(list, { inForce: manifest.operatingPoints[0] });
	viewing = new Viewing(list, view);
});

const shown = () => [viewing.row?.id, viewing.next?.id, viewing.place, viewing.count];

describe('the viewer', () => {
	it('goes through the list as it was when it was opened, without what waits', () => {
		const rows = [list.rows[3], list.rows[2], list.rows[0], list.rows[1]];
		viewing.show(list.rows[0], rows);
		expect(shown()).toEqual([0, 1, 2, 3]);
		rows.reverse();
		viewing.move(1);
		expect(shown()).toEqual([1, undefined, 3, 3]);
	});

	it('goes on to images that were read meanwhile, the most urgent first', () => {
		viewing.show(list.rows[1], [list.rows[1], list.rows[3]]);
		expect(shown()).toEqual([1, 3, 1, 3]);
		list.put(readRow(2, 0.95, 'later.jpg'), true);
		expect(shown()).toEqual([1, 3, 1, 4]);
		viewing.move(2);
		expect(shown()).toEqual([2, 0, 3, 4]);
		// What was passed keeps its place.
		list.put(readRow(0, 0.99), true);
		expect(shown()).toEqual([2, 0, 3, 4]);
	});

	it('moves no further than either end', () => {
		viewing.show(list.rows[0], list.rows);
		viewing.move(-1);
		expect(viewing.row?.id).toBe(0);
		viewing.move(9);
		expect(viewing.row?.id).toBe(3);
	});

	it('goes to another of its images, and to no other', () => {
		viewing.show(list.rows[0], list.rows);
		viewing.goTo(3);
		expect(viewing.row?.id).toBe(3);
		viewing.goTo(2);
		expect(viewing.row?.id).toBe(3);
	});

	it('shows the row as it is now', () => {
		viewing.show(list.rows[0], list.rows);
		list.put({ ...list.rows[0], overruled: true });
		expect(viewing.row?.overruled).toBe(true);
	});

	it('shows nothing when it is closed', () => {
		viewing.show(list.rows[0], list.rows);
		viewing.close();
		expect(viewing.row).toBeNull();
	});
});
