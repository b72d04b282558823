import type { Task } from '../models/manifest';

/** Files in `static/samples/` by task, made by `python -m fieldlens_training samples`. */
export const SAMPLES: Record<Task, readonly string[]> = {
	'chest-xray-pneumonia': samplesOf('chest'),
	'malaria-cell': samplesOf('cells')
};

function samplesOf(folder: string): string[] {
	return [1, 2, 3, 4].map((number) => `${folder}/synthetic-${number}.jpg`);
}
