import { afterEach, describe, expect, it } from 'vitest';
import { LOCALES } from '../../../src/lib/i18n/locales';
import { TASKS } from '../../../src/lib/tasks';
import type { Task } from '../../../src/lib/tasks/task';
import { taskWords } from '../../../src/lib/tasks/task-words';
import { overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';
import { KEPT_SENTENCES } from '../../../src/lib/review/kept-sentences';
import { keptReason, reasonInWords, reasonsFor } from '../../../src/lib/review/reasons';

const idsOf = (finding: 'present' | 'absent', task: Task) =>
	reasonsFor(finding, task).map(({ id }) => id);

afterEach(() => overwriteGetLocale(() => 'en'));

describe('a reason', () => {
	it.each([
		['en', 'The stain is weak', 'weak-stain'],
		['fr', 'Derrière le cœur ou au bord', 'hidden-place'],
		['es', 'La placa está demasiado oscura, demasiado clara o borrosa', 'film-unclear'],
		['pt', 'Os sinais são fracos ou iniciais', 'weak-signs'],
		['sw', 'Dalili ni hafifu au za mwanzo', 'weak-signs'],
		['hi', 'लक्षण हल्के या शुरुआती हैं', 'weak-signs'],
		['ar', 'العلامات ضعيفة أو مبكرة', 'weak-signs']
	])('that was kept as a sentence is known again (%s)', (_, sentence, id) => {
		expect(keptReason(sentence)).toBe(id);
	});

	it('is known again in each language, and none is taken for another', () => {
		const sentences = Object.values(KEPT_SENTENCES).flat();
		expect(new Set(sentences).size).toBe(sentences.length);
		for (const [id, kept] of Object.entries(KEPT_SENTENCES)) {
			expect(kept.length, id).toBeGreaterThanOrEqual(LOCALES.length);
			for (const sentence of kept) expect(keptReason(sentence)).toBe(id);
		}
	});

	it('that was kept as a sentence is still offered, so that it has words', () => {
		const offered = TASKS.ids.flatMap((task) => [
			...idsOf('present', task),
			...idsOf('absent', task)
		]);
		expect([...new Set(offered)]).toEqual(expect.arrayContaining(Object.keys(KEPT_SENTENCES)));
	});

	it('that is offered beside either finding is one', () => {
		for (const finding of ['present', 'absent'] as const) {
			expect(idsOf(finding, 'chest-xray-pneumonia')).toContain('film-unclear');
			expect(idsOf(finding, 'malaria-cell')).toContain('out-of-focus');
		}
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
