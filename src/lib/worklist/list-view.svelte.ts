/** How the list is looked at: filtered, sorted, counted. It outlives a change of page. */
import type { OperatingPoint } from '../models/manifest';
import { UNKNOWN, type Patient } from '../patients/patient';
import { patientsBy } from '../patients/rules';
import type { Category } from '../reading/score';
import { summaryOf, type ReviewSummary } from '../review/agreement';
import type { Worklist } from './list.svelte';
import { categoriesAt, type Row } from './row';
import {
	arrange,
	countReviews,
	countRows,
	INITIAL_VIEW,
	isViewable,
	showsAll,
	type View
} from './worklist';

/** The order that holds while a person's hand is in the list. */
interface HeldOrder {
	ids: readonly number[];
	/** Images that could be looked at when it began. */
	viewable: ReadonlySet<number>;
	/** Rows that the whole list had then: what is added later stands behind. */
	total: number;
}

export class ListView {
	#view: View = $state.raw(INITIAL_VIEW);
	#held: HeldOrder | null = $state.raw(null);
	#printed: readonly Row[] | null = $state.raw(null);
	/** The category of a row at the operating point in force; null without a score. */
	readonly categoryOf: (row: Row) => Category | null = $derived.by(() => {
		const { manifest } = this.worklist;
		const point = this.points.inForce;
		return point && manifest ? categoriesAt(point, manifest) : () => null;
	});
	/** Who is on the image of a row, and when it was taken. */
	readonly patientOf: (row: Row) => Patient = $derived.by(() =>
		patientsBy(this.worklist.patientRules)
	);
	/** The rows as filter and order want them now. */
	readonly arranged: readonly Row[] = $derived.by(() =>
		arrange(this.worklist.rows, this.view, this.categoryOf, this.patientOf)
	);
	/** The rows to show, in order: as they are arranged, or as they were when the hand came. */
	readonly rows: readonly Row[] = $derived.by(() => {
		const held = this.#held;
		if (!held) return this.arranged;
		const all = this.worklist.rows;
		const shown = held.ids.map((id) => all[id]);
		// What was added since moves nothing where all rows are shown: it stands at the end.
		return showsAll(this.view)
			? [
					...shown,
					...this.arranged.filter(({ id }) => id >= held.total).sort((a, b) => a.id - b.id)
				]
			: shown;
	});
	/** Results that came since the hand is in the list, and have no place in its order yet. */
	readonly newResults: number = $derived.by(() => {
		const held = this.#held;
		const { rows, arranged } = this;
		if (!held || isSameOrder(rows, arranged)) return 0;
		return arranged.filter((row) => isViewable(row) && !held.viewable.has(row.id)).length;
	});
	readonly counts = $derived.by(() => countRows(this.worklist.rows, this.categoryOf));
	readonly reviews = $derived.by(() =>
		countReviews(this.worklist.rows, this.view.filter, this.categoryOf)
	);
	/** Whether any image says whose it is. */
	readonly hasPatients = $derived.by(() =>
		this.worklist.rows.some((row) => this.patientOf(row) !== UNKNOWN)
	);
	readonly hasRows = $derived.by(() => this.worklist.total > 0);
	readonly hasReviews = $derived.by(() => this.worklist.rows.some(({ review }) => review !== null));

	/** @param points knows the operating point in force. */
	constructor(
		private readonly worklist: Worklist,
		private readonly points: { readonly inForce: OperatingPoint | null }
	) {}

	/** What the list shows, and in which order. */
	get view(): View {
		return this.#view;
	}

	set view(view: View) {
		this.#view = view;
		// A person asked for another order: that one holds from now on.
		if (this.#held) this.hold();
	}

	/** Keep the order as it stands now, whatever is read meanwhile. */
	hold(): void {
		const { arranged } = this;
		this.#held = {
			ids: arranged.map(({ id }) => id),
			viewable: new Set(arranged.filter(isViewable).map(({ id }) => id)),
			total: this.worklist.total
		};
	}

	/** Let the rows go to where they belong. */
	release(): void {
		this.#held = null;
	}

	/** The rows that are printed, as they were shown when the print was asked for; else null. */
	get printed(): readonly Row[] | null {
		return this.#printed;
	}

	/** All images of the list that are of a row's patient, as they were added; itself alone where nobody knows. */
	imagesOf(row: Row): readonly Row[] {
		const { key } = this.patientOf(row);
		if (key === null) return [row];
		return this.worklist.rows.filter((other) => this.patientOf(other).key === key);
	}

	/** How far people and the list agree, by urgency, as the categories stand in the list. */
	summary(): ReviewSummary {
		const { categoryOf } = this;
		const byCategory = arrange(
			this.worklist.rows,
			{ ...INITIAL_VIEW, sort: 'category' },
			categoryOf
		);
		return summaryOf(
			byCategory.map((row) => ({
				category: categoryOf(row),
				finding: row.review?.finding ?? null
			}))
		);
	}

	/** Print the rows that are shown. */
	print(): void {
		this.#printed = this.rows;
	}

	closePrint(): void {
		this.#printed = null;
	}

	/** Another list comes: it is looked at from the beginning. */
	reset(): void {
		this.release();
		this.view = INITIAL_VIEW;
		this.#printed = null;
	}
}

function isSameOrder(some: readonly Row[], others: readonly Row[]): boolean {
	return some.length === others.length && some.every(({ id }, i) => id === others[i].id);
}
