/** Who was imaged, from the names of files. */
import type { Task } from '../models/manifest';

/** How each task's public data set names its files: the patterns' groups make the patient. */
const RULES: Record<Task, readonly RegExp[]> = {
	// As in fieldlens_training/data/images.py.
	'chest-xray-pneumonia': [/^(person\d+)_(?:bacteria|virus)/, /^(NORMAL2-IM|IM)-(\d+)/],
	// C<ID>P..., one slide a patient.
	'malaria-cell': [/^(C\d+)\D/]
};

/**
 * The patient that a file's name tells.
 * @param path of the file, `/` between folders.
 * @param task whose rule is meant; without it any task's.
 * @returns null where the name is of no known form.
 */
export function patientInName(path: string, task: Task | null = null): string | null {
	const name = path.slice(path.lastIndexOf('/') + 1);
	for (const rule of task ? RULES[task] : Object.values(RULES).flat()) {
		const found = rule.exec(name);
		if (found) return found.slice(1).join('-');
	}
	return null;
}
