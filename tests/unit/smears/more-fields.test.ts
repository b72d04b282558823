import { describe, expect, it } from 'vitest';
import { countFields, USUAL_RED_CELLS } from '../../../src/lib/smears/count';
import { withFinding } from '../../../src/lib/smears/field-review';
import { LEAST_CELLS, moreFields } from '../../../src/lib/smears/more-fields';
import { exampleRule, fieldOf } from '../helpers/smears';

const rule = exampleRule(1);
const SAID = { by: 'AB', time: '2026-11-30T10:00:00.000Z' };

/** A slide of equal fields, a person having confirmed the first cells of each. */
function slideOf(fields: number, cells: number, confirmed: number) {
	let review = withFinding(null, cells - 1, 'none', SAID);
	for (let i = 0; i < confirmed; i++) review = withFinding(review, i, 'parasite', SAID);
	const field = fieldOf(Array.from({ length: cells }, () => 0.1));
	return countFields(
		Array.from({ length: fields }, () => ({ field, review })),
		USUAL_RED_CELLS,
		rule
	);
}

describe('how many more fields are needed', () => {
	it('is not known where nothing is counted', () => {
		expect(moreFields(slideOf(0, 1, 0), 0.5)).toEqual({ kind: 'nothing-counted' });
	});

	it('follows from the least count where no parasite was confirmed', () => {
		const missing = Math.ceil((LEAST_CELLS - 5 * 100) / 100);
		expect(moreFields(slideOf(5, 100, 0), 0.5)).toEqual({
			kind: 'more',
			fields: missing,
			because: 'few-cells'
		});
		expect(moreFields(slideOf(20, 100, 0), 0.5)).toEqual({ kind: 'enough' });
	});

	it('follows from the wanted interval where parasites were', () => {
		// 1 of 100: (1.96 / 0.25)^2 x 99 = 6084.8 cells, 2,000 are there, 100 a field.
		expect(moreFields(slideOf(20, 100, 1), 0.25)).toEqual({
			kind: 'more',
			fields: 41,
			because: 'wide-interval'
		});
		// (1.96 / 0.5)^2 x 99 = 1521.2 cells.
		expect(moreFields(slideOf(20, 100, 1), 0.5)).toEqual({ kind: 'enough' });
	});

	it('counts fields that differ for less', () => {
		const count = { ...slideOf(20, 100, 1), worth: 0.5 };
		// 6084.8 cells are wanted, 1,000 are there, 50 a field.
		expect(moreFields(count, 0.25)).toMatchObject({ fields: 102 });
	});

	it('is too many for a thin smear where parasites are rare', () => {
		// 1 of 2,000 in each of 2 fields: some 120,000 cells.
		const count = { ...slideOf(20, 100, 1), worth: 0.1 };
		expect(moreFields(count, 0.25)).toEqual({ kind: 'thick-smear' });
	});
});
