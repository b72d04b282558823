/** A problem in plain words. */
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { createRawSnippet } from 'svelte';
import { render } from 'vitest-browser-svelte';
import Notice from '../../../src/lib/components/ui/Notice.svelte';
import type { Problem } from '../../../src/lib/problems/problems';
import { boxOf } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';

const problem: Problem = { code: 'not-an-image' };
const alert = page.getByRole('alert');

describe('a notice', () => {
	it('is read out, and says what happened and what to do', async () => {
		await render(Notice, { problem });
		const what = alert.element().querySelector('strong')!.textContent.trim();
		const all = alert.element().textContent.trim();
		expect(what.length).toBeGreaterThan(10);
		expect(all.replace(what, '').trim().length).toBeGreaterThan(10);
		expect(all).not.toMatch(/undefined|NaN|[{}]/);
	});

	it('has the buttons that help below its words', async () => {
		const children = createRawSnippet(() => ({ render: () => '<button>Try again</button>' }));
		await render(Notice, { problem, children });
		const button = page.getByRole('button', { name: 'Try again' });
		const words = alert.element().querySelector('p')!;
		expect(boxOf(button).top).toBeGreaterThanOrEqual(boxOf(words).bottom);
	});

	it('has its bar where the lines begin', async () => {
		const width = (side: 'Left' | 'Right') =>
			parseFloat(getComputedStyle(alert.element())[`border${side}Width`]);
		await render(Notice, { problem });
		expect([width('Left'), width('Right')]).toEqual([5, 0]);
		showLocale('ar');
		expect([width('Left'), width('Right')]).toEqual([0, 5]);
	});
});
