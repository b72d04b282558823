import { beforeEach, describe, expect, it } from 'vitest';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { exampleManifest } from '../helpers/manifest';
import { readRow, rowAt } from '../helpers/rows';

let list: Worklist;
const counts = () => [list.total, list.finishedCount, list.missing, list.readableCount];
const entryOf = (path: string) => rowAt(0, path).entry;

beforeEach(() => {
	list = new Worklist();
});

describe('the list', () => {
	it('counts what is finished, what can be read, and what is not on the page', () => {
		list.append([entryOf('a.jpg'), entryOf('b.jpg')]);
		expect(counts()).toEqual([2, 0, 0, 2]);
		list.put({ ...list.rows[0], status: 'reading' });
		expect(counts()).toEqual([2, 0, 0, 2]);
		list.put({ ...list.rows[0], status: 'done' });
		expect(counts()).toEqual([2, 1, 0, 1]);
		list.put({ ...list.rows[0], status: 'waiting' });
		expect(counts()).toEqual([2, 0, 0, 2]);
	});

	it('gives a file whose path is taken another', () => {
		const rows = list.append([entryOf('a.jpg'), entryOf('a.jpg')]);
		expect(rows.map(({ id, path }) => [id, path])).toEqual([
			[0, 'a.jpg'],
			[1, 'a (2).jpg']
		]);
	});

	it('has to be saved after a result, not after a file was added', () => {
		list.append([entryOf('a.jpg')]);
		expect(list.unsaved).toBe(false);
		list.put({ ...list.rows[0], status: 'done' });
		expect(list.unsaved).toBe(true);
		list.markSaved();
		expect(list.unsaved).toBe(false);
	});

	it('is empty after it was cleared, and keeps the model', () => {
		list.readBy(exampleManifest());
		list.append([entryOf('a.jpg')]);
		list.clear();
		expect(counts()).toEqual([0, 0, 0, 0]);
		expect(list.manifest).not.toBeNull();
		expect(list.append([entryOf('a.jpg')])[0].path).toBe('a.jpg');
	});
});

describe('a list that was opened from storage', () => {
	beforeEach(() => {
		list.startLoading();
		list.load([readRow(0, 0.9, 'a.jpg'), rowAt(1, 'b.jpg'), rowAt(2, 'c.jpg')]);
	});

	it('is loading until all is there', () => {
		expect(list.mode).toBe('loading');
		list.finishLoading('own', true);
		expect([list.mode, list.unsaved]).toEqual(['own', false]);
	});

	it('has to be saved where no file holds it', () => {
		list.finishLoading('own', false);
		expect(list.unsaved).toBe(true);
	});

	it('has no files until they are found again', () => {
		list.finishLoading('own', true);
		expect(counts()).toEqual([3, 1, 2, 0]);
		expect([list.hasDetached, list.isDetached(1)]).toEqual([true, true]);
		list.attach(1, entryOf('another name.jpg'));
		expect(counts()).toEqual([3, 1, 1, 1]);
		// It keeps the path by which it is known.
		expect(list.rows[1].entry.path).toBe('b.jpg');
		list.attach(0, entryOf('a.jpg'));
		list.attach(2, entryOf('c.jpg'));
		expect([list.hasDetached, list.missing]).toEqual([false, 0]);
	});

	it('is only looked at where another tab works on it', () => {
		list.finishLoading('following', true);
		expect(list.isFollowing).toBe(true);
		list.load([readRow(1, 0.2, 'b.jpg'), rowAt(3, 'd.jpg')]);
		expect(counts()).toEqual([4, 2, 2, 0]);
		expect(list.unsaved).toBe(false);
	});
});
