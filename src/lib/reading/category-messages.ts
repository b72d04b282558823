/** What a category is called on the pages, and in the files that people read. */
import { m } from '../paraglide/messages.js';
import type { Task } from '../tasks/task';
import { taskWords } from '../tasks/task-words';
import type { Category } from './score';

/** In the words of the task, in the language of the page. */
export function categoryText(category: Category, task: Task): string {
	if (category === 'unrecognised') return m.screen_chip_unrecognised();
	if (category === 'outside') return m.screen_chip_outside();
	return taskWords(task).categories[category];
}
