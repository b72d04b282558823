// @ts-check
// Which class a folder of labelled images holds, from its name.
import { loadSource } from './load-source.mjs';
import { Problem } from './problem.mjs';

/** @typedef {import('../../src/lib/tasks/task').TaskData} TaskData */

/** @type {{ TASK_DATA?: readonly TaskData[] }} */
const { TASK_DATA = [] } = await loadSource('/src/lib/tasks/data.ts');

/**
 * Whether each class folder holds the positive class. A folder is named after a class of the
 * task: by its id, its folder in the public data set or another of its names, in any case.
 * @param {readonly string[]} folders
 * @param {{ task: string }} manifest
 * @param {readonly TaskData[]} [tasks]
 * @returns {Map<string, boolean>} by the folder's name
 * @throws {Problem} for a folder of no class of the task, or where none is of the positive one
 */
export function classFolders(folders, manifest, tasks = TASK_DATA) {
	const task = tasks.find(({ id }) => id === manifest.task);
	if (!task) throw new Problem(`There is no task ${manifest.task}.`);
	/** @type {Map<string, boolean>} */
	const known = new Map();
	for (const { id, folder, labels } of task.classes) {
		for (const each of [folder.toLowerCase(), id, ...labels]) {
			known.set(each, id === task.positiveClass);
		}
	}
	const found = folders.map((folder) => {
		const isPositive = known.get(folder.toLowerCase());
		if (isPositive === undefined) {
			throw new Problem(
				`The subfolder ${folder} is named after no class of the model. Known: ${[...known.keys()].join(', ')} (upper or lower case).`
			);
		}
		return /** @type {const} */ ([folder, isPositive]);
	});
	if (!found.some(([, isPositive]) => isPositive)) {
		throw new Problem(
			`One subfolder must be named after the positive class, ${task.positiveClass}. There are: ${folders.join(', ')}`
		);
	}
	return new Map(found);
}
