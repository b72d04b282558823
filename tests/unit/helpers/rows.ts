/** Rows of a list, as far along as a test needs them. */
import type { Finding, Review } from '../../../src/lib/review/review';
import type { Row } from '../../../src/lib/worklist/row';
import { newRow } from '../../../src/lib/worklist/row';

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

/** What a person said of an image, in full. */
export function reviewOf(finding: Finding, changes: Partial<Review> = {}): Review {
	return {
		finding,
		reason: '',
		note: '',
		by: 'AB',
		time: '2026-11-21T10:00:00.000Z',
		category: 'likely',
		point: 'sensitive',
		...changes
	};
}

/** A row with a score that somebody looked at. */
export function reviewedRow(id: number, probability: number, finding: Finding): Row {
	return { ...readRow(id, probability), review: reviewOf(finding) };
}
