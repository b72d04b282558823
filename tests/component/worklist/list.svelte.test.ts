import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newRow, type Row } from '../../../src/lib/worklist/row';
import { Worklist } from '../../../src/lib/worklist/list.svelte';

const rowOf = (id: number, status: Row['status'] = 'done'): Row => ({
	...newRow(id, { path: `film ${id}.jpg`, open: () => Promise.resolve(new File([], 'x')) }),
	status
});
const done = (count: number) => Array.from({ length: count }, (_, id) => rowOf(id));

let worklist: Worklist;
/** How often an effect that reads the list ran again. */
let runs: number;
let stop: () => void;

beforeEach(() => {
	vi.useFakeTimers();
	worklist = new Worklist();
	runs = -1;
	stop = $effect.root(() => {
		$effect(() => {
			void worklist.rows;
			runs++;
		});
	});
	flushSync();
});
afterEach(() => {
	stop();
	vi.useRealTimers();
});

function pass(milliseconds: number) {
	vi.advanceTimersByTime(milliseconds);
	flushSync();
}

describe('whoever reads the list', () => {
	it.each([
		[10, 250],
		[10_000, 1000],
		[30_000, 2000]
	])('hears of changes in %i finished images every %i ms', (count, pause) => {
		worklist.load(done(count));
		worklist.load(done(1));
		pass(pause - 1);
		expect(runs).toBe(0);
		pass(1);
		expect(runs).toBe(1);
		pass(10 * pause);
		expect(runs).toBe(1);
	});

	it('hears of thousands of results a few times a second, and of the last one at once', () => {
		worklist.append(done(1000).map(({ entry }) => entry));
		flushSync();
		const before = runs;
		for (let id = 0; id < 1000; id++) {
			worklist.put(rowOf(id));
			pass(1);
		}
		expect(runs - before).toBeGreaterThanOrEqual(3);
		expect(runs - before).toBeLessThanOrEqual(5);
		expect(worklist.isDone).toBe(true);
	});

	it('hears at once of what a person does', () => {
		worklist.load(done(10_000));
		pass(2000);
		const before = runs;
		worklist.put({ ...worklist.rows[9], overruled: true }, true);
		flushSync();
		expect(runs).toBe(before + 1);
	});

	it('has another array each time, so that what derives from it is made anew', () => {
		worklist.append([rowOf(0).entry]);
		const before = worklist.rows;
		worklist.put(rowOf(0));
		expect(worklist.rows).not.toBe(before);
	});
});

describe('where nobody reads it', () => {
	it('the list is up to date all the same', () => {
		stop();
		worklist.append(done(2).map(({ entry }) => entry));
		worklist.put(rowOf(0));
		expect([worklist.total, worklist.finishedCount, worklist.readableCount]).toEqual([2, 1, 1]);
	});
});
