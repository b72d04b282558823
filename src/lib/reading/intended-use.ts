/** Whether a file says that its image is not what the model was made for. Pure. */
import type { Task } from '../tasks/task';
import { intendedUse } from '../tasks/task-words';
import type { ImageFacts } from '../formats/facts';
import type { Outside } from '../problems/problems';

/**
 * By what the header says that an image is something else than the models of the task were made
 * for. What a file does not say counts as fitting: most pictures say nothing.
 */
export function outsideUse(facts: ImageFacts | null, task: Task): Outside[] {
	if (!facts) return [];
	const use = intendedUse(task);
	const { modality, bodyPart, view, age } = facts;
	const found: Outside[] = [];
	if (modality && !use.modalities.includes(modality.toUpperCase())) {
		found.push({ what: 'modality', value: modality });
	}
	if (bodyPart && use.bodyPart && !use.bodyPart.test(bodyPart)) {
		found.push({ what: 'body-part', value: bodyPart });
	}
	if (view && use.otherView?.test(view)) {
		found.push({ what: 'view', value: view });
	}
	// A child is five years old until its sixth birthday.
	if (age !== null && use.ages && (age < use.ages.from || age >= use.ages.to + 1)) {
		found.push({ what: 'age', years: age });
	}
	return found;
}
