/** Chest X-rays of children, in which signs of pneumonia are looked for. */
import { m } from '../../paraglide/messages.js';
import type { TaskDefinition } from '../task';
import data from './task.json' with { type: 'json' };
import { card, texts } from './words';

export const chestXrayPneumonia: TaskDefinition = {
	...data,
	intendedUse: {
		// Computed, digital and film radiography, fluoroscopy.
		modalities: ['CR', 'DX', 'RG', 'RF'],
		bodyPart:
			/chest|thora|t[oó]rax|lung|pulm|poumon|poitrine|pecho|peito|rib|kifua|mapafu|छाती|फेफड़|صدر|رئ[ةت]/i,
		// Lateral, oblique and decubitus views as makers abbreviate them, and in words.
		otherView:
			/(?<![a-z])([lr]{1,2}[-_ ]?lat|lat[-_ ]?[lr]?|[lr]l|[lr]lo|[lr][ap]o|[lr]ld|[lr]lat|obl)(?![a-z])|(?<!bi)lat[eé]ra|obl[ií][cq]u|perfil|profil|upande|ubavu|पार्श्व|तिरछ|جانب|مائل/i,
		ages: { from: 1, to: 5 },
		isOnFilm: true
	},
	inRecords: {
		category: 'imaging',
		section: 'RAD',
		loinc: { code: '36554-4', display: 'XR Chest Single view' }
	},
	readsFields: false,
	texts,
	promise: ({ found, flagged }, at) =>
		flagged === 0
			? m.tasks_chest_promise_none({ found }, at)
			: m.tasks_chest_promise({ found, flagged, count: flagged }, at),
	modelName: (names, at) => m.tasks_chest_model_name(names, at),
	card,
	outside: {
		modality: (machine) => m.tasks_chest_outside_modality({ machine }),
		'body-part': (part) => m.tasks_chest_outside_body_part({ part }),
		view: (view) => m.tasks_chest_outside_view({ view })
	}
};
