/** The counts of a model's right and wrong answers. */
import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import ConfusionMatrix from '../../../src/lib/components/ui/ConfusionMatrix.svelte';
import { setName } from '../../../src/lib/models/card-messages';
import type { Manifest } from '../../../src/lib/models/manifest';
import { boxOf, isWithin } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';
import { shippedManifests } from '../helpers/shipped';
import { soon } from '../../helpers/soon';

/** The cells of the table as numbers, row by row. */
const numbers = () =>
	[...document.querySelectorAll('tbody tr')].map((row) =>
		[...row.querySelectorAll('td')].map((cell) =>
			Number((cell.querySelector('strong') ?? cell).textContent.replace(/\D/g, ''))
		)
	);

/** The model's data sets as its card names them. */
const setsOf = (manifest: Manifest) =>
	manifest.metrics.map((set) => ({ ...set, name: setName(manifest, set) }));

describe.each(shippedManifests)('the answers of $id', (manifest) => {
	it('make up all images of the set, at each setting', async () => {
		await render(ConfusionMatrix, { manifest, sets: setsOf(manifest) });
		const [settings, sets] = page.getByRole('combobox').all();
		for (const { id: set, n, positives, operatingPoints } of manifest.metrics) {
			await sets.selectOptions(set);
			for (const { id } of manifest.operatingPoints) {
				await settings.selectOptions(id);
				const { truePositive, trueNegative } = operatingPoints[id].confusion;
				await soon(() => {
					const [ill, healthy] = numbers();
					expect(ill[0]).toBe(truePositive);
					expect(healthy[1]).toBe(trueNegative);
					expect(ill[0] + ill[1]).toBe(ill[2]);
					expect(healthy[0] + healthy[1]).toBe(healthy[2]);
					expect([ill[2], healthy[2]]).toEqual([positives, n - positives]);
				});
			}
		}
	});
});

for (const locale of ['en', 'fr', 'ar', 'hi'] as const) {
	it(`a narrow place holds the table and its choices, in ${locale}`, async () => {
		showLocale(locale);
		await page.viewport(340, 800);
		const [manifest] = shippedManifests;
		await render(ConfusionMatrix, { manifest, sets: setsOf(manifest) });
		const window = new DOMRect(0, -1e6, 340, 2e6);
		for (const part of document.querySelectorAll('.matrix :is(select, th, td, strong, caption)')) {
			expect(isWithin(boxOf(part), window), part.outerHTML).toBe(true);
		}
	});
}

it('nothing is drawn of sets that were not measured', async () => {
	const [manifest] = shippedManifests;
	await render(ConfusionMatrix, { manifest, sets: [] });
	expect(page.getByTestId('confusion-matrix').query()).toBeNull();
});
