import { render } from 'svelte/server';
import { afterEach, describe, expect, it } from 'vitest';
import ReviewPanel from '../../../src/lib/components/viewer/ReviewPanel.svelte';
import { taskWords } from '../../../src/lib/tasks/task-words';
import { overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';
import { Reviews } from '../../../src/lib/app/reviews.svelte';
import { Worklist } from '../../../src/lib/worklist/list.svelte';
import { FakeRecorder } from '../helpers/recorder';
import { readRow, reviewOf } from '../helpers/rows';

const task = 'malaria-cell';

function panelOf(reason: string): string {
	const review = reviewOf('absent', { reason });
	const { body } = render(ReviewPanel, {
		props: {
			row: { ...readRow(0, 0.9), review },
			task,
			shown: { category: 'likely', point: 'sensitive' },
			reviews: new Reviews(new Worklist(), new FakeRecorder()),
			onUndo: () => undefined
		}
	});
	return body;
}

/** Words of the buttons that are pressed. */
const pressed = (body: string) =>
	[...body.matchAll(/aria-pressed="true"[^>]*>([\s\S]*?)<\/button>/g)].map(([, words]) =>
		words.replace(/<kbd.*?<\/kbd>|<!--.*?-->/gs, '').trim()
	);
const ownWords = (body: string) => /<input[^>]*maxlength="\d{3,}"[^>]*>/.exec(body)?.[0];

afterEach(() => overwriteGetLocale(() => 'en'));

describe('a reason that was chosen', () => {
	it.each(['en', 'fr', 'ar'] as const)('is the one that is shown, in %s', (locale) => {
		overwriteGetLocale(() => locale);
		const words = taskWords(task);
		const { words: said } = words.reasonsNotSeen[1];
		const body = panelOf('platelet');
		expect(pressed(body)).toEqual([words.findings.absent, said]);
		expect(ownWords(body)).toContain('value=""');
	});

	it('in the person’s own words stands in their field', () => {
		const body = panelOf('A rib');
		expect(pressed(body)).toEqual([taskWords(task).findings.absent]);
		expect(ownWords(body)).toContain('value="A rib"');
	});
});
