/** What the page and the region worker say to each other. */
import type { Outcome } from '../problems/problems';
import type { LungCrop } from './lungs/find';
import type { Polygon } from './region';
import type { RegionModel } from './region-model';

export interface RegionService {
	/**
	 * Load the finder and check it against its references.
	 * @param exact in floats; else in int8 where that is possible and right.
	 */
	open(model: RegionModel, exact: boolean): Promise<Outcome<null>>;
	/**
	 * Find and cut out the lungs; see `findLungs`.
	 * @param film uint8 greys, `FILM_SIZE` x `FILM_SIZE`.
	 * @param drawn outlines that a person drew: nothing is looked for.
	 * @throws when the finder fails.
	 */
	find(film: Uint8Array, aspect: number, drawn: readonly Polygon[] | null): Promise<LungCrop>;
}
