// Which class a folder of labelled images holds, from its name.
import { TASK_DATA } from '../../src/lib/tasks/data.ts';
import type { TaskData } from '../../src/lib/tasks/task.ts';
import { Problem } from './problem.ts';

/** Whether any folder is named after a class of the task. */
export function hasClassFolder(
	folders: readonly string[],
	manifest: { task: string },
	tasks: readonly TaskData[] = TASK_DATA
): boolean {
	const known = classNames(taskOf(manifest, tasks));
	return folders.some((folder) => known.has(folder.toLowerCase()));
}

/**
 * Whether each class folder holds the positive class. A folder is named after a class of the
 * task: by its id, its folder in the public data set or another of its names, in any case.
 * @returns by the folder's name
 * @throws {Problem} for a folder of no class of the task, or where none is of the positive one
 */
export function classFolders(
	folders: readonly string[],
	manifest: { task: string },
	tasks: readonly TaskData[] = TASK_DATA
): Map<string, boolean> {
	const task = taskOf(manifest, tasks);
	const known = classNames(task);
	const found = folders.map((folder): [string, boolean] => {
		const isPositive = known.get(folder.toLowerCase());
		if (isPositive === undefined) {
			throw new Problem(
				`The subfolder ${folder} is named after no class of the model. Known: ${[...known.keys()].join(', ')} (upper or lower case).`
			);
		}
		return [folder, isPositive];
	});
	if (!found.some(([, isPositive]) => isPositive)) {
		throw new Problem(
			`One subfolder must be named after the positive class, ${task.positiveClass}. There are: ${folders.join(', ')}`
		);
	}
	return new Map(found);
}

function taskOf(manifest: { task: string }, tasks: readonly TaskData[]): TaskData {
	const task = tasks.find(({ id }) => id === manifest.task);
	if (!task) throw new Problem(`There is no task ${manifest.task}.`);
	return task;
}

/** Names that a class folder may have, in lower case, and whether the class is the positive one. */
function classNames(task: TaskData): Map<string, boolean> {
	const known = new Map<string, boolean>();
	for (const { id, folder, labels } of task.classes) {
		for (const each of [folder.toLowerCase(), id, ...labels]) {
			known.set(each, id === task.positiveClass);
		}
	}
	return known;
}
