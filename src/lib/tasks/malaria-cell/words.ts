/** The words of red blood cells and malaria. */
import { m } from '../../paraglide/messages.js';
import type { In, TaskWords } from '../task-words';

export const cellWords = (at: In): TaskWords => ({
	get title() {
		return m.tasks_cell_title({}, at);
	},
	get takes() {
		return m.tasks_cell_takes({}, at);
	},
	get question() {
		return m.tasks_cell_question({}, at);
	},
	get reads() {
		return m.tasks_cell_reads({}, at);
	},
	get looksFor() {
		return m.tasks_cell_looks_for({}, at);
	},
	get drop() {
		return m.tasks_cell_drop({}, at);
	},
	get downloadFirst() {
		return m.tasks_cell_download_first({}, at);
	},
	get image() {
		return m.tasks_cell_image({}, at);
	},
	get images() {
		return m.tasks_cell_images({}, at);
	},
	get things() {
		return m.tasks_cell_things({}, at);
	},
	get positive() {
		return m.tasks_cell_positive({}, at);
	},
	get negative() {
		return m.tasks_cell_negative({}, at);
	},
	truth: {
		get positive() {
			return m.tasks_cell_truth_positive({}, at);
		},
		get negative() {
			return m.tasks_cell_truth_negative({}, at);
		}
	},
	positiveLabels: ['parasitized', 'parasitised', 'infected'],
	negativeLabels: ['uninfected'],
	get withFinding() {
		return m.tasks_cell_with_finding({}, at);
	},
	get elsewhere() {
		return m.tasks_cell_elsewhere({}, at);
	},
	categories: {
		get likely() {
			return m.tasks_cell_category_likely({}, at);
		},
		get uncertain() {
			return m.tasks_cell_category_uncertain({}, at);
		},
		get 'not-seen'() {
			return m.tasks_cell_category_not_seen({}, at);
		}
	},
	meaning: {
		get likely() {
			return m.tasks_cell_meaning_likely({}, at);
		},
		get uncertain() {
			return m.tasks_cell_meaning_uncertain({}, at);
		},
		get 'not-seen'() {
			return m.tasks_cell_meaning_not_seen({}, at);
		}
	},
	get ask() {
		return m.tasks_cell_ask({}, at);
	},
	findings: {
		get present() {
			return m.tasks_cell_finding_present({}, at);
		},
		get absent() {
			return m.tasks_cell_finding_absent({}, at);
		},
		get unsure() {
			return m.tasks_cell_finding_unsure({}, at);
		}
	},
	get reasonsSeen() {
		return [
			{ id: 'young-ring', words: m.tasks_cell_reason_seen_1({}, at) },
			{ id: 'edge-of-cell', words: m.tasks_cell_reason_seen_2({}, at) },
			{ id: 'weak-stain', words: m.tasks_cell_reason_seen_3({}, at) },
			{ id: 'out-of-focus', words: m.tasks_cell_reason_seen_4({}, at) }
		];
	},
	get reasonsNotSeen() {
		return [
			{ id: 'stain-or-dirt', words: m.tasks_cell_reason_not_seen_1({}, at) },
			{ id: 'platelet', words: m.tasks_cell_reason_not_seen_2({}, at) },
			{ id: 'white-cell', words: m.tasks_cell_reason_not_seen_3({}, at) },
			{ id: 'out-of-focus', words: m.tasks_cell_reason_not_seen_4({}, at) },
			{ id: 'several-cells', words: m.tasks_cell_reason_not_seen_5({}, at) }
		];
	},
	get samples() {
		return m.tasks_cell_samples({}, at);
	},
	get limits() {
		return [
			m.tasks_cell_limit_1({}, at),
			m.tasks_cell_limit_2({}, at),
			m.tasks_cell_limit_3({}, at)
		];
	}
});
