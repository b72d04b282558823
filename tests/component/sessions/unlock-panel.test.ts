/** What stands in the place of locked sessions. */
import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import UnlockPanel from '../../../src/lib/components/sessions/UnlockPanel.svelte';
import type { Problem } from '../../../src/lib/problems/problems';

const field = page.getByLabelText('Passphrase', { exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });

async function shown(answer: Problem | null = null) {
	const onUnlock = vi.fn<(passphrase: string) => Promise<Problem | null>>(() =>
		Promise.resolve(answer)
	);
	const onForget = vi.fn(() => Promise.resolve(null));
	await render(UnlockPanel, { onUnlock, onForget });
	return { onUnlock, onForget };
}

it('opens with the passphrase and the Enter key', async () => {
	const { onUnlock } = await shown();
	await field.fill('my words');
	await userEvent.keyboard('{Enter}');
	expect(onUnlock).toHaveBeenCalledExactlyOnceWith('my words');
});

it('asks for nothing where nothing was typed', async () => {
	const { onUnlock } = await shown();
	await button('Unlock').click();
	expect(onUnlock).not.toHaveBeenCalled();
});

it('keeps what was typed and says so when it is wrong', async () => {
	await shown({ code: 'passphrase-wrong' });
	await field.fill('my wrds');
	await button('Unlock').click();
	await expect.element(page.getByRole('alert')).toBeVisible();
	await expect.element(field).toHaveValue('my wrds');
	await expect.element(button('Unlock')).toBeEnabled();
});

it('deletes the sessions only after two answers, behind a question of its own', async () => {
	const { onForget } = await shown();
	expect(button('Delete the locked sessions').query()).toBeNull();
	await page.getByText('Passphrase forgotten?').click();
	await button('Delete the locked sessions').click();
	await expect.element(button('Cancel')).toHaveFocus();
	expect(onForget).not.toHaveBeenCalled();
	await button('Delete them for good').click();
	expect(onForget).toHaveBeenCalledOnce();
});
