import { afterEach, describe, expect, it, vi } from 'vitest';
import { canPaste, copiedPictures } from '../../../src/lib/platform/clipboard';

const item = (...types: string[]) => ({
	types,
	getType: (type: string) => Promise.resolve(new Blob(['bytes'], { type }))
});
const clipboard = (read: () => Promise<unknown>) =>
	vi.stubGlobal('navigator', { clipboard: { read } });

afterEach(() => vi.unstubAllGlobals());

describe('a picture that was copied', () => {
	it('is given as a file of its kind', async () => {
		clipboard(() => Promise.resolve([item('text/html', 'image/png'), item('text/plain')]));
		expect(canPaste()).toBe(true);
		const pasted = await copiedPictures();
		expect(pasted).toMatchObject({ ok: true });
		const files = pasted.ok ? pasted.value : [];
		expect(files.map(({ name, type }) => [name, type])).toEqual([['pasted.png', 'image/png']]);
	});

	it('is missed in words where there is none, or the browser refuses', async () => {
		clipboard(() => Promise.resolve([item('text/plain')]));
		expect(await copiedPictures()).toMatchObject({ problem: { code: 'nothing-copied' } });
		clipboard(() => Promise.reject(new DOMException('no', 'NotAllowedError')));
		expect(await copiedPictures()).toMatchObject({ problem: { code: 'paste-refused' } });
	});

	it('is not offered where the browser has no way to ask', () => {
		vi.stubGlobal('navigator', {});
		expect(canPaste()).toBe(false);
	});
});
