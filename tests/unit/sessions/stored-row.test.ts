import { describe, expect, it } from 'vitest';
import { recordOf, rowOf } from '../../../src/lib/sessions/stored-row';
import { reviewOf } from '../helpers/rows';
import { storedResult } from '../helpers/stored';

describe('a kept row', () => {
	it('comes back with the review as it was given', async () => {
		const review = reviewOf('absent', { reason: 'stain-or-dirt', note: 'x' });
		const row = rowOf(storedResult('a', 0, { review }));
		expect(row.review).toEqual(review);
		const again = rowOf(await recordOf('a', row));
		expect(again.review).toEqual(review);
	});

	it('that nobody reviewed stays so', () => {
		expect(rowOf(storedResult('a', 0, { review: null })).review).toBeNull();
	});
});
