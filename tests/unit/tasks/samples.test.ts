import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TASK_DATA } from '../../../src/lib/tasks/data';
import { headerOf, kindOf } from '../helpers/formats';

const paths = TASK_DATA.flatMap(({ samples, sampleSlide = [] }) => [...samples, ...sampleSlide]);

describe('the sample images', () => {
	it('are four of each task and a slide, and all that is in their folder', () => {
		for (const { samples } of TASK_DATA) expect(samples).toHaveLength(4);
		const files = readdirSync('static/samples', { recursive: true, encoding: 'utf8' });
		expect(files.filter((path) => /\.\w+$/.test(path)).sort()).toEqual([...paths].sort());
	});

	it.each(paths)(
		'say by their name that nobody’s image is shown, and are read: %s',
		async (path) => {
			const bytes = readFileSync(`static/samples/${path}`);
			expect(path).toMatch(/\/synthetic-\d+\.jpg$/);
			expect(kindOf(bytes)).toBe('jpeg');
			expect(await headerOf(bytes)).toMatchObject({ ok: true });
		}
	);
});
