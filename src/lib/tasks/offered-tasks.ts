/** The tasks that the site was built with a model for: what a page can show before it has looked. */
import { TASKS } from '.';
import type { Task } from './task';

// Of each manifest only the one word goes into the script.
const tasks = import.meta.glob<Task>('../../../static/models/*/manifest.json', {
	eager: true,
	import: 'task'
});
const built = new Set(Object.values(tasks));

/** In the order in which tasks are shown. */
export const OFFERED_TASKS: readonly Task[] = TASKS.ids.filter((task) => built.has(task));
