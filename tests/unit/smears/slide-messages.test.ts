import { describe, expect, it } from 'vitest';
import { countFields, USUAL_RED_CELLS, type Parasitaemia } from '../../../src/lib/smears/count';
import {
	besidesLookingText,
	headlineOf,
	lookedAtText,
	modelShareText,
	nextStepText,
	parasitaemiaText,
	perMicrolitreText
} from '../../../src/lib/smears/slide-messages';
import { exampleRule, fieldOf } from '../helpers/smears';

function found(value: number, low: number, high: number): Parasitaemia {
	const of = (share: number) => share * USUAL_RED_CELLS;
	return {
		share: { value, low, high },
		perMicrolitre: { value: of(value), low: of(low), high: of(high) },
		isPerhapsNone: low === 0
	};
}

describe('parasitaemia in words', () => {
	it.each([
		[found(0.008, 0.005, 0.012), '0.8% (0.5% to 1.2%)'],
		[found(0.12, 0.1, 0.143), '12% (10% to 14%)'],
		[found(0.0002, 0.0001, 0.0004), '0.02% (0.01% to 0.04%)']
	])('has its interval', (share, text) => {
		expect(parasitaemiaText(share)).toBe(text);
	});

	it('says where the count cannot tell it from none', () => {
		expect(parasitaemiaText(found(0.001, 0, 0.004))).toBe(
			'Below what this count can tell from none (at most 0.4%)'
		);
		expect(perMicrolitreText(found(0.001, 0, 0.004))).toBeNull();
		expect(parasitaemiaText(null)).toBe('Not counted');
	});

	it('is not called none by the model while cells are suspected', () => {
		const count = countFields(
			[{ field: fieldOf([0.9, ...Array<number>(40).fill(0.1)]), review: null }],
			USUAL_RED_CELLS,
			exampleRule(1)
		);
		const perhapsNone = { ...count, byModel: found(0.01, 0, 0.1) };
		expect(modelShareText(perhapsNone)).toBe('The suspected cells may all be false alarms');
		expect(modelShareText({ ...perhapsNone, suspected: 0 })).toContain('at most 10%');
		expect(modelShareText({ ...count, byModel: found(0.12, 0.1, 0.143) })).toContain('12%');
	});

	it('is given a microlitre to two digits', () => {
		expect(perMicrolitreText(found(0.00812, 0.005, 0.012))).toBe('41,000 (25,000 to 60,000)');
	});
});

describe('the share that stands for a slide', () => {
	const count = {
		...countFields(
			[{ field: fieldOf([0.9, 0.8, 0.7, 0.1]), review: null }],
			USUAL_RED_CELLS,
			exampleRule(1)
		),
		byModel: found(0.12, 0.1, 0.143)
	};
	const begun = { ...count, byPerson: found(0.006, 0.001, 0.022), confirmed: 1, waiting: 2 };

	it('is the model’s until a person has looked at all suspected cells', () => {
		expect(headlineOf(count)).toEqual({ share: '12% (10% to 14%)', by: 'model' });
		expect(headlineOf(begun)).toEqual({ share: '12% (10% to 14%)', by: 'model' });
		expect(headlineOf({ ...begun, waiting: 0 })).toEqual({
			share: '0.6% (0.1% to 2.2%)',
			by: 'person'
		});
	});

	it('is no perhaps none of the model where a person confirmed a cell', () => {
		const perhapsNone = { ...begun, byModel: found(0.01, 0, 0.1) };
		expect(headlineOf(perhapsNone).by).toBe('person');
		expect(headlineOf({ ...perhapsNone, confirmed: 0 }).by).toBe('model');
	});

	it('comes with how many suspected cells a person has looked at', () => {
		expect(lookedAtText(begun)).toBe('Suspected cells looked at: 1 of 3.');
		expect(lookedAtText(count)).toBeNull();
		expect(lookedAtText({ ...begun, waiting: 0 })).toBeNull();
	});
});

describe('what to do next', () => {
	it('is to look at what is suspected, before more is photographed', () => {
		const count = countFields(
			[{ field: fieldOf([0.9, 0.8, 0.1]), review: null }],
			USUAL_RED_CELLS,
			exampleRule(1)
		);
		expect(nextStepText(count, { kind: 'enough' })).toContain('2 to go');
		expect(
			nextStepText({ ...count, waiting: 0 }, { kind: 'more', fields: 14, because: 'few-cells' })
		).toContain('about 14: a thin smear is counted on 2,000');
	});

	it('says nothing that rests on the share while suspected cells wait', () => {
		const waiting = countFields(
			[{ field: fieldOf([0.9, 0.8, 0.1]), review: null }],
			USUAL_RED_CELLS,
			exampleRule(1)
		);
		expect(besidesLookingText(waiting, { kind: 'thick-smear' })).toBeNull();
		expect(
			besidesLookingText(waiting, { kind: 'more', fields: 9, because: 'wide-interval' })
		).toBeNull();
		expect(
			besidesLookingText(waiting, { kind: 'more', fields: 14, because: 'few-cells' })
		).toContain('about 14');
	});
});
