/** Where a lane's maps lie, which each reading writes over. */
import { SUMS_BYTES } from './kernel';
import { Arena, known, PAGE, sizeOf, type Grid, type Outline } from './layout';
import type { Plan } from './plan';
import { narrowSources } from './steps';

/** Addresses, by the names of maps. */
export interface MapPlaces {
	/** Maps as floats, NHWC. */
	wide: ReadonlyMap<string, number>;
	/** Maps as whole numbers, in their grids; '' is the image. */
	narrow: ReadonlyMap<string, number>;
	/** What a tile's sums are kept in. */
	sums: number;
	pages: number;
}

/**
 * Give each map its places: as floats where a sum, the pooling or the head reads it, as whole
 * numbers where a convolution does. What no later step reads gives its place to the next map
 * of the same form: so maps stay in the cache, and borders of zeros stay borders.
 * @param firstPage where the lane's part of the memory begins.
 */
export function placeMaps(
	{ plan, kept }: Outline,
	grids: ReadonlyMap<string, Grid>,
	firstPage: number
): MapPlaces {
	const arena = new Arena(firstPage * PAGE);
	const sums = arena.take(SUMS_BYTES);
	const reads = lastReadsOf(plan, kept);
	const wide = new Places(arena, reads.wide, (name) => {
		const { height, width, channels } = known(plan.shapes.get(name), name);
		const bytes = 4 * sizeOf([height, width, channels]);
		return { bytes, form: String(bytes) };
	});
	const narrow = new Places(arena, reads.narrow, (name) => {
		const { shape, border, rowBytes, pixelBytes } = known(grids.get(name), name);
		const bytes = rowBytes * (shape.height + 2 * border);
		return { bytes, form: [bytes, border, rowBytes, pixelBytes].join() };
	});
	narrow.place('');
	plan.steps.forEach(({ kind, name }, step) => {
		// A sum is written where its other part was read, pixel by pixel.
		if (kind === 'convolution') wide.release(step);
		wide.place(name);
		narrow.place(name);
		if (kind === 'pool') wide.release(step);
		narrow.release(step);
	});
	return { wide: wide.places, narrow: narrow.places, sums, pages: arena.pages - firstPage };
}

/** The last step that reads each map, as floats and as whole numbers. */
function lastReadsOf({ steps, head, shapes }: Plan, kept: string[]) {
	const wide = new Map<string, number>();
	const narrow = new Map<string, number>();
	steps.forEach((step, i) => {
		if (step.kind === 'pool') {
			wide.set(step.source, i);
			return;
		}
		for (const source of narrowSources(step)) narrow.set(source, i);
		if (step.kind === 'convolution' && step.residual !== null) wide.set(step.residual, i);
	});
	for (const name of [...kept, ...head.flatMap(({ inputs }) => inputs)]) {
		if (shapes.has(name)) wide.set(name, steps.length);
	}
	return { wide, narrow };
}

/** Places of maps of one kind, given again once a map has been read for the last time. */
class Places {
	readonly places = new Map<string, number>();
	private readonly free = new Map<string, number[]>();

	constructor(
		private readonly arena: Arena,
		/** The last step that reads each map. */
		private readonly lastReads: Map<string, number>,
		/** A map's size, and what maps that may follow each other have in common. */
		private readonly formOf: (name: string) => { bytes: number; form: string }
	) {}

	/** Give a map its place if it is read at all. */
	place(name: string): void {
		if (!this.lastReads.has(name)) return;
		const { bytes, form } = this.formOf(name);
		this.places.set(name, this.free.get(form)?.pop() ?? this.arena.take(bytes));
	}

	/** Take back the places of what is read by this step and none after it. */
	release(step: number): void {
		for (const [name, last] of this.lastReads) {
			const address = this.places.get(name);
			if (last !== step || address === undefined) continue;
			const { form } = this.formOf(name);
			this.free.set(form, [...(this.free.get(form) ?? []), address]);
		}
	}
}
