import { afterEach, describe, expect, it, vi } from 'vitest';
import { canShare, shareFile } from '../../../src/lib/platform/share';

afterEach(() => vi.unstubAllGlobals());

const file = new File(['a;b'], 'list.csv', { type: 'text/csv' });

function withShare(share: (data: ShareData) => Promise<void>, takes = true) {
	const navigator = { share, canShare: () => takes };
	vi.stubGlobal('navigator', navigator);
}

describe('sharing a file', () => {
	it('hands that file to the system', async () => {
		const share = vi.fn(() => Promise.resolve());
		withShare(share);
		expect(canShare(file)).toBe(true);
		expect(await shareFile(file)).toBe('shared');
		expect(share).toHaveBeenCalledExactlyOnceWith({ files: [file] });
	});

	it('is not offered where the system takes no such file, or has no sheet', async () => {
		const share = vi.fn(() => Promise.resolve());
		withShare(share, false);
		expect(canShare(file)).toBe(false);
		expect(await shareFile(file)).toBe('refused');
		expect(share).not.toHaveBeenCalled();
		vi.stubGlobal('navigator', {});
		expect(canShare(file)).toBe(false);
	});

	it.each([
		['AbortError', 'closed'],
		['NotAllowedError', 'refused']
	])('%s means that it was %s', async (name, outcome) => {
		withShare(() => Promise.reject(new DOMException('', name)));
		expect(await shareFile(file)).toBe(outcome);
	});
});
