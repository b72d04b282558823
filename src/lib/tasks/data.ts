/**
 * The wordless half of the tasks, for what needs no messages: the check of manifests, workers and
 * tools. `fieldlens_training/data/tasks.py` reads the same files.
 */
import chestXrayPneumonia from './chest-xray-pneumonia/task.json' with { type: 'json' };
import malariaCell from './malaria-cell/task.json' with { type: 'json' };
import type { Task, TaskData } from './task';

/** In the order in which the pages show them. */
export const TASK_DATA: readonly TaskData[] = [chestXrayPneumonia, malariaCell];

/**
 * The patient that a file's name tells.
 * @param path of the file, `/` between folders.
 * @param id whose rule is meant; null for any task's.
 * @returns null where the name is of no known form.
 */
export function patientInName(
	path: string,
	id: Task | null = null,
	tasks: readonly TaskData[] = TASK_DATA
): string | null {
	const name = path.slice(path.lastIndexOf('/') + 1);
	const asked = tasks.filter((task) => id === null || task.id === id);
	for (const { pattern, patient } of asked.flatMap(({ patients }) => patients)) {
		const found = new RegExp(pattern).exec(name);
		if (found) return patient.replace(/\$(\d)/g, (_, group: string) => found[Number(group)]);
	}
	return null;
}
