import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { TASKS } from '../../../src/lib/tasks';
import { TASK_DATA } from '../../../src/lib/tasks/data';
import { taskWords } from '../../../src/lib/tasks/task-words';
import { overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';

/** All texts of a value, however deep. */
function textsIn(value: unknown): string[] {
	return typeof value === 'string' ? [value] : Object.values(value as object).flatMap(textsIn);
}

describe('the words of a task', () => {
	it('are there for each task that a model may have, whose folder has its name', () => {
		expect(TASKS.ids).toEqual(TASK_DATA.map(({ id }) => id));
		const folders = readdirSync('src/lib/tasks', { withFileTypes: true });
		const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
		expect(names.sort()).toEqual([...TASKS.ids].sort());
	});

	it.each(TASKS.ids)('are there for %s, each of them', (task) => {
		const words = taskWords(task);
		for (const [key, value] of Object.entries(words)) {
			const texts = textsIn(value);
			expect(texts.length, key).toBeGreaterThan(0);
			for (const text of texts) expect(text.trim(), key).toBe(text);
			for (const text of texts) expect(text, key).not.toBe('');
		}
	});

	it('of one task do not speak of the other', () => {
		expect(JSON.stringify(taskWords('malaria-cell'))).not.toMatch(/X-ray|child|pneumonia/i);
		expect(JSON.stringify(taskWords('chest-xray-pneumonia'))).not.toMatch(/cell|parasite/i);
	});

	describe('in another language', () => {
		afterEach(() => overwriteGetLocale(() => 'en'));

		it('follow the pages, and stay English where a file asks for it', () => {
			const words = taskWords('malaria-cell');
			const english = words.categories.likely;
			const asked: string[] = [];
			overwriteGetLocale(() => {
				asked.push('language');
				return 'en';
			});
			expect(words.categories.likely).toBe(english);
			expect(asked).toEqual(['language']);
			overwriteGetLocale(() => 'fr');
			expect(taskWords('malaria-cell', 'en').categories.likely).toBe(english);
			expect(taskWords('malaria-cell', 'en').limits).toHaveLength(3);
		});
	});

	it('say plainly that a blood cell stands alone', () => {
		expect(taskWords('malaria-cell').takes).toContain('single cells cut out');
	});

	it('stand in their file alone: no page and no component speaks of one task', () => {
		const sources = ['src/lib/components', 'src/routes'].flatMap((folder) =>
			readdirSync(folder, { recursive: true, encoding: 'utf8' })
				.filter((path) => path.endsWith('.svelte'))
				.map((path) => `${folder}/${path}`)
		);
		expect(sources.length).toBeGreaterThan(15);
		for (const path of sources) {
			const text = readFileSync(path, 'utf8').replace(
				/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|<style>[\s\S]*<\/style>/g,
				''
			);
			expect(text, path).not.toMatch(/X-ray|pneumonia|parasite(?!")|(sick|healthy) child|child’s/i);
		}
	});
});
