/** The words of red blood cells and malaria. */
import { m } from '../../paraglide/messages.js';
import type { Message, TaskDefinition, TaskTexts } from '../task';

export const texts: TaskTexts<Message> = {
	title: m.tasks_cell_title,
	takes: m.tasks_cell_takes,
	question: m.tasks_cell_question,
	reads: m.tasks_cell_reads,
	looksFor: m.tasks_cell_looks_for,
	drop: m.tasks_cell_drop,
	downloadFirst: m.tasks_cell_download_first,
	image: m.tasks_cell_image,
	images: m.tasks_cell_images,
	things: m.tasks_cell_things,
	positive: m.tasks_cell_positive,
	negative: m.tasks_cell_negative,
	truth: {
		positive: m.tasks_cell_truth_positive,
		negative: m.tasks_cell_truth_negative
	},
	withFinding: m.tasks_cell_with_finding,
	elsewhere: m.tasks_cell_elsewhere,
	categories: {
		likely: m.tasks_cell_category_likely,
		uncertain: m.tasks_cell_category_uncertain,
		'not-seen': m.tasks_cell_category_not_seen
	},
	meaning: {
		likely: m.tasks_cell_meaning_likely,
		uncertain: m.tasks_cell_meaning_uncertain,
		'not-seen': m.tasks_cell_meaning_not_seen
	},
	ask: m.tasks_cell_ask,
	findings: {
		present: m.tasks_cell_finding_present,
		absent: m.tasks_cell_finding_absent,
		unsure: m.tasks_cell_finding_unsure
	},
	reasonsSeen: [
		{ id: 'young-ring', words: m.tasks_cell_reason_seen_1 },
		{ id: 'edge-of-cell', words: m.tasks_cell_reason_seen_2 },
		{ id: 'weak-stain', words: m.tasks_cell_reason_seen_3 },
		{ id: 'out-of-focus', words: m.tasks_cell_reason_seen_4 }
	],
	reasonsNotSeen: [
		{ id: 'stain-or-dirt', words: m.tasks_cell_reason_not_seen_1 },
		{ id: 'platelet', words: m.tasks_cell_reason_not_seen_2 },
		{ id: 'white-cell', words: m.tasks_cell_reason_not_seen_3 },
		{ id: 'out-of-focus', words: m.tasks_cell_reason_not_seen_4 },
		{ id: 'several-cells', words: m.tasks_cell_reason_not_seen_5 }
	],
	samples: m.tasks_cell_samples,
	limits: [m.tasks_cell_limit_1, m.tasks_cell_limit_2, m.tasks_cell_limit_3],
	notRecognised: m.tasks_cell_not_recognised
};

export const card: TaskDefinition['card'] = {
	'triage-cells': m.tasks_cell_card_use,
	'cut-out-cells': m.tasks_cell_card_cut_out,
	'one-hospital': m.tasks_cell_card_one_hospital,
	'parasite-only': m.tasks_cell_card_parasite_only,
	'other-species': m.tasks_cell_card_other_species,
	'low-score': m.tasks_cell_card_low_score,
	'look-alikes': m.tasks_cell_card_look_alikes,
	prevalence: m.tasks_cell_card_prevalence,
	'wrong-labels': m.tasks_cell_card_wrong_labels,
	'heat-map': m.tasks_cell_card_heat_map,
	'nlm-test': m.tasks_cell_card_nlm_test,
	'healthy-of-infected': m.tasks_cell_card_healthy_of_infected,
	'of-uninfected': m.tasks_cell_card_of_uninfected
};
