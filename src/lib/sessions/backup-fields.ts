/** Fields of smears in the lines of a backup. */
import * as v from 'valibot';
import { MAX_FIELD_CELLS } from '../base/limits';
import { cellCount, type FieldReading } from '../smears/field';
import { CELL_FINDINGS } from '../smears/field-review';
import { FIELD_NOTES } from '../smears/quality';
import { MOST_TILES } from '../smears/tiles';
import { toBase64 } from './base64';
import { bytes, count, text, time } from './backup-parts';

/** Of all cells of a field, and of a JPEG of some of them. */
const MAX_CELL_BYTES = 24 * MAX_FIELD_CELLS;
const MAX_TILES_BYTES = 500_000;

const index = v.pipe(count, v.maxValue(2 * MAX_FIELD_CELLS));
const indexes = v.pipe(v.array(index), v.maxLength(2 * MAX_FIELD_CELLS));

export const field = v.object({
	radius: v.nullable(v.pipe(v.number(), v.minValue(0))),
	notes: v.pipe(v.array(v.picklist(FIELD_NOTES)), v.maxLength(FIELD_NOTES.length)),
	cells: v.pipe(
		bytes(MAX_CELL_BYTES),
		v.check((packed) => cellCount(packed) !== null)
	),
	tiles: v.nullable(
		v.object({
			side: v.pipe(count, v.minValue(1), v.maxValue(512)),
			cells: v.pipe(v.array(index), v.maxLength(MOST_TILES)),
			jpeg: bytes(MAX_TILES_BYTES)
		})
	)
});

export const fieldReview = v.object({
	said: v.pipe(
		v.array(v.object({ cell: index, finding: v.picklist(CELL_FINDINGS), by: text(200), time })),
		v.maxLength(2 * MAX_FIELD_CELLS)
	),
	added: v.pipe(
		v.array(v.object({ left: count, top: count, right: count, bottom: count })),
		v.maxLength(MAX_FIELD_CELLS)
	),
	removed: indexes
});

/** Red cells a microlitre, by slide. */
export const redCells = v.pipe(
	v.record(text(4096), v.pipe(v.number(), v.minValue(0))),
	v.check((slides) => Object.keys(slides).length <= 10_000)
);

/** A field, its bytes as text. */
export function fieldLine({ cells, tiles, ...rest }: FieldReading) {
	return {
		...rest,
		cells: toBase64(cells),
		tiles: tiles && { ...tiles, jpeg: toBase64(tiles.jpeg) }
	};
}
