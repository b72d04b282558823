/** The words of chest X-rays and pneumonia. */
import { m } from '../../paraglide/messages.js';
import type { In, TaskWords } from '../task-words';

export const chestWords = (at: In): TaskWords => ({
	get title() {
		return m.tasks_chest_title({}, at);
	},
	get takes() {
		return m.tasks_chest_takes({}, at);
	},
	get question() {
		return m.tasks_chest_question({}, at);
	},
	get reads() {
		return m.tasks_chest_reads({}, at);
	},
	get looksFor() {
		return m.tasks_chest_looks_for({}, at);
	},
	get drop() {
		return m.tasks_chest_drop({}, at);
	},
	get downloadFirst() {
		return m.tasks_chest_download_first({}, at);
	},
	get image() {
		return m.tasks_chest_image({}, at);
	},
	get images() {
		return m.tasks_chest_images({}, at);
	},
	get things() {
		return m.tasks_chest_things({}, at);
	},
	get positive() {
		return m.tasks_chest_positive({}, at);
	},
	get negative() {
		return m.tasks_chest_negative({}, at);
	},
	truth: {
		get positive() {
			return m.tasks_chest_truth_positive({}, at);
		},
		get negative() {
			return m.tasks_chest_truth_negative({}, at);
		}
	},
	positiveLabels: ['pneumonia'],
	negativeLabels: ['no pneumonia'],
	get withFinding() {
		return m.tasks_chest_with_finding({}, at);
	},
	get elsewhere() {
		return m.tasks_chest_elsewhere({}, at);
	},
	categories: {
		get likely() {
			return m.tasks_chest_category_likely({}, at);
		},
		get uncertain() {
			return m.tasks_chest_category_uncertain({}, at);
		},
		get 'not-seen'() {
			return m.tasks_chest_category_not_seen({}, at);
		}
	},
	meaning: {
		get likely() {
			return m.tasks_chest_meaning_likely({}, at);
		},
		get uncertain() {
			return m.tasks_chest_meaning_uncertain({}, at);
		},
		get 'not-seen'() {
			return m.tasks_chest_meaning_not_seen({}, at);
		}
	},
	get ask() {
		return m.tasks_chest_ask({}, at);
	},
	findings: {
		get present() {
			return m.tasks_chest_finding_present({}, at);
		},
		get absent() {
			return m.tasks_chest_finding_absent({}, at);
		},
		get unsure() {
			return m.tasks_chest_finding_unsure({}, at);
		}
	},
	get reasonsSeen() {
		return [
			{ id: 'weak-signs', words: m.tasks_chest_reason_seen_1({}, at) },
			{ id: 'hidden-place', words: m.tasks_chest_reason_seen_2({}, at) },
			{ id: 'film-unclear', words: m.tasks_chest_reason_seen_3({}, at) },
			{ id: 'known-from-child', words: m.tasks_chest_reason_seen_4({}, at) }
		];
	},
	get reasonsNotSeen() {
		return [
			{ id: 'normal-shadow', words: m.tasks_chest_reason_not_seen_1({}, at) },
			{ id: 'fold-cloth-tube', words: m.tasks_chest_reason_not_seen_2({}, at) },
			{ id: 'film-unclear', words: m.tasks_chest_reason_not_seen_3({}, at) },
			{ id: 'turned-or-breathed-out', words: m.tasks_chest_reason_not_seen_4({}, at) },
			{ id: 'other-illness', words: m.tasks_chest_reason_not_seen_5({}, at) }
		];
	},
	get samples() {
		return m.tasks_chest_samples({}, at);
	},
	get limits() {
		return [
			m.tasks_chest_limit_1({}, at),
			m.tasks_chest_limit_2({}, at),
			m.tasks_chest_limit_3({}, at)
		];
	}
});
