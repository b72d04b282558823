/** The list on the page as it is looked at: filtered, sorted, counted, and saved to a file. */
import type { Category } from '../reading/score';
import { saveCsv, saveJson } from '../exports/save';
import { summaryOf, type ReviewSummary } from '../review/agreement';
import type { Points } from '../screening/points.svelte';
import { categoriesAt, type Row } from './row';
import type { ScreeningSession } from '../screening/session.svelte';
import { arrange, countReviews, countRows, INITIAL_VIEW, type View } from './worklist';

/** The list that is looked at. */
type ListInView = Pick<ScreeningSession, 'version' | 'rows' | 'manifest' | 'report' | 'markSaved'>;

export class ListView {
	/** What the list shows, and in which order. */
	view: View = $state.raw(INITIAL_VIEW);
	/** The category of a row at the operating point in force; null without a score. */
	readonly categoryOf: (row: Row) => Category | null = $derived.by(() => {
		const { manifest } = this.session;
		const point = this.points.inForce;
		return point && manifest ? categoriesAt(point, manifest) : () => null;
	});
	/** The rows to show, in order. */
	readonly rows: Row[] = $derived.by(() => arrange(this.all, this.view, this.categoryOf));
	readonly counts = $derived.by(() => countRows(this.all, this.categoryOf));
	readonly reviews = $derived.by(() => countReviews(this.all, this.view.filter, this.categoryOf));
	readonly hasRows = $derived.by(() => this.all.length > 0);
	readonly hasReviews = $derived.by(() => this.all.some(({ review }) => review !== null));

	constructor(
		private readonly session: ListInView,
		private readonly points: Pick<Points, 'inForce'>
	) {}

	/** How far people and the list agree, by urgency, as the categories stand in the list. */
	summary(): ReviewSummary {
		const byCategory = arrange(this.all, { ...INITIAL_VIEW, sort: 'category' }, this.categoryOf);
		return summaryOf(
			byCategory.map((row) => ({
				category: this.categoryOf(row),
				finding: row.review?.finding ?? null
			}))
		);
	}

	/** Give the whole list to the user, by urgency, whatever is filtered. */
	save(format: 'csv' | 'json'): void {
		const { session, categoryOf } = this;
		const { manifest } = session;
		const point = this.points.inForce;
		if (!point || !manifest) return;
		const everything = arrange(session.rows, INITIAL_VIEW, categoryOf);
		const leftOut = arrange(session.rows, { ...INITIAL_VIEW, filter: 'left-out' }, categoryOf);
		const report = session.report([...everything, ...leftOut], point);
		if (format === 'csv') saveCsv(report);
		else saveJson(report, manifest, point);
		session.markSaved();
	}

	/** All rows; what reads them is made anew when the session says that they changed. */
	private get all(): readonly Row[] {
		void this.session.version;
		return this.session.rows;
	}
}
