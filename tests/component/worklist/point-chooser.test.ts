/** The setting of how careful the list is, with what it promises. */
import { describe, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { cleanup, render } from 'vitest-browser-svelte';
import PointChooser from '../../../src/lib/components/worklist/PointChooser.svelte';
import { boxOf } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';
import { shippedManifests } from '../helpers/shipped';

const chooser = page.getByRole('combobox');

describe.each(shippedManifests)('the settings of $id', (manifest) => {
	it('can all be chosen', async () => {
		const onChoose = vi.fn();
		for (const point of manifest.operatingPoints) {
			cleanup();
			await render(PointChooser, { manifest, point, onChoose });
			await expect.element(chooser).toHaveValue(point.id);
			for (const { id } of manifest.operatingPoints) {
				await chooser.selectOptions(id);
				if (id !== point.id) expect(onChoose).toHaveBeenLastCalledWith(id);
			}
		}
	});

	it('promise what was measured: so many of 100 are found, so many healthy ones flagged', async () => {
		const test = manifest.metrics.find(({ role }) => role === 'test')!;
		for (const point of manifest.operatingPoints) {
			cleanup();
			await render(PointChooser, { manifest, point, onChoose: () => undefined });
			const { sensitivity, specificity } = test.operatingPoints[point.id];
			const said = page.getByTestId('promise').element().textContent;
			const numbers = [...said.matchAll(/\d+/g)].map(Number);
			for (const share of [sensitivity.value!, 1 - specificity.value!]) {
				const isSaid = numbers.some((number) => Math.abs(number - 100 * share) <= 1);
				expect(isSaid, `${share} in “${said}”`).toBe(true);
			}
		}
	});
});

for (const locale of ['en', 'fr', 'ar', 'hi', 'sw'] as const) {
	it(`a phone has room for them, in ${locale}`, async () => {
		showLocale(locale);
		await page.viewport(344, 740);
		const [manifest] = shippedManifests;
		for (const point of manifest.operatingPoints) {
			cleanup();
			await render(PointChooser, { manifest, point, onChoose: () => undefined });
			for (const part of [chooser, page.getByTestId('promise')]) {
				expect(boxOf(part).left).toBeGreaterThanOrEqual(0);
				expect(boxOf(part).right).toBeLessThanOrEqual(344);
			}
		}
	});
}
