/** A third task needs its definition and a package: everything else asks the registry. */
import { describe, expect, it } from 'vitest';
import { byTask } from '../../../src/lib/models/catalog';
import { promiseOf } from '../../../src/lib/models/figures';
import { parseManifest } from '../../../src/lib/models/manifest';
import { TASKS } from '../../../src/lib/tasks';
import { patientInName } from '../../../src/lib/tasks/data';
import { outsideWords, problemSentences } from '../../../src/lib/tasks/problem-messages';
import { TaskRegistry } from '../../../src/lib/tasks/registry';
import { smallPackage } from '../helpers/small-model';
import { TOY } from '../helpers/toy-task';

const tasks = new TaskRegistry([...TASKS.definitions, TOY]);
const { manifest } = smallPackage(TOY.id, 1, TOY);

describe('a third task', () => {
	it('has packages, which the program without it refuses by name', () => {
		expect(parseManifest(manifest, tasks.definitions)).toMatchObject({ ok: true });
		expect(parseManifest(manifest)).toMatchObject({ ok: false, refusal: { field: 'task' } });
	});

	it('is listed after the others, with its models', () => {
		expect(byTask([{ manifest, offered: manifest }], tasks)).toEqual([
			{ task: TOY.id, models: [{ manifest, offered: manifest }] }
		]);
		expect(tasks.ids).toEqual([...TASKS.ids, TOY.id]);
	});

	it('says what it promises, what it shows and what is not its own', () => {
		expect(promiseOf(manifest, manifest.operatingPoints[0], undefined, tasks)).toBe(
			'Finds 90 of 100; flags 10 of 100 whole ones.'
		);
		const words = tasks.words(TOY.id);
		expect([words.categories.likely, words.reasonsSeen, words.limits]).toEqual([
			'Fracture likely',
			[{ id: 'hairline', words: 'A hairline' }],
			['It knows wrists only.']
		]);
		expect(problemSentences(tasks).notRecognised(TOY.id)).toMatch(/as a wrist/);
		expect(outsideWords(tasks, TOY.id, [{ what: 'body-part', value: 'KNEE' }])).toBe(
			'not a wrist but KNEE'
		);
	});

	it('tells its patients by its own rule', () => {
		expect(patientInName('a/wrist-12-left.png', TOY.id, tasks.definitions)).toBe('wrist-12');
		expect(patientInName('a/wrist-12-left.png')).toBeNull();
	});
});
