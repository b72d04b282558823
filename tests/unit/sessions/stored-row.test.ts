import { describe, expect, it } from 'vitest';
import { recordOf, rowOf } from '../../../src/lib/sessions/stored-row';
import { reviewOf } from '../helpers/rows';
import { storedResult } from '../helpers/stored';

describe('a kept row', () => {
	it('of an older version has the reason of its review as it is kept now', async () => {
		const review = reviewOf('absent', { reason: 'Colorant ou saleté sur la cellule', note: 'x' });
		const row = rowOf(storedResult('a', 0, { review }));
		expect(row.review).toEqual({ ...review, reason: 'stain-or-dirt' });
		const again = rowOf(await recordOf('a', row));
		expect(again.review).toEqual(row.review);
	});

	it('that nobody reviewed stays so', () => {
		expect(rowOf(storedResult('a', 0, { review: null })).review).toBeNull();
	});
});
