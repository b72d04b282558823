/** The ways to save that are wanted less often. */
import { describe, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ExportMenu from '../../../src/lib/components/worklist/ExportMenu.svelte';
import { boxOf } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';

const says = 'What a program of records takes, such as OpenMRS: a document for each patient';

/** The menu with a button, and a function for it, for each kind of file. */
async function open() {
	const run = vi.fn();
	const items = ['JSON', 'FHIR', 'Record'].map((label) => ({ label, says, run }));
	await render(ExportMenu, { items });
	await page.getByText('▾').click();
	return run;
}

describe.each(['en', 'ar'] as const)('in %s', (locale) => {
	it.each([
		['a phone', 412, 915],
		['a small phone', 344, 640],
		['a laptop', 1366, 668]
	])('all of it is in the window of %s', async (_, width, height) => {
		showLocale(locale);
		document.documentElement.dir = locale === 'ar' ? 'rtl' : 'ltr';
		await page.viewport(width, height);
		const run = await open();
		for (const item of page.getByRole('listitem').all()) {
			const { left, right, top, bottom } = boxOf(item);
			expect(left).toBeGreaterThanOrEqual(0);
			expect(right).toBeLessThanOrEqual(width);
			expect(top).toBeGreaterThanOrEqual(0);
			expect(bottom).toBeLessThanOrEqual(height);
		}
		await page.getByRole('button', { name: 'FHIR' }).click();
		expect(run).toHaveBeenCalledOnce();
		document.documentElement.dir = 'ltr';
	});
});
