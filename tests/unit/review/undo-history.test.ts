import { beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_INITIALS_CHARS, MAX_NOTE_CHARS, MAX_REASON_CHARS } from '../../../src/lib/base/limits';
import { ReviewDesk } from '../../../src/lib/review/undo-history.svelte';
import type { Review } from '../../../src/lib/review/review';
import { reviewOf } from '../helpers/rows';

const settings = new Map<string, string>();
vi.mock('../../../src/lib/storage/database', () => ({
	readSetting: (name: string) => Promise.resolve(settings.get(name)),
	writeSetting: (name: string, value: string) => Promise.resolve(settings.set(name, value))
}));

const SHOWN = { category: 'likely', point: 'sensitive' } as const;
let reviews: Map<number, Review | null>;
let desk: ReviewDesk;

beforeEach(() => {
	settings.clear();
	reviews = new Map();
	desk = new ReviewDesk({
		reviewOf: (id) => reviews.get(id) ?? null,
		review: (id, review) => void reviews.set(id, review)
	});
});

describe('a finding', () => {
	it('is in the list at once, with who, when and what the list showed', () => {
		desk.setInitials('KL');
		desk.find(3, 'present', SHOWN);
		const review = reviews.get(3)!;
		expect(review).toMatchObject({ finding: 'present', reason: '', note: '', by: 'KL', ...SHOWN });
		expect(Date.parse(review.time)).not.toBeNaN();
	});

	it('that changes keeps the note and drops the reason', () => {
		desk.find(3, 'absent', SHOWN);
		desk.amend(3, { reason: 'A rib', note: 'left lung' });
		desk.find(3, 'present', SHOWN);
		expect(reviews.get(3)).toMatchObject({ finding: 'present', reason: '', note: 'left lung' });
	});

	it('that is given twice is one', () => {
		desk.find(3, 'absent', SHOWN);
		desk.amend(3, { reason: 'A rib' });
		const first = reviews.get(3);
		desk.find(3, 'absent', SHOWN);
		expect(reviews.get(3)).toBe(first);
		// At another setting the person saw another category: that is kept.
		desk.find(3, 'absent', { category: 'uncertain', point: 'balanced' });
		expect(reviews.get(3)).toMatchObject({ reason: 'A rib', point: 'balanced' });
	});

	it('takes no more text than its limits', () => {
		desk.find(3, 'absent', SHOWN);
		desk.amend(3, { reason: 'r'.repeat(5000), note: 'n'.repeat(5000) });
		expect(reviews.get(3)!.reason).toHaveLength(MAX_REASON_CHARS);
		expect(reviews.get(3)!.note).toHaveLength(MAX_NOTE_CHARS);
	});

	it('is needed before a note', () => {
		desk.amend(3, { note: 'nothing said yet' });
		expect(reviews.size).toBe(0);
	});
});

describe('undo', () => {
	it('takes the last review back with its reason and note, then the one before', () => {
		desk.find(1, 'present', SHOWN);
		desk.find(2, 'absent', SHOWN);
		desk.amend(2, { reason: 'A rib' });
		desk.amend(2, { note: 'sure' });
		expect(desk.canUndo).toBe(true);
		expect(desk.undo()).toBe(2);
		expect(reviews.get(2)).toBeNull();
		expect(desk.undo()).toBe(1);
		expect(reviews.get(1)).toBeNull();
		expect(desk.undo()).toBeNull();
		expect(desk.canUndo).toBe(false);
	});

	it('brings back what was said before, and what was removed', () => {
		const old = reviewOf('present', { note: 'yesterday' });
		reviews.set(5, old);
		desk.find(5, 'unsure', SHOWN);
		desk.undo();
		expect(reviews.get(5)).toEqual(old);
		desk.remove(5);
		expect(reviews.get(5)).toBeNull();
		expect(desk.undo()).toBe(5);
		expect(reviews.get(5)).toEqual(old);
	});

	it('undoes an old note by itself, without the finding', () => {
		reviews.set(5, reviewOf('present'));
		desk.amend(5, { note: 'today' });
		desk.undo();
		expect(reviews.get(5)).toMatchObject({ finding: 'present', note: '' });
	});

	it('leaves alone what was changed elsewhere, and other lists', () => {
		desk.find(1, 'present', SHOWN);
		desk.find(2, 'present', SHOWN);
		const other = reviewOf('absent');
		reviews.set(2, other);
		expect(desk.undo()).toBe(1);
		expect(reviews.get(2)).toBe(other);
		desk.find(1, 'present', SHOWN);
		desk.forget();
		expect(desk.undo()).toBeNull();
	});
});

describe('initials', () => {
	it('are kept on the device, without spaces around them and not too long', async () => {
		desk.setInitials('  A. B. and many more words ');
		expect(desk.initials.length).toBeLessThanOrEqual(MAX_INITIALS_CHARS);
		expect(desk.initials).toMatch(/^A\. B\./);
		const later = new ReviewDesk({ reviewOf: () => null, review: () => undefined });
		await later.start();
		expect(later.initials).toBe(desk.initials);
	});

	it('given after a finding are put to it, once, and undone with it', () => {
		desk.find(1, 'present', SHOWN);
		desk.setInitials('KL');
		desk.sign(1);
		expect(reviews.get(1)!.by).toBe('KL');
		desk.setInitials('MN');
		desk.sign(1);
		expect(reviews.get(1)!.by).toBe('KL');
		expect(desk.undo()).toBe(1);
		expect(reviews.get(1)).toBeNull();
	});
});
