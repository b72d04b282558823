import { describe, expect, it, vi } from 'vitest';
import { SlideGroups } from '../../../src/lib/app/slide-groups.svelte';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { FieldCounter, slidesOf } from '../../../src/lib/worklist/slides';
import { exampleRule, fieldRow } from '../helpers/smears';

function listOfThree() {
	const worklist = new Worklist();
	worklist.load([
		fieldRow(0, 'a/1.jpg', [0.9, 0.1]),
		fieldRow(1, 'a/2.jpg', [0.2]),
		fieldRow(2, 'b/1.jpg', [0.1])
	]);
	worklist.finishLoading('own', false);
	const recorder = { commit: vi.fn(() => Promise.resolve(true)), touch: vi.fn() };
	const groups = new SlideGroups(worklist, recorder);
	const counter = new FieldCounter(exampleRule());
	/** The ids of the fields of each slide. */
	const slides = () =>
		Object.fromEntries(
			slidesOf(worklist.rows, counter, worklist.redCells).map((slide) => [
				slide.key,
				slide.rows.map(({ id }) => id)
			])
		);
	const slideOf = (key: string) =>
		slidesOf(worklist.rows, counter, worklist.redCells).find((slide) => slide.key === key)!;
	return { worklist, recorder, groups, slides, slideOf };
}

describe('fields that a person puts together', () => {
	it('are one slide at once, in the list and on the disk', () => {
		const { worklist, recorder, groups, slides } = listOfThree();
		expect(groups.putTogether([1, 2], '  Slide  1 ')).toBe('Slide 1');
		expect(slides()).toEqual({ a: [0], 'Slide 1': [1, 2] });
		expect(recorder.commit.mock.calls).toEqual([[[worklist.rows[1], worklist.rows[2]]]]);
	});

	it('go back to the slide of their folder one by one', () => {
		const { groups, slides } = listOfThree();
		groups.putTogether([0, 1, 2], 'Slide 1');
		groups.takeOut(1);
		expect(slides()).toEqual({ a: [1], 'Slide 1': [0, 2] });
		expect(groups.last).toMatchObject({ slide: null, fields: [{ id: 1, before: 'Slide 1' }] });
	});

	it('join a slide that has the name, also one of a folder', () => {
		const { groups, slides } = listOfThree();
		groups.putTogether([2], 'a');
		expect(slides()).toEqual({ a: [0, 1, 2] });
	});

	it('stay where they are without a name, and where they are there already', () => {
		const { recorder, groups, slides } = listOfThree();
		expect(groups.putTogether([0], '  ')).toBeNull();
		groups.putTogether([0], 'Slide 1');
		expect(groups.putTogether([0], 'Slide 1')).toBeNull();
		expect(slides()).toEqual({ a: [1], b: [2], 'Slide 1': [0] });
		expect(recorder.commit).toHaveBeenCalledTimes(1);
	});

	it('are where they were after undoing, whatever slides they came from', () => {
		const { groups, slides } = listOfThree();
		groups.putTogether([0], 'Slide 1');
		groups.putTogether([0, 1, 2], 'Slide 2');
		groups.undo();
		expect(slides()).toEqual({ a: [1], b: [2], 'Slide 1': [0] });
		expect(groups.last).toBeNull();
	});

	it('are left alone by undoing where they changed meanwhile', () => {
		const { worklist, groups, slides } = listOfThree();
		groups.putTogether([0, 1], 'Slide 1');
		worklist.load([{ ...worklist.rows[0], slide: 'elsewhere' }]);
		groups.undo();
		expect(slides()).toEqual({ a: [1], b: [2], elsewhere: [0] });
	});
});

describe('the name of a slide', () => {
	it('changes with its fields and the count of red cells of its patient', () => {
		const { worklist, groups, slides, slideOf } = listOfThree();
		groups.giveRedCells('a', 3_500_000);
		expect(groups.rename(slideOf('a'), 'Slide 7')).toBe('Slide 7');
		expect(slides()).toEqual({ b: [2], 'Slide 7': [0, 1] });
		expect(worklist.redCells).toEqual({ 'Slide 7': 3_500_000 });
		groups.undo();
		expect(slides()).toEqual({ a: [0, 1], b: [2] });
		expect(worklist.redCells).toEqual({ a: 3_500_000 });
	});

	it('is that of another slide: that one keeps its count of red cells', () => {
		const { worklist, groups, slides, slideOf } = listOfThree();
		groups.giveRedCells('a', 3_500_000);
		groups.giveRedCells('b', 4_000_000);
		groups.rename(slideOf('a'), 'b');
		expect(slides()).toEqual({ b: [0, 1, 2] });
		expect(worklist.redCells).toEqual({ b: 4_000_000 });
	});

	it('stays where the new one is empty or the same', () => {
		const { groups, slideOf } = listOfThree();
		expect(groups.rename(slideOf('a'), ' ')).toBeNull();
		expect(groups.rename(slideOf('a'), 'a')).toBeNull();
		expect(groups.last).toBeNull();
	});
});

describe('the count of red cells', () => {
	it('is kept with the list', () => {
		const { worklist, recorder, groups } = listOfThree();
		groups.giveRedCells('a', 3_500_000);
		expect(worklist.redCells).toEqual({ a: 3_500_000 });
		expect(recorder.touch).toHaveBeenCalledTimes(1);
		groups.giveRedCells('a', null);
		expect(worklist.redCells).toEqual({});
	});

	it('that is given after a change is not lost by undoing it', () => {
		const { worklist, groups, slideOf } = listOfThree();
		groups.rename(slideOf('a'), 'Slide 7');
		groups.giveRedCells('b', 4_000_000);
		groups.undo();
		expect(worklist.redCells).toEqual({ b: 4_000_000 });
	});
});

it('nothing changes of a list that another tab works on', () => {
	const { worklist, recorder, groups, slides, slideOf } = listOfThree();
	worklist.finishLoading('following', false);
	groups.putTogether([0], 'Slide 1');
	groups.rename(slideOf('b'), 'Slide 2');
	groups.giveRedCells('a', 1);
	expect(slides()).toEqual({ a: [0, 1], b: [2] });
	expect(worklist.redCells).toEqual({});
	expect(recorder.commit).not.toHaveBeenCalled();
});
