/** Pictures of single red blood cells, in which malaria parasites are looked for. */
import { m } from '../../paraglide/messages.js';
import type { TaskDefinition } from '../task';
import data from './task.json' with { type: 'json' };
import { card, texts } from './words';

export const malariaCell: TaskDefinition = {
	...data,
	intendedUse: {
		// General and slide microscopy, photographs by a camera on the eyepiece, secondary captures.
		modalities: ['GM', 'SM', 'XC', 'OT'],
		bodyPart: null,
		otherView: null,
		ages: null,
		isOnFilm: false
	},
	// LOINC's codes are of smears that a person reads.
	inRecords: { category: 'laboratory', section: 'LAB', loinc: null },
	readsFields: true,
	texts,
	promise: ({ found, flagged }, at) =>
		flagged === 0
			? m.tasks_cell_promise_none({ found }, at)
			: m.tasks_cell_promise({ found, flagged, count: flagged }, at),
	modelName: (names, at) => m.tasks_cell_model_name(names, at),
	card,
	outside: { modality: (machine) => m.tasks_cell_outside_modality({ machine }) }
};
