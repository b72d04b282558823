/** What an image got, as a word with a sign. */
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import CategoryChip from '../../../src/lib/components/ui/CategoryChip.svelte';
import { showLocale } from '../helpers/locale';
import { boxOf } from '../helpers/geometry';

const CATEGORIES = ['likely', 'uncertain', 'not-seen', 'unrecognised', 'outside'] as const;

async function shown(category: (typeof CATEGORIES)[number]) {
	const { container } = await render(CategoryChip, {
		category,
		status: 'done',
		task: 'chest-xray-pneumonia'
	});
	const chip = container.querySelector<HTMLElement>('.chip')!;
	const sign = chip.querySelector('[aria-hidden=true]')!.textContent;
	return { chip, sign, words: chip.textContent.replace(sign, '').trim() };
}

for (const locale of ['en', 'ar', 'hi'] as const) {
	it(`says each category in other words and with another sign, in ${locale}`, async () => {
		showLocale(locale);
		const [signs, words] = [new Set<string>(), new Set<string>()];
		for (const category of CATEGORIES) {
			const { sign, words: said } = await shown(category);
			signs.add(sign);
			words.add(said);
		}
		expect(signs.size).toBe(CATEGORIES.length);
		expect(words.size).toBe(CATEGORIES.length);
		expect([...words].every(Boolean)).toBe(true);
	});
}

it('takes a second line where its place is narrow', async () => {
	const { chip } = await shown('likely');
	const tall = boxOf(chip).height;
	chip.parentElement!.style.width = '90px';
	expect(boxOf(chip).width).toBeLessThanOrEqual(90);
	expect(boxOf(chip).height).toBeGreaterThan(tall);
	expect(chip.scrollWidth).toBeLessThanOrEqual(chip.clientWidth);
});

it('says nothing of an image that has neither category nor fate', async () => {
	const { container } = await render(CategoryChip, {
		category: null,
		status: 'done',
		task: 'chest-xray-pneumonia'
	});
	expect(container.textContent.trim()).toBe('');
});
