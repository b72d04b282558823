import { describe, expect, it, vi } from 'vitest';
import { CellReviews } from '../../../src/lib/app/cell-reviews.svelte';
import { SlideViewing } from '../../../src/lib/viewer/slide-viewing.svelte';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { SlideList } from '../../../src/lib/worklist/slide-list.svelte';
import { exampleRule, fieldRow } from '../helpers/smears';

/** Two fields, at a threshold of 0.6 with suspected cells 1:0, 0:1 and borderline 1:1, 0:0. */
function viewingOf() {
	const { manifest, point } = exampleRule(1);
	const worklist = new Worklist();
	worklist.load([
		fieldRow(0, 's/1.jpg', [0.3, 0.9, 0.01]),
		fieldRow(1, 's/2.jpg', [0.95, 0.5, 0.02]),
		fieldRow(2, 't/1.jpg', [0.01])
	]);
	worklist.finishLoading('own', false);
	worklist.readBy(manifest);
	const viewing = new SlideViewing(new SlideList(worklist, { inForce: point }));
	const recorder = { commit: vi.fn(() => Promise.resolve(true)), touch: vi.fn() };
	const reviews = new CellReviews(worklist, recorder, { initials: 'AB' });
	return { viewing, reviews, worklist };
}

const place = (id: number, cell: number) => ({ id, cell });

describe('a slide of more cells than a sheet holds', () => {
	function fullOf() {
		const { manifest, point } = exampleRule(1);
		const worklist = new Worklist();
		worklist.load([fieldRow(0, 's/1.jpg', Array<number>(558).fill(0.9))]);
		worklist.finishLoading('own', false);
		worklist.readBy(manifest);
		const viewing = new SlideViewing(new SlideList(worklist, { inForce: point }));
		viewing.show('s');
		return viewing;
	}

	it('shows all of them, sheet by sheet', () => {
		const viewing = fullOf();
		expect([viewing.cells.length, viewing.sheet.length, viewing.sheetStart]).toEqual([558, 400, 0]);
		viewing.moveSheet(1);
		expect([viewing.sheet.length, viewing.sheetStart, viewing.place]).toEqual([158, 400, 400]);
		viewing.moveSheet(1);
		expect(viewing.sheetStart).toBe(400);
		viewing.moveSheet(-1);
		viewing.moveSheet(-1);
		expect([viewing.sheetStart, viewing.place]).toEqual([0, 0]);
	});

	it('goes from sheet to sheet with the selected cell', () => {
		const viewing = fullOf();
		viewing.move(399);
		expect(viewing.sheetStart).toBe(0);
		viewing.move(1);
		expect([viewing.sheetStart, viewing.place]).toEqual([400, 400]);
		viewing.move(-1);
		expect(viewing.sheetStart).toBe(0);
	});
});

describe('looking at a slide', () => {
	it('begins at its most suspicious cell and goes through the others', () => {
		const { viewing } = viewingOf();
		expect(viewing.slide).toBeNull();
		viewing.show('s');
		expect([viewing.at, viewing.place]).toEqual([place(1, 0), 0]);
		viewing.move(1);
		expect(viewing.at).toEqual(place(0, 1));
		viewing.move(10);
		expect([viewing.at, viewing.place]).toEqual([place(0, 0), 3]);
		viewing.move(-10);
		expect(viewing.at).toEqual(place(1, 0));
	});

	it('keeps its place while cells are judged', () => {
		const { viewing, reviews } = viewingOf();
		viewing.show('s');
		reviews.judge(1, 0, 'none');
		expect([viewing.at, viewing.cells.length]).toEqual([place(1, 0), 4]);
		expect(viewing.slide?.count).toMatchObject({ denied: 1, suspected: 2, waiting: 1 });
	});

	it('goes through the cells of a field alone while that is shown, and from field to field', () => {
		const { viewing } = viewingOf();
		viewing.show('s');
		viewing.showField(0);
		expect([viewing.at, viewing.place]).toEqual([null, -1]);
		viewing.move(1);
		expect(viewing.at).toEqual(place(0, 1));
		viewing.move(1);
		viewing.move(1);
		expect(viewing.at).toEqual(place(0, 0));
		viewing.moveField(1);
		expect(viewing.field?.id).toBe(1);
		viewing.moveField(1);
		expect(viewing.field?.id).toBe(1);
		viewing.showField(null);
		expect(viewing.at).toEqual(place(0, 0));
	});

	it('opens a field of the list with its slide, and shows what was undone', () => {
		const { viewing, reviews, worklist } = viewingOf();
		viewing.showFieldOf(worklist.rows[0]);
		expect([viewing.slide?.key, viewing.field?.id]).toEqual(['s', 0]);
		reviews.judge(1, 1, 'parasite');
		viewing.goTo(reviews.undo()!);
		expect([viewing.field?.id, viewing.at]).toEqual([1, place(1, 1)]);
	});

	it('follows a field to its slide of another name, with what is looked at', () => {
		const { viewing, worklist } = viewingOf();
		viewing.showFieldOf(worklist.rows[0]);
		viewing.select(place(0, 1));
		for (const id of [0, 1]) worklist.put({ ...worklist.rows[id], slide: 'Slide 1' }, true);
		expect(viewing.slide).toBeNull();
		viewing.follow(0);
		expect([viewing.slide?.key, viewing.field?.id]).toEqual(['Slide 1', 0]);
		expect(viewing.at).toEqual(place(0, 1));
	});

	it('ends with the list', () => {
		const { viewing } = viewingOf();
		viewing.show('t');
		viewing.print([viewing.slide!]);
		expect(viewing.cells).toEqual([]);
		expect(viewing.at).toBeNull();
		viewing.reset();
		expect([viewing.slide, viewing.printed]).toEqual([null, null]);
	});
});
