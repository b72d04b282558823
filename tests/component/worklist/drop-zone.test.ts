/** Files that are pasted, beside those that are dropped and chosen. */
import { expect, it, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import DropZone from '../../../src/lib/components/worklist/DropZone.svelte';
import type { Collected } from '../../../src/lib/intake/entries';

async function shown() {
	const onCollected = vi.fn<(collected: Collected) => void>();
	const parts = { compact: false, what: 'Drop a folder here', wantsLive: false };
	await render(DropZone, { ...parts, onCamera: () => undefined, onCollected });
	return onCollected;
}

/** @returns whether the browser's own pasting was stopped. */
function paste(at: EventTarget, files: readonly File[], text = ''): boolean {
	const clipboardData = new DataTransfer();
	for (const file of files) clipboardData.items.add(file);
	if (text) clipboardData.setData('text/plain', text);
	const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
	return !at.dispatchEvent(event);
}

const picture = (name: string) => new File([Uint8Array.of(1, 2, 3)], name, { type: 'image/png' });

it('a picture from the clipboard is added, as often as it is pasted', async () => {
	const onCollected = await shown();
	expect(paste(document.body, [picture('image.png')], 'a caption')).toBe(true);
	await vi.waitFor(() => expect(onCollected).toHaveBeenCalledOnce());
	const [{ entries, problems }] = onCollected.mock.calls[0];
	expect(entries.map(({ path }) => path)).toEqual(['image.png']);
	expect(problems).toEqual([]);
	expect((await entries[0].open()).size).toBe(3);
	paste(document.body, [picture('image.png')]);
	await vi.waitFor(() => expect(onCollected).toHaveBeenCalledTimes(2));
});

it('all of several copied files are added, of the same name too', async () => {
	const onCollected = await shown();
	paste(document.body, [picture('a.png'), picture('a.png'), picture('b.png')]);
	await vi.waitFor(() => expect(onCollected).toHaveBeenCalledOnce());
	const [{ entries }] = onCollected.mock.calls[0];
	expect(entries.map(({ path }) => path)).toEqual(['a (2).png', 'a.png', 'b.png']);
});

it('text stays text, and a field keeps what is pasted into it', async () => {
	const onCollected = await shown();
	expect(paste(document.body, [], 'only text')).toBe(false);
	const field = document.body.appendChild(document.createElement('input'));
	try {
		expect(paste(field, [picture('image.png')], 'a note')).toBe(false);
	} finally {
		field.remove();
	}
	expect(onCollected).not.toHaveBeenCalled();
});
