import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { LOCALES } from '../../../src/lib/language/locales';
import { TASKS, taskWords } from '../../../src/lib/models/task-words';
import { overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';
import { keptReason, reasonInWords, reasonsFor } from '../../../src/lib/review/reasons';

/** Message of each reason, from the catalogue itself. */
const MESSAGES: readonly [id: string, key: string][] = [
	['weak-signs', 'tasks_chest_reason_seen_1'],
	['hidden-place', 'tasks_chest_reason_seen_2'],
	['film-unclear', 'tasks_chest_reason_seen_3'],
	['known-from-child', 'tasks_chest_reason_seen_4'],
	['normal-shadow', 'tasks_chest_reason_not_seen_1'],
	['fold-cloth-tube', 'tasks_chest_reason_not_seen_2'],
	['film-unclear', 'tasks_chest_reason_not_seen_3'],
	['turned-or-breathed-out', 'tasks_chest_reason_not_seen_4'],
	['other-illness', 'tasks_chest_reason_not_seen_5'],
	['young-ring', 'tasks_cell_reason_seen_1'],
	['edge-of-cell', 'tasks_cell_reason_seen_2'],
	['weak-stain', 'tasks_cell_reason_seen_3'],
	['out-of-focus', 'tasks_cell_reason_seen_4'],
	['stain-or-dirt', 'tasks_cell_reason_not_seen_1'],
	['platelet', 'tasks_cell_reason_not_seen_2'],
	['white-cell', 'tasks_cell_reason_not_seen_3'],
	['out-of-focus', 'tasks_cell_reason_not_seen_4'],
	['several-cells', 'tasks_cell_reason_not_seen_5']
];
const idsOf = (finding: 'present' | 'absent', task: (typeof TASKS)[number]) =>
	reasonsFor(finding, task).map(({ id }) => id);

afterEach(() => overwriteGetLocale(() => 'en'));

describe('a reason', () => {
	it.each(LOCALES)('that was kept as a sentence in $name is known again', ({ id: locale }) => {
		const text = readFileSync(`messages/${locale}/tasks.json`, 'utf8');
		const catalogue = JSON.parse(text) as Record<string, string>;
		for (const [id, key] of MESSAGES) expect(keptReason(catalogue[key]), key).toBe(id);
	});

	it('that is offered beside either finding is one', () => {
		const chest = 'chest-xray-pneumonia';
		expect(idsOf('present', chest)).toContain('film-unclear');
		expect(idsOf('absent', chest)).toContain('film-unclear');
		const offered = TASKS.flatMap((task) => [...idsOf('present', task), ...idsOf('absent', task)]);
		expect([...offered].sort()).toEqual(MESSAGES.map(([id]) => id).sort());
	});

	it('of a person’s own, or none, stays as it was written', () => {
		for (const own of ['', 'A rib', 'constructor', 'weak-signs']) {
			expect(keptReason(own)).toBe(own);
		}
		expect(reasonInWords('A rib', 'malaria-cell')).toBe('A rib');
		expect(reasonInWords('toString', 'malaria-cell')).toBe('toString');
	});

	it('has the words of the language that is shown, and English ones for files', () => {
		const { words } = taskWords('malaria-cell', 'fr').reasonsSeen[0];
		overwriteGetLocale(() => 'fr');
		expect(reasonInWords('young-ring', 'malaria-cell')).toBe(words);
		expect(words).not.toBe('A young ring, small or pale');
		expect(reasonInWords('young-ring', 'malaria-cell', 'en')).toBe('A young ring, small or pale');
	});
});
