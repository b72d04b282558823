/** The list as JSON, for other programs: all that the CSV holds, and what it rests on. */
import { inEnglish } from '../i18n/in-english';
import type { Manifest, OperatingPoint } from '../models/manifest';
import { promiseOf } from '../models/figures';
import { taskWords } from '../tasks/task-words';
import type { ReportRow } from './report';

/** The format's name and version; what reads it checks the major number. */
export const RESULTS_SCHEMA = 'fieldlens-results/1.0';

/**
 * Write rows as JSON (UTF-8, no byte order mark; RFC 8259), in English. Text stands as it was
 * written: escaping is for spreadsheets.
 * @param made when the file is made.
 */
export function jsonOf(
	rows: readonly ReportRow[],
	manifest: Manifest,
	point: OperatingPoint,
	made: Date
): string {
	const report = inEnglish(() => reportOf(rows, manifest, point, made));
	return JSON.stringify(report, null, '\t') + '\n';
}

function reportOf(
	rows: readonly ReportRow[],
	manifest: Manifest,
	point: OperatingPoint,
	made: Date
) {
	const { recognition } = manifest;
	return {
		schema: RESULTS_SCHEMA,
		made: made.toISOString(),
		notice: 'A help for sorting, not a diagnosis. A person decides.',
		model: {
			id: manifest.id,
			version: manifest.version,
			name: manifest.name,
			task: manifest.task,
			intendedUse: manifest.card.intendedUse
		},
		operatingPoint: {
			id: point.id,
			name: point.name,
			threshold: point.threshold,
			meaning: promiseOf(manifest, point)
		},
		thresholds: {
			operatingPoints: manifest.operatingPoints.map(({ id, threshold }) => ({ id, threshold })),
			// Unlikeness is a share of the model's threshold.
			unlikeness: recognition && 1
		},
		limits: [manifest.card.warning, ...taskWords(manifest.task).limits],
		images: rows.map(imageOf)
	};
}

/** One file of the list; what is not known is null, not missing. */
function imageOf(row: ReportRow) {
	const { review } = row;
	return {
		path: row.path,
		score: row.score,
		category: row.category,
		unlikeness: row.unlikeness,
		cropped: row.cropped,
		backend: row.backend || null,
		time: row.time || null,
		reason: row.reason || null,
		outsideUse: row.outside.length > 0 ? { reasons: row.outside, overruled: row.overruled } : null,
		review: review && {
			finding: review.finding,
			agreement: review.agreement,
			reason: review.reason,
			note: review.note,
			reviewer: review.by,
			reviewedAt: review.time,
			// What the person saw when they said it; the setting may be another one now.
			shown: { category: review.category, operatingPoint: review.point }
		}
	};
}
