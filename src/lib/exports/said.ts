/** What record systems are told beside figures, in sentences: limits, remarks, reasons. */
import { settingText } from '../calibration/setting-messages';
import { cardText } from '../models/card-messages';
import { promiseOf } from '../models/figures';
import type { Manifest } from '../models/manifest';
import { categoryText } from '../reading/category-messages';
import { isScoreMeant } from '../reading/score';
import { taskWords } from '../tasks/task-words';
import type { Report } from './export';
import type { ReportRow } from './report';

export const NOTICE = 'A help for sorting, not a diagnosis. A person decides.';

/** What a reader has to know of the model. */
export function limitsOf(manifest: Manifest): string[] {
	return [
		...manifest.card.warnings.map((id) => cardText(manifest, id)),
		...taskWords(manifest.task).limits
	];
}

/** The setting by which the model sorts, and what it promises. */
export function methodSaid({ manifest, point }: NonNullable<Report['model']>): string {
	return `${settingText(point)}. ${promiseOf(manifest, point)}`;
}

/** The score of an image, 0 to 100 as on the page; null where it would mean nothing. */
export function scoreOf100({ score, category }: ReportRow): number | null {
	return score !== null && isScoreMeant(category) ? Math.round(score * 1000) / 10 : null;
}

/** What the program says of an image, in words; null where it says nothing. */
export function categorySaid({ category }: ReportRow, model: Report['model']): string | null {
	return category && model && categoryText(category, model.manifest.task);
}

/** Why there is no score. */
export function noScoreReason(row: ReportRow, model: Report['model']): string {
	return row.reason || categorySaid(row, model) || 'not read';
}

/** What else is to be known of what the program says of an image. */
export function remarksOfImage(row: ReportRow): string[] {
	const { outside, overruled, cropped, filmFound, region } = row;
	return [
		outside.length > 0 &&
			`Outside the intended use: ${outside.join('; ')}.` +
				(overruled ? ' Read all the same, as a person wished.' : ''),
		cropped &&
			(filmFound
				? 'The program found the film in the picture; nobody confirmed it.'
				: 'A person marked the film in the picture.'),
		region?.outline !== 'found' && region && `Outline of what was read: ${region.outline}.`,
		...(region?.notes ?? [])
	].filter((text): text is string => typeof text === 'string');
}
