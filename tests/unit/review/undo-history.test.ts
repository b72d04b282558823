import { describe, expect, it } from 'vitest';
import { UndoHistory } from '../../../src/lib/review/undo-history.svelte';
import { reviewOf } from '../helpers/rows';

const first = reviewOf('present');
const second = reviewOf('absent');

describe('the history of reviews', () => {
	it('gives back the last change first', () => {
		const history = new UndoHistory();
		expect([history.canUndo, history.pop()]).toEqual([false, null]);
		history.push({ id: 1, before: null, after: first });
		history.push({ id: 2, before: null, after: second });
		expect(history.pop()).toEqual({ id: 2, before: null, after: second });
		expect(history.canUndo).toBe(true);
		expect(history.pop()?.id).toBe(1);
		expect(history.canUndo).toBe(false);
	});

	it('knows what a review became that was completed later', () => {
		const history = new UndoHistory();
		history.push({ id: 1, before: null, after: first });
		expect([history.endsWith(first), history.endsWith(second)]).toEqual([true, false]);
		history.amend(first, second);
		expect(history.pop()).toEqual({ id: 1, before: null, after: second });
	});

	it('is empty for another list', () => {
		const history = new UndoHistory();
		history.push({ id: 1, before: null, after: first });
		history.clear();
		expect(history.canUndo).toBe(false);
	});
});
