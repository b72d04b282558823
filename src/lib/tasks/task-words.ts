/**
 * Every word of the pages that depends on what the images are and what is looked for; the texts
 * are in `messages/<language>/tasks.json`.
 */
import type { Locale } from '../i18n/locales';
import { TASKS } from '.';
import type { IntendedUse, Task, TaskWords } from './task';

/** What the models of a task were made for. */
export function intendedUse(task: Task): IntendedUse {
	return TASKS.of(task).intendedUse;
}

/**
 * The words of a task.
 * @param locale for files, which are English whatever the pages are in; left out, the pages' own.
 */
export function taskWords(task: Task, locale?: Locale): TaskWords {
	return TASKS.words(task, locale);
}
