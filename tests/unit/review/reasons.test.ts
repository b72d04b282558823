import { afterEach, describe, expect, it } from 'vitest';
import type { Task } from '../../../src/lib/tasks/task';
import { taskWords } from '../../../src/lib/tasks/task-words';
import { overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';
import { reasonInWords, reasonsFor } from '../../../src/lib/review/reasons';

const idsOf = (finding: 'present' | 'absent', task: Task) =>
	reasonsFor(finding, task).map(({ id }) => id);

afterEach(() => overwriteGetLocale(() => 'en'));

describe('a reason', () => {
	it('that is offered beside either finding is one', () => {
		for (const finding of ['present', 'absent'] as const) {
			expect(idsOf(finding, 'chest-xray-pneumonia')).toContain('film-unclear');
			expect(idsOf(finding, 'malaria-cell')).toContain('out-of-focus');
		}
	});

	it('of a person’s own, or none, stays as it was written', () => {
		for (const own of ['', 'A rib', 'constructor', 'toString']) {
			expect(reasonInWords(own, 'malaria-cell')).toBe(own);
		}
	});

	it('has the words of the language that is shown, and English ones for files', () => {
		const { words } = taskWords('malaria-cell', 'fr').reasonsSeen[0];
		overwriteGetLocale(() => 'fr');
		expect(reasonInWords('young-ring', 'malaria-cell')).toBe(words);
		expect(words).not.toBe('A young ring, small or pale');
		expect(reasonInWords('young-ring', 'malaria-cell', 'en')).toBe('A young ring, small or pale');
	});
});
