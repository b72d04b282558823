/** Which slide is looked at, and which of its cells and fields. It outlives a change of page. */
import type { SlideList } from '../worklist/slide-list.svelte';
import { suspectsOf, type Slide, type SlideCell } from '../worklist/slides';
import type { Row } from '../worklist/row';

/** A cell: its field's row and its index there. */
export interface CellPlace {
	id: number;
	cell: number;
}

/** Cells of one sheet: more pictures at once are too much for a small device. */
const SHEET = 400;

export class SlideViewing {
	#key: string | null = $state(null);
	#at: CellPlace | null = $state.raw(null);
	/** The field that is shown in place of the sheet of cells. */
	#fieldId: number | null = $state(null);
	#printed: readonly Slide[] | null = $state.raw(null);
	/** What is looked at; null while no slide is. */
	readonly slide: Slide | null = $derived.by(() =>
		this.#key === null ? null : this.slides.find(this.#key)
	);
	/** Its suspected cells and what else a person looks at, in order. */
	readonly cells: readonly SlideCell[] = $derived.by(() => {
		const { rule } = this.slides;
		return this.slide && rule ? suspectsOf(this.slide, rule) : [];
	});
	/** Its fields that were read. */
	readonly fields: readonly Row[] = $derived.by(
		() => this.slide?.rows.filter(({ field }) => field !== null) ?? []
	);
	/** The field that is shown; null while the sheet of cells is. */
	readonly field: Row | null = $derived.by(
		() => this.fields.find(({ id }) => id === this.#fieldId) ?? null
	);
	/** The cells that the arrow keys go through: those of the sheet, or of the field. */
	readonly sequence: readonly SlideCell[] = $derived.by(() =>
		this.field ? this.cells.filter(({ row }) => row.id === this.#fieldId) : this.cells
	);
	/** The selected cell; on the sheet the first one unless another is. */
	readonly at: CellPlace | null = $derived.by(() => {
		const at = this.#at;
		if (this.field) return at?.id === this.#fieldId ? at : null;
		return at && placeIn(this.cells, at) >= 0 ? at : placeOf(this.cells[0]);
	});

	/** Place, from 0, of the first cell of the sheet that is shown: the one with the selected cell. */
	readonly sheetStart: number = $derived.by(() => {
		const place = this.at ? placeIn(this.cells, this.at) : 0;
		return place < 0 ? 0 : place - (place % SHEET);
	});
	/** The cells of the sheet that is shown. */
	readonly sheet: readonly SlideCell[] = $derived(
		this.cells.slice(this.sheetStart, this.sheetStart + SHEET)
	);

	/** @param slides of the list on the page. */
	constructor(private readonly slides: SlideList) {}

	/** The slides that are printed; null while none are. */
	get printed(): readonly Slide[] | null {
		return this.#printed;
	}

	/** The selected cell's place in what the arrow keys go through, from 0; -1 where it is not there. */
	get place(): number {
		return this.at ? placeIn(this.sequence, this.at) : -1;
	}

	show(key: string): void {
		this.#key = key;
		this.#at = null;
		this.#fieldId = null;
	}

	/**
	 * Show the slide that a field belongs to now, with the cell and the field that are looked at; none
	 * where it belongs to none.
	 */
	follow(id: number): void {
		this.#key = this.#slideOf(id)?.key ?? null;
	}

	/** Show the slide of a field, and the field. */
	showFieldOf(row: Row): void {
		const slide = this.#slideOf(row.id);
		if (!slide) return;
		this.show(slide.key);
		this.#fieldId = row.id;
	}

	/** Show one of the slide's fields, or (null) the sheet of cells again. */
	showField(id: number | null): void {
		this.#fieldId = id;
	}

	/** Show the field further on (or, below 0, back); at either end nothing moves. */
	moveField(by: 1 | -1): void {
		const next = this.fields[this.fields.findIndex(({ id }) => id === this.#fieldId) + by];
		if (this.field && next) this.#fieldId = next.id;
	}

	select(at: CellPlace | null): void {
		this.#at = at;
	}

	/** Select a cell further on (or, below 0, back); at either end nothing moves. */
	move(by: number): void {
		const { sequence, place } = this;
		if (sequence.length === 0) return;
		// From a cell that is not among them to the first or the last.
		const next = place < 0 ? (by > 0 ? 0 : sequence.length - 1) : place + by;
		this.#at = placeOf(sequence[Math.min(sequence.length - 1, Math.max(0, next))]);
	}

	/** Show the sheet further on (or, below 0, back), from its first cell; at either end nothing moves. */
	moveSheet(by: 1 | -1): void {
		const next = placeOf(this.cells[this.sheetStart + by * SHEET]);
		if (next) this.#at = next;
	}

	/** Show a change that was undone. */
	goTo(at: CellPlace): void {
		this.#at = at;
		if (this.field) this.#fieldId = at.id;
	}

	close(): void {
		this.#key = this.#at = this.#fieldId = null;
	}

	/** Print slides, a page for each. */
	print(slides: readonly Slide[]): void {
		this.#printed = slides;
	}

	closePrint(): void {
		this.#printed = null;
	}

	/** Another list comes. */
	reset(): void {
		this.close();
		this.closePrint();
	}

	#slideOf(id: number): Slide | undefined {
		return this.slides.slides.find(({ rows }) => rows.some((row) => row.id === id));
	}
}

function placeIn(cells: readonly SlideCell[], { id, cell }: CellPlace): number {
	return cells.findIndex((one) => one.row.id === id && one.cell.index === cell);
}

function placeOf(one: SlideCell | undefined): CellPlace | null {
	return one ? { id: one.row.id, cell: one.cell.index } : null;
}
