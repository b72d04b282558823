import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Manifest } from '../../../src/lib/models/manifest';
import { OFFERED_TASKS } from '../../../src/lib/tasks/offered-tasks';

it('a page knows the tasks of the shipped models before it has looked', () => {
	const read = (file: string) =>
		JSON.parse(readFileSync(`static/models/${file}`, 'utf8')) as unknown;
	const { models } = read('index.json') as { models: string[] };
	const tasks = models.map((id) => (read(`${id}/manifest.json`) as Manifest).task);
	expect([...OFFERED_TASKS].sort()).toEqual([...new Set(tasks)].sort());
	expect(OFFERED_TASKS[0]).toBe('chest-xray-pneumonia');
});
