// What the app keeps of the images of a list, as the rows that `npm run evaluate` measures.
import { inEnglish } from '../../src/lib/i18n/in-english.ts';
import { unlikenessOf } from '../../src/lib/reading/recognition.ts';
import { operatingPointOf } from '../../src/lib/reading/score.ts';
import { rowOf } from '../../src/lib/sessions/stored-row.ts';
import { reasonOf, rowCategory, scoreOf } from '../../src/lib/worklist/row.ts';
import { NOT_RECOGNISED, type ResultRow } from './results-csv.ts';
import type { Manifest } from '../../src/lib/models/manifest.ts';
import type { StoredResult } from '../../src/lib/sessions/stored.ts';

/** A kept result without its pictures, its cells in base64, as it comes out of the page. */
export type KeptResult = Omit<StoredResult, 'map' | 'thumbnail' | 'field'> & {
	field: { radius: number | null; notes: string[]; cells: string } | null;
};

/** Every image with its score as it was computed, and its category at the model's default point. */
export function resultRows(kept: readonly KeptResult[], manifest: Manifest): ResultRow[] {
	const point = operatingPointOf(manifest, null);
	return kept.map((one) => {
		const row = rowOf(storedAgain(one));
		const category = rowCategory(row, point, manifest);
		return {
			path: row.path,
			score: scoreOf(row),
			category: category === null ? '' : (WORDS[category] ?? category),
			backend: row.backend,
			time: row.time ? Date.parse(row.time) : null,
			reason: inEnglish(() => reasonOf(row)),
			unlikeness: unlikenessOf(row.distance, manifest)
		};
	});
}

/** Categories that the table calls otherwise than the app. */
const WORDS: Partial<Record<string, string>> = {
	unrecognised: NOT_RECOGNISED,
	outside: 'outside intended use'
};

function storedAgain(kept: KeptResult): StoredResult {
	const { field } = kept;
	const cells = field && new Uint8Array(Buffer.from(field.cells, 'base64'));
	return {
		...kept,
		map: null,
		thumbnail: null,
		field: field && cells && { ...field, notes: field.notes as FieldNotes, cells, tiles: null }
	};
}

type FieldNotes = NonNullable<StoredResult['field']>['notes'];
