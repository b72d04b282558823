/** What the pages call things, by task. */
import type { Task } from './manifest';

export interface TaskWords {
	/** One image, as in "not recognised as a ...". */
	image: string;
	images: string;
}

const WORDS: Record<Task, TaskWords> = {
	'chest-xray-pneumonia': { image: 'chest X-ray', images: 'chest X-rays' },
	'malaria-cell': { image: 'red blood cell', images: 'red blood cells' }
};

export function taskWords(task: Task): TaskWords {
	return WORDS[task];
}
