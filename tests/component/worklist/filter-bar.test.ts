/** The filters of the list, and what arranges it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import FilterBar from '../../../src/lib/components/worklist/FilterBar.svelte';
import { INITIAL_VIEW } from '../../../src/lib/worklist/worklist';
import { boxOf } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';

const COUNTS = {
	all: 1060,
	likely: 440,
	uncertain: 400,
	'not-seen': 80,
	unrecognised: 50,
	outside: 30,
	waiting: 0,
	failed: 59,
	'left-out': 1
};
const REVIEWS = { any: 1060, 'not-reviewed': 1060, reviewed: 0, differs: 0 };

const tools = page.getByRole('button', { name: 'Find, sort' });
const search = page.getByRole('searchbox');

describe('on a phone', () => {
	beforeEach(() => page.viewport(412, 915));

	it.each(['en', 'fr', 'sw', 'hi', 'ar'] as const)(
		'the filters are one line that is pushed sideways, in %s',
		async (locale) => {
			showLocale(locale);
			await render(FilterBar, { view: INITIAL_VIEW, counts: COUNTS, reviews: REVIEWS });
			const filters = page.getByRole('toolbar').getByRole('button');
			const tops = filters.elements().map((filter) => filter.getBoundingClientRect().top);
			expect(tops.length).toBe(8);
			expect(new Set(tops).size).toBe(1);
			expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(412);
			expect(boxOf(page.getByRole('toolbar')).bottom).toBeLessThan(80);
		}
	);

	it('the search is folded away until it is asked for', async () => {
		showLocale('en');
		await render(FilterBar, { view: INITIAL_VIEW, counts: COUNTS, reviews: REVIEWS });
		await expect.element(search).not.toBeInTheDocument();
		await tools.click();
		await expect.element(search).toBeVisible();
		await tools.click();
		await expect.element(search).not.toBeInTheDocument();
	});

	it('what hides rows of the list stays in sight', async () => {
		showLocale('en');
		const view = { ...INITIAL_VIEW, search: 'amina' };
		await render(FilterBar, { view, counts: COUNTS, reviews: REVIEWS });
		await expect.element(search).toHaveValue('amina');
		await expect.element(tools).toBeDisabled();
	});
});

it('on a laptop all is in sight', async () => {
	showLocale('en');
	await page.viewport(1366, 668);
	await render(FilterBar, { view: INITIAL_VIEW, counts: COUNTS, reviews: REVIEWS });
	await expect.element(search).toBeVisible();
	await expect.element(tools).not.toBeInTheDocument();
});
