/** What a region step says of an image, beside the picture that the classifier reads. */
import type { Polygon } from '../intake/polygon';
import type { LungNote } from './lungs/quality';

export type { Polygon };

export interface Region {
	/** Around the parts that were found, the largest first; none where nothing was. */
	outlines: Polygon[];
	notes: LungNote[];
	/**
	 * What the classifier read of the turned-back picture, in fractions of it: it may reach beyond.
	 * Null where nothing was found.
	 */
	box: [x: number, y: number, width: number, height: number] | null;
	/** Degrees, clockwise, by which the picture was turned back before it was read; 0 if not. */
	turnedBack: number;
}

/** Of these a score would mean nothing. */
const FATAL: ReadonlySet<LungNote> = new Set(['no-lungs', 'several-films']);

/** Whether a region was found that can be read. */
export function isReadable(region: Region | null): boolean {
	return !region?.notes.some((note) => FATAL.has(note));
}
