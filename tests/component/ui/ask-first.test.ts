/** A button that asks once more where pressing it would cost something. */
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import AskFirst from '../../../src/lib/components/ui/AskFirst.svelte';

const button = (name: string) => page.getByRole('button', { name });

async function shown(changes: { asks?: boolean; disabled?: boolean } = {}) {
	const onYes = vi.fn();
	await render(AskFirst, {
		label: 'Delete',
		warning: 'The list is lost.',
		yes: 'Delete it',
		no: 'Keep it',
		onYes,
		...changes
	});
	return onYes;
}

describe('a button that asks first', () => {
	it('does nothing until the answer is yes', async () => {
		const onYes = await shown();
		await button('Delete').click();
		await expect.element(page.getByRole('alert')).toHaveTextContent('The list is lost.');
		expect(onYes).not.toHaveBeenCalled();
		await button('Delete it').click();
		expect(onYes).toHaveBeenCalledOnce();
		await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
	});

	it('gives the focus to the answer that loses nothing, and back', async () => {
		const onYes = await shown();
		button('Delete').element().focus();
		await userEvent.keyboard('{Enter}');
		await expect.element(button('Keep it')).toHaveFocus();
		await userEvent.keyboard('{Enter}');
		await expect.element(button('Delete')).toHaveFocus();
		expect(onYes).not.toHaveBeenCalled();
	});

	it('does not ask where nothing would be lost', async () => {
		const onYes = await shown({ asks: false });
		await button('Delete').click();
		expect(onYes).toHaveBeenCalledOnce();
		await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
	});

	it('cannot be pressed where it is disabled', async () => {
		await shown({ disabled: true });
		await expect.element(button('Delete')).toBeDisabled();
	});
});
