/** The list as JSON, for other programs: all that is known of each image, and what it rests on. */
import { settingText } from '../calibration/setting-messages';
import { cardText, modelName } from '../models/card-messages';
import { promiseOf } from '../models/figures';
import { taskWords } from '../tasks/task-words';
import { m } from '../paraglide/messages.js';
import { nestedOf } from './columns';
import type { Report, TextExport } from './export';

/** The format's name and version; what reads it checks the major number. */
export const RESULTS_SCHEMA = 'fieldlens-results/1.0';

/**
 * UTF-8, no byte order mark (RFC 8259), in English. Text stands as it was written: escaping is
 * for spreadsheets.
 */
export const json: TextExport = {
	id: 'json',
	type: 'application/json',
	name: 'JSON',
	language: 'english',
	says: () => m.screen_export_json_says(),
	write: (report) => `${JSON.stringify(contentOf(report), null, '\t')}\n`
};

function contentOf({ rows, model, made }: Report) {
	return {
		schema: RESULTS_SCHEMA,
		made: made.toISOString(),
		notice: 'A help for sorting, not a diagnosis. A person decides.',
		...(model ? basisOf(model) : { model: null }),
		images: rows.map(nestedOf)
	};
}

/** What the scores and categories rest on. */
function basisOf({ manifest, point }: NonNullable<Report['model']>) {
	const { recognition } = manifest;
	return {
		model: {
			id: manifest.id,
			version: manifest.version,
			name: modelName(manifest),
			task: manifest.task,
			intendedUse: cardText(manifest, manifest.card.intendedUse)
		},
		operatingPoint: {
			id: point.id,
			name: settingText(point),
			threshold: point.threshold,
			meaning: promiseOf(manifest, point)
		},
		thresholds: {
			operatingPoints: manifest.operatingPoints.map(({ id, threshold }) => ({ id, threshold })),
			// Unlikeness is a share of the model's threshold.
			unlikeness: recognition && 1
		},
		limits: [
			...manifest.card.warnings.map((id) => cardText(manifest, id)),
			...taskWords(manifest.task).limits
		]
	};
}
