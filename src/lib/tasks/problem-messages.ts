/** What a task says of images that are not its own. */
import { m } from '../paraglide/messages.js';
import { ageInWords, machineOf } from '../formats/facts-messages';
import { apart } from '../problems/detail-messages';
import type { TaskSentences } from '../problems/messages';
import type { Outside } from '../problems/problems';
import type { TaskRegistry } from './registry';
import type { Task } from './task';

/** One reason why an image is outside the intended use: `an adult (34 years)`. */
export function outsideReason(tasks: TaskRegistry, task: Task, reason: Outside): string {
	if (reason.what === 'age') return ageInWords(reason.years);
	const found = reason.what === 'modality' ? machineOf(reason.value) : apart(reason.value);
	return tasks.find(task)?.outside[reason.what]?.(found) ?? found;
}

/** Why an image is outside the intended use, in words that follow a colon. */
export function outsideWords(tasks: TaskRegistry, task: Task, reasons: readonly Outside[]): string {
	const words = reasons.map((reason) => outsideReason(tasks, task, reason));
	return words.length === 0
		? ''
		: words.reduce((one, other) => m.problems_outside_use_two({ one, other }));
}

/** What the problems ask of the tasks; a task that is not known gets a plain sentence. */
export function problemSentences(tasks: TaskRegistry): TaskSentences {
	return {
		notRecognised: (task) => tasks.find(task)?.texts.notRecognised() ?? m.problems_not_recognised(),
		outside: (task, reasons) => outsideWords(tasks, task, reasons)
	};
}
