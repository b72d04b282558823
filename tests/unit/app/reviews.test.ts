import { emptyStorage } from '../helpers/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_INITIALS_CHARS, MAX_NOTE_CHARS, MAX_REASON_CHARS } from '../../../src/lib/base/limits';
import { Reviews } from '../../../src/lib/app/reviews.svelte';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import type { Review } from '../../../src/lib/review/review';
import { FakeRecorder } from '../helpers/recorder';
import { readRow, reviewOf } from '../helpers/rows';

const SHOWN = { category: 'likely', point: 'sensitive' } as const;
let worklist: Worklist;
let recorder: FakeRecorder;
let reviews: Reviews;
const said = (id: number) => worklist.rows[id].review;
/** Said before the page was opened. */
const saidBefore = (id: number, review: Review) => worklist.put({ ...worklist.rows[id], review });

beforeEach(async () => {
	await emptyStorage();
	worklist = new Worklist();
	worklist.append(Array.from({ length: 6 }, (_, id) => readRow(id, 0.9).entry));
	for (let id = 0; id < 6; id++) worklist.put({ ...worklist.rows[id], status: 'done' });
	worklist.markSaved();
	recorder = new FakeRecorder();
	reviews = new Reviews(worklist, recorder);
});

describe('a finding', () => {
	it('is in the list at once, with who, when and what the list showed', () => {
		reviews.setInitials('KL');
		reviews.find(3, 'present', SHOWN);
		const review = said(3)!;
		expect(review).toMatchObject({ finding: 'present', reason: '', note: '', by: 'KL', ...SHOWN });
		expect(Date.parse(review.time)).not.toBeNaN();
	});

	it('goes to the disk at once, and has to be saved', () => {
		reviews.find(3, 'present', SHOWN);
		expect(recorder.commits).toEqual([{ ids: [3], canWait: false }]);
		expect(worklist.unsaved).toBe(true);
	});

	it('of a file that is not in the list is none', () => {
		reviews.find(99, 'present', SHOWN);
		expect(worklist.total).toBe(6);
		expect(reviews.canUndo).toBe(false);
	});

	it('is not given where another tab works on the list', () => {
		worklist.finishLoading('following', true);
		reviews.find(3, 'present', SHOWN);
		reviews.overrule(3, true);
		expect(worklist.rows[3]).toMatchObject({ review: null, overruled: false });
		expect(recorder.commits).toEqual([]);
	});

	it('that changes keeps the note and drops the reason', () => {
		reviews.find(3, 'absent', SHOWN);
		reviews.amend(3, { reason: 'A rib', note: 'left lung' });
		reviews.find(3, 'present', SHOWN);
		expect(said(3)).toMatchObject({ finding: 'present', reason: '', note: 'left lung' });
	});

	it('that is given twice is one', () => {
		reviews.find(3, 'absent', SHOWN);
		reviews.amend(3, { reason: 'A rib' });
		const first = said(3);
		reviews.find(3, 'absent', SHOWN);
		expect(said(3)).toBe(first);
		// At another setting the person saw another category: that is kept.
		reviews.find(3, 'absent', { category: 'uncertain', point: 'balanced' });
		expect(said(3)).toMatchObject({ reason: 'A rib', point: 'balanced' });
	});

	it('takes no more text than its limits', () => {
		reviews.find(3, 'absent', SHOWN);
		reviews.amend(3, { reason: 'r'.repeat(5000), note: 'n'.repeat(5000) });
		expect(said(3)!.reason).toHaveLength(MAX_REASON_CHARS);
		expect(said(3)!.note).toHaveLength(MAX_NOTE_CHARS);
	});

	it('is needed before a note', () => {
		reviews.amend(3, { note: 'nothing said yet' });
		expect(said(3)).toBeNull();
	});
});

describe('undo', () => {
	it('takes the last review back with its reason and note, then the one before', () => {
		reviews.find(1, 'present', SHOWN);
		reviews.find(2, 'absent', SHOWN);
		reviews.amend(2, { reason: 'A rib' });
		reviews.amend(2, { note: 'sure' });
		expect(reviews.canUndo).toBe(true);
		expect(reviews.undo()).toBe(2);
		expect(said(2)).toBeNull();
		expect(reviews.undo()).toBe(1);
		expect(said(1)).toBeNull();
		expect(reviews.undo()).toBeNull();
		expect(reviews.canUndo).toBe(false);
	});

	it('brings back what was said before, and what was removed', () => {
		const old = reviewOf('present', { note: 'yesterday' });
		saidBefore(5, old);
		reviews.find(5, 'unsure', SHOWN);
		reviews.undo();
		expect(said(5)).toEqual(old);
		reviews.remove(5);
		expect(said(5)).toBeNull();
		expect(reviews.undo()).toBe(5);
		expect(said(5)).toEqual(old);
	});

	it('undoes an old note by itself, without the finding', () => {
		saidBefore(5, reviewOf('present'));
		reviews.amend(5, { note: 'today' });
		reviews.undo();
		expect(said(5)).toMatchObject({ finding: 'present', note: '' });
	});

	it('leaves alone what was changed elsewhere, and other lists', () => {
		reviews.find(1, 'present', SHOWN);
		reviews.find(2, 'present', SHOWN);
		const other = reviewOf('absent');
		saidBefore(2, other);
		expect(reviews.undo()).toBe(1);
		expect(said(2)).toBe(other);
		reviews.find(1, 'present', SHOWN);
		reviews.forget();
		expect(reviews.undo()).toBeNull();
	});
});

describe('an outline', () => {
	it('is called wrong, and right again, on the disk and in the list at once', () => {
		reviews.markOutline(2, true);
		expect(worklist.rows[2].outlineWrong).toBe(true);
		expect(recorder.commits).toEqual([{ ids: [2], canWait: false }]);
		reviews.markOutline(2, true);
		expect(recorder.commits).toHaveLength(1);
		reviews.markOutline(2, false);
		expect(worklist.rows[2].outlineWrong).toBe(false);
	});

	it('is undone like a finding, in their order', () => {
		reviews.find(1, 'present', SHOWN);
		reviews.markOutline(1, true);
		reviews.find(2, 'absent', SHOWN);
		expect(reviews.undo()).toBe(2);
		expect(reviews.undo()).toBe(1);
		expect(worklist.rows[1]).toMatchObject({ outlineWrong: false, review: said(1) });
		expect(said(1)?.finding).toBe('present');
		expect(reviews.undo()).toBe(1);
		expect(said(1)).toBeNull();
		expect(reviews.undo()).toBeNull();
	});

	it('that was read again meanwhile is not called wrong by undoing', () => {
		reviews.markOutline(1, true);
		worklist.put({ ...worklist.rows[1], outlineWrong: false });
		expect(reviews.undo()).toBeNull();
		expect(worklist.rows[1].outlineWrong).toBe(false);
	});

	it('does not take what is written afterwards into its step', () => {
		reviews.find(1, 'present', SHOWN);
		reviews.markOutline(1, true);
		reviews.amend(1, { note: 'too low' });
		expect(reviews.undo()).toBe(1);
		expect(said(1)?.note).toBe('');
		expect(worklist.rows[1].outlineWrong).toBe(true);
	});
});

describe('initials', () => {
	it('are kept on the device, without spaces around them and not too long', async () => {
		reviews.setInitials('  A. B. and many more words ');
		expect(reviews.initials.length).toBeLessThanOrEqual(MAX_INITIALS_CHARS);
		expect(reviews.initials).toMatch(/^A\. B\./);
		const later = new Reviews(worklist, recorder);
		await later.start();
		expect(later.initials).toBe(reviews.initials);
	});

	it('given after a finding are put to it, once, and undone with it', () => {
		reviews.find(1, 'present', SHOWN);
		reviews.setInitials('KL');
		reviews.sign(1);
		expect(said(1)!.by).toBe('KL');
		reviews.setInitials('MN');
		reviews.sign(1);
		expect(said(1)!.by).toBe('KL');
		expect(reviews.undo()).toBe(1);
		expect(said(1)).toBeNull();
	});
});

describe('an image outside the intended use', () => {
	it('gets a category where a person overrules that, which is kept', () => {
		reviews.overrule(1, true);
		expect(worklist.rows.map(({ overruled }) => overruled).slice(0, 3)).toEqual([
			false,
			true,
			false
		]);
		expect(worklist.unsaved).toBe(true);
		expect(recorder.commits).toEqual([{ ids: [1], canWait: false }]);
		reviews.overrule(1, false);
		expect(worklist.rows[1].overruled).toBe(false);
	});
});
