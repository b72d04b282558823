import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Corners } from '../../../src/lib/pixels/corners';
import type { Review } from '../../../src/lib/review/review';
import type { Row } from '../../../src/lib/worklist/row';
import { Viewing } from '../../../src/lib/viewer/viewing.svelte';
import { readRow, rowAt } from '../helpers/rows';

vi.mock('../../../src/lib/storage/database', () => ({
	readSetting: () => Promise.resolve(undefined),
	writeSetting: () => Promise.resolve()
}));

const POINT = { category: null, point: 'sensitive' };

function aList() {
	const rows: Row[] = [
		readRow(0, 0.9),
		readRow(1, 0.1),
		rowAt(2, 'later.jpg'),
		rowAt(3, 'torn.jpg', { status: 'failed' })
	];
	return {
		version: 0,
		rows,
		review: (id: number, review: Review | null) => void (rows[id] = { ...rows[id], review }),
		overrule: vi.fn<(id: number, overruled: boolean) => void>(),
		crop: vi.fn<(id: number, corners: Corners | null) => void>()
	};
}

let list: ReturnType<typeof aList>;
let viewing: Viewing;

beforeEach(() => {
	list = aList();
	viewing = new Viewing(list);
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

	it('moves no further than either end', () => {
		viewing.show(list.rows[0], list.rows);
		viewing.move(-1);
		expect(viewing.row?.id).toBe(0);
		viewing.move(9);
		expect(viewing.row?.id).toBe(3);
	});

	it('goes back to the image whose review is undone', () => {
		viewing.show(list.rows[0], list.rows);
		viewing.desk.find(0, 'present', POINT);
		viewing.move(1);
		viewing.undo();
		expect(viewing.row).toMatchObject({ id: 0, review: null });
		// Nothing is left to undo: what is shown stays.
		viewing.move(1);
		viewing.undo();
		expect(viewing.row?.id).toBe(1);
	});

	it('closes when the film is marked, for the image is read again', () => {
		viewing.show(list.rows[1], list.rows);
		viewing.overrule(true);
		viewing.crop(null);
		expect(list.overrule).toHaveBeenCalledWith(1, true);
		expect(list.crop).toHaveBeenCalledWith(1, null);
		expect(viewing.row).toBeNull();
	});

	it('of another list shows and undoes nothing of the one before', () => {
		viewing.show(list.rows[0], list.rows);
		viewing.desk.find(0, 'present', POINT);
		viewing.forget();
		expect([viewing.row, viewing.desk.canUndo]).toEqual([null, false]);
	});
});
