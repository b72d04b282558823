/** The words of chest X-rays and pneumonia. */
import { m } from '../../paraglide/messages.js';
import type { Message, TaskDefinition, TaskTexts } from '../task';

export const texts: TaskTexts<Message> = {
	title: m.tasks_chest_title,
	takes: m.tasks_chest_takes,
	question: m.tasks_chest_question,
	reads: m.tasks_chest_reads,
	looksFor: m.tasks_chest_looks_for,
	drop: m.tasks_chest_drop,
	downloadFirst: m.tasks_chest_download_first,
	image: m.tasks_chest_image,
	images: m.tasks_chest_images,
	things: m.tasks_chest_things,
	positive: m.tasks_chest_positive,
	negative: m.tasks_chest_negative,
	truth: {
		positive: m.tasks_chest_truth_positive,
		negative: m.tasks_chest_truth_negative
	},
	withFinding: m.tasks_chest_with_finding,
	elsewhere: m.tasks_chest_elsewhere,
	categories: {
		likely: m.tasks_chest_category_likely,
		uncertain: m.tasks_chest_category_uncertain,
		'not-seen': m.tasks_chest_category_not_seen
	},
	meaning: {
		likely: m.tasks_chest_meaning_likely,
		uncertain: m.tasks_chest_meaning_uncertain,
		'not-seen': m.tasks_chest_meaning_not_seen
	},
	ask: m.tasks_chest_ask,
	findings: {
		present: m.tasks_chest_finding_present,
		absent: m.tasks_chest_finding_absent,
		unsure: m.tasks_chest_finding_unsure
	},
	reasonsSeen: [
		{ id: 'weak-signs', words: m.tasks_chest_reason_seen_1 },
		{ id: 'hidden-place', words: m.tasks_chest_reason_seen_2 },
		{ id: 'film-unclear', words: m.tasks_chest_reason_seen_3 },
		{ id: 'known-from-child', words: m.tasks_chest_reason_seen_4 }
	],
	reasonsNotSeen: [
		{ id: 'normal-shadow', words: m.tasks_chest_reason_not_seen_1 },
		{ id: 'fold-cloth-tube', words: m.tasks_chest_reason_not_seen_2 },
		{ id: 'film-unclear', words: m.tasks_chest_reason_not_seen_3 },
		{ id: 'turned-or-breathed-out', words: m.tasks_chest_reason_not_seen_4 },
		{ id: 'other-illness', words: m.tasks_chest_reason_not_seen_5 }
	],
	samples: m.tasks_chest_samples,
	limits: [m.tasks_chest_limit_1, m.tasks_chest_limit_2, m.tasks_chest_limit_3],
	notRecognised: m.tasks_chest_not_recognised
};

export const card: TaskDefinition['card'] = {
	'triage-children': m.tasks_chest_card_use,
	'not-for-adults': m.tasks_chest_card_not_for_adults,
	'one-hospital': m.tasks_chest_card_one_hospital,
	'two-classes': m.tasks_chest_card_two_classes,
	'never-shown': m.tasks_chest_card_never_shown,
	'test-series': m.tasks_chest_card_test_series,
	'low-score': m.tasks_chest_card_low_score,
	prevalence: m.tasks_chest_card_prevalence,
	artefacts: m.tasks_chest_card_artefacts,
	'heat-map': m.tasks_chest_card_heat_map,
	'reader-labels': m.tasks_chest_card_reader_labels,
	'kermany-test': m.tasks_chest_card_kermany_test,
	'nih-adults-name': m.tasks_chest_card_nih_adults_name,
	'nih-adults': m.tasks_chest_card_nih_adults,
	bacterial: m.tasks_chest_card_bacterial,
	viral: m.tasks_chest_card_viral
};
