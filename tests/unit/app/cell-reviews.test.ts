import { describe, expect, it, vi } from 'vitest';
import { CellReviews } from '../../../src/lib/app/cell-reviews.svelte';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { fieldRow } from '../helpers/smears';

function listOfTwo() {
	const worklist = new Worklist();
	worklist.load([fieldRow(0, 's/1.jpg', [0.9, 0.1]), fieldRow(1, 's/2.jpg', [0.2])]);
	worklist.finishLoading('own', false);
	const recorder = { commit: vi.fn(() => Promise.resolve(true)) };
	const reviews = new CellReviews(worklist, recorder, { initials: 'AB' });
	return { worklist, recorder, reviews };
}

describe('what people say of cells', () => {
	it('goes into the list and to the disk at once, with who said it', () => {
		const { worklist, recorder, reviews } = listOfTwo();
		reviews.judge(0, 1, 'parasite');
		expect(worklist.rows[0].fieldReview?.said).toMatchObject([
			{ cell: 1, finding: 'parasite', by: 'AB' }
		]);
		expect(recorder.commit).toHaveBeenCalledWith([worklist.rows[0]]);
	});

	it('is undone step by step, each back to what was said before', () => {
		const { worklist, reviews } = listOfTwo();
		reviews.judge(0, 0, 'parasite');
		reviews.judge(0, 0, 'none');
		reviews.remove(1, 0, true);
		expect(reviews.undo()).toEqual({ id: 1, cell: 0 });
		expect(worklist.rows[1].fieldReview).toBeNull();
		expect(reviews.undo()).toEqual({ id: 0, cell: 0 });
		expect(worklist.rows[0].fieldReview?.said).toMatchObject([{ finding: 'parasite' }]);
		expect(reviews.undo()).toEqual({ id: 0, cell: 0 });
		expect(worklist.rows[0].fieldReview).toBeNull();
		expect(reviews.canUndo).toBe(false);
		expect(reviews.undo()).toBeNull();
	});

	it('makes no step of what was said already', () => {
		const { recorder, reviews } = listOfTwo();
		reviews.judge(0, 0, 'none');
		reviews.judge(0, 0, 'none');
		reviews.remove(0, 0, false);
		expect(recorder.commit).toHaveBeenCalledTimes(1);
	});

	it('gives a cell that was missed the next index', () => {
		const { reviews } = listOfTwo();
		const box = { left: 0, top: 0, right: 9, bottom: 9 };
		expect(reviews.add(0, box)).toBe(2);
		expect(reviews.add(0, box)).toBe(3);
		expect(reviews.add(7, box)).toBeNull();
	});

	it('changes nothing of a list that another tab works on', () => {
		const { worklist, recorder, reviews } = listOfTwo();
		worklist.finishLoading('following', false);
		reviews.judge(0, 0, 'parasite');
		expect(worklist.rows[0].fieldReview).toBeNull();
		expect(recorder.commit).not.toHaveBeenCalled();
	});
});
