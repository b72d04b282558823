/** Rows of a list, as far along as a test needs them. */
import type { Row } from '../../../src/lib/screening/row';
import { newRow } from '../../../src/lib/screening/row';

export function rowAt(id: number, path: string, changes: Partial<Row> = {}): Row {
	const entry = { path, open: () => Promise.resolve(new File([], path)) };
	return { ...newRow(id, entry), ...changes };
}

/** A row with a score. */
export function readRow(id: number, probability: number, path = `film ${id}.jpg`): Row {
	return rowAt(id, path, { status: 'done', probability });
}

/** A row with a score and how unlike the training images it is. */
export function distantRow(id: number, probability: number, distance: number): Row {
	return { ...readRow(id, probability), distance };
}
