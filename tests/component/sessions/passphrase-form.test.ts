/** A new passphrase. */
import { describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import PassphraseForm from '../../../src/lib/components/sessions/PassphraseForm.svelte';
import type { Problem } from '../../../src/lib/problems/problems';

const field = (label: string) => page.getByLabelText(label, { exact: true });
const submit = page.getByRole('button', { name: 'Encrypt' });
const GOOD = 'four words of my own';

async function shown(answer: Problem | null = null, asksOld = false) {
	const onSet = vi.fn<(next: string, old: string) => Promise<Problem | null>>(() =>
		Promise.resolve(answer)
	);
	await render(PassphraseForm, { submit: 'Encrypt', asksOld, onSet, onCancel: () => undefined });
	return onSet;
}

async function typed(next: string, again = next) {
	await field('New passphrase').fill(next);
	await field('The same again').fill(again);
	await submit.click();
}

describe('a new passphrase', () => {
	it('is taken when it is typed twice the same', async () => {
		const onSet = await shown();
		await typed(GOOD);
		expect(onSet).toHaveBeenCalledExactlyOnceWith(GOOD, '');
	});

	it.each([
		['short', 'short', 'short', /too short/],
		['not the same twice', GOOD, `${GOOD}!`, /not the same/]
	])('that is %s is refused with the reason', async (_, next, again, reason) => {
		const onSet = await shown();
		await typed(next, again);
		await expect.element(page.getByRole('alert')).toHaveTextContent(reason);
		expect(onSet).not.toHaveBeenCalled();
		await typed(GOOD);
		await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
		expect(onSet).toHaveBeenCalledOnce();
	});

	it('cannot be read over a shoulder unless that is asked for', async () => {
		await shown();
		await expect.element(field('New passphrase')).toHaveAttribute('type', 'password');
		await page.getByRole('checkbox').click();
		await expect.element(field('New passphrase')).toHaveAttribute('type', 'text');
		await expect.element(field('The same again')).toHaveAttribute('type', 'text');
	});

	it('comes with the old one where there is one', async () => {
		const onSet = await shown(null, true);
		await field('Passphrase until now').fill('the old one');
		await typed(GOOD);
		expect(onSet).toHaveBeenCalledExactlyOnceWith(GOOD, 'the old one');
	});

	it('says what went wrong, and can be tried again', async () => {
		await shown({ code: 'passphrase-wrong' }, true);
		await field('Passphrase until now').fill('a wrong one');
		await typed(GOOD);
		const alert = page.getByRole('alert');
		await expect.element(alert).toHaveAttribute('data-problem', 'passphrase-wrong');
		await expect.element(submit).toBeEnabled();
	});

	it('is sent once, however often the button is pressed meanwhile', async () => {
		let resolve: (value: null) => void = () => undefined;
		const work = new Promise<null>((done) => (resolve = done));
		const onSet = vi.fn(() => work);
		await render(PassphraseForm, { submit: 'Encrypt', onSet, onCancel: () => undefined });
		await typed(GOOD);
		await expect.element(submit).toBeDisabled();
		await field('New passphrase').click();
		await userEvent.keyboard('{Enter}');
		expect(onSet).toHaveBeenCalledOnce();
		resolve(null);
		await expect.element(submit).toBeEnabled();
	});
});
