// Which class a folder of labelled images holds, from its name.
import { TASK_DATA } from '../../src/lib/tasks/data.ts';
import type { TaskData } from '../../src/lib/tasks/task.ts';
import { Problem } from './problem.ts';

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
	const task = tasks.find(({ id }) => id === manifest.task);
	if (!task) throw new Problem(`There is no task ${manifest.task}.`);
	const known = new Map<string, boolean>();
	for (const { id, folder, labels } of task.classes) {
		for (const each of [folder.toLowerCase(), id, ...labels]) {
			known.set(each, id === task.positiveClass);
		}
	}
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
