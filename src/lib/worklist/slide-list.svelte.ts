/** The slides of the list, as they stand at the operating point in force. */
import type { OperatingPoint } from '../models/manifest';
import type { CountRule } from '../smears/count';
import type { Worklist } from './list.svelte';
import { FieldCounter, slidesOf, type Slide } from './slides';

export class SlideList {
	/** What decides whether a cell is suspected; null without a model. */
	readonly rule: CountRule | null = $derived.by(() => {
		const { manifest } = this.worklist;
		const point = this.points.inForce;
		return manifest && point ? { manifest, point } : null;
	});
	readonly #counter = $derived(this.rule && new FieldCounter(this.rule));
	/** Sorted by what was found; none where the list has no fields. */
	readonly slides: readonly Slide[] = $derived.by(() =>
		this.#counter ? slidesOf(this.worklist.rows, this.#counter, this.worklist.redCells) : []
	);

	/** @param points knows the operating point in force. */
	constructor(
		private readonly worklist: Worklist,
		private readonly points: { readonly inForce: OperatingPoint | null }
	) {}

	/** The slide of that key. */
	find(key: string): Slide | null {
		return this.slides.find((slide) => slide.key === key) ?? null;
	}
}
