import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../src/lib/formats/kind';
import { readHeader } from '../../../src/lib/formats/header';
import { TASK_DATA } from '../../../src/lib/tasks/data';

const paths = TASK_DATA.flatMap(({ samples }) => samples);

describe('the sample images', () => {
	it('are four of each task, and all that is in their folder', () => {
		for (const { samples } of TASK_DATA) expect(samples).toHaveLength(4);
		const files = readdirSync('static/samples', { recursive: true, encoding: 'utf8' });
		expect(files.filter((path) => /\.\w+$/.test(path)).sort()).toEqual([...paths].sort());
	});

	it.each(paths)('say by their name that nobody’s image is shown, and are read: %s', (path) => {
		const bytes = readFileSync(`static/samples/${path}`);
		expect(path).toMatch(/\/synthetic-\d+\.jpg$/);
		expect(readHeader(kindOf(bytes), bytes)).toMatchObject({ ok: true, value: { kind: 'jpeg' } });
	});
});
