/** One kept session in the list of sessions. */
import type { ComponentProps } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import SessionEntry from '../../../src/lib/components/sessions/SessionEntry.svelte';
import { boxOf, isWithin } from '../helpers/geometry';
import { showLocale } from '../helpers/locale';

type Props = ComponentProps<typeof SessionEntry>;

const SESSION: Props['session'] = {
	id: 's1',
	name: 'Ward 3',
	startedAt: '2026-11-20T09:00:00.000Z',
	changedAt: '2026-11-20T10:00:00.000Z',
	task: 'chest-xray-pneumonia',
	model: { id: 'm', version: '1.3.0', network: 'resnet34' },
	point: 'sensitive',
	total: 12,
	finished: 12,
	counts: { likely: 3, uncertain: 0, 'not-seen': 8, failed: 1 },
	bytes: 2_500_000,
	exported: false,
	deletedAt: null
};

const button = (name: string | RegExp) => page.getByRole('button', { name });

async function shown(session: Partial<Props['session']> = {}, changes: Partial<Props> = {}) {
	const on = { onOpen: vi.fn(), onExport: vi.fn(), onRename: vi.fn(), onDelete: vi.fn() };
	await render(SessionEntry, {
		session: { ...SESSION, ...session },
		open: false,
		elsewhere: false,
		...on,
		...changes
	});
	return on;
}

beforeEach(() => page.viewport(1000, 800));

describe('a kept session', () => {
	it('says how many files it has and what came of them; none are not mentioned', async () => {
		await shown();
		await expect.element(page.getByTestId('session')).toHaveTextContent(/12 files/);
		const counts = page.getByRole('list').getByRole('listitem').all();
		expect(counts.map((one) => parseInt(one.element().textContent))).toEqual([3, 8, 1]);
	});

	it('that is not finished goes on, and one that is finished opens', async () => {
		const { onOpen } = await shown({ finished: 5 });
		await button('Go on Ward 3').click();
		expect(onOpen).toHaveBeenCalledOnce();
		await expect.element(page.getByTestId('session')).toHaveTextContent(/5 of 12/);
		await shown();
		await expect.element(button('Open Ward 3')).toBeVisible();
	});

	it('that another tab works on cannot be deleted here', async () => {
		await shown({}, { elsewhere: true });
		await expect.element(button(/^Delete/)).toBeDisabled();
	});

	it('gets another name by keys alone: the old one is there to be typed over', async () => {
		const { onRename } = await shown();
		await button('Rename').click();
		await expect.element(page.getByRole('searchbox')).toHaveFocus();
		await userEvent.keyboard('Ward 4{Enter}');
		expect(onRename).toHaveBeenCalledExactlyOnceWith('Ward 4');
		await expect.element(page.getByRole('searchbox')).not.toBeInTheDocument();
	});

	it('keeps its name where renaming is given up, or nothing is typed', async () => {
		const { onRename } = await shown();
		await button('Rename').click();
		await page.getByRole('searchbox').fill('');
		await userEvent.keyboard('{Enter}');
		await button('Cancel').click();
		expect(onRename).not.toHaveBeenCalled();
		await expect.element(page.getByRole('heading')).toHaveTextContent('Ward 3');
	});

	for (const locale of ['en', 'ar', 'fr'] as const) {
		it(`has room on a phone, however long its name, in ${locale}`, async () => {
			await page.viewport(360, 740);
			showLocale(locale);
			await shown({ name: 'Radiographies_du_service_de_pédiatrie_'.repeat(4), finished: 3 });
			const card = boxOf(page.getByTestId('session'));
			expect(card.right).toBeLessThanOrEqual(360);
			for (const part of page.getByTestId('session').element().querySelectorAll('h2, p, button')) {
				expect(isWithin(boxOf(part), card), part.outerHTML).toBe(true);
				expect(part.scrollWidth, part.outerHTML).toBeLessThanOrEqual(part.clientWidth + 1);
			}
		});
	}
});
