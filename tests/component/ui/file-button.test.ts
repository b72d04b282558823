import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import FileButton from '../../../src/lib/components/ui/FileButton.svelte';
import { soon } from '../../helpers/soon';

const props = { label: 'Choose a backup', accept: '.json', testid: 'backup' };

it('gives the file, and the same file once more when it is chosen again', async () => {
	const onFile = vi.fn<(file: File) => void>();
	await render(FileButton, { ...props, onFile });
	const input = page.getByTestId('backup');
	const file = new File(['{}'], 'backup.json');
	await userEvent.upload(input, file);
	await userEvent.upload(input, file);
	await soon(() => expect(onFile).toHaveBeenCalledTimes(2));
	expect(await onFile.mock.lastCall![0].text()).toBe('{}');
});

it('is reached by keys, and shows that it has the focus', async () => {
	await render(FileButton, { ...props, onFile: () => undefined });
	await userEvent.tab();
	expect(page.getByTestId('backup').element()).toBe(document.activeElement);
	const button = document.querySelector('label')!;
	expect(getComputedStyle(button).outlineStyle).toBe('solid');
});
