/** A codec that cannot be loaded. In a file of its own: a codec is loaded once. */
import { afterAll, expect, it, vi } from 'vitest';
import { greysOf, stubBrowser } from '../helpers/formats';
import { bytesOf, fixture } from '../helpers/images';

afterAll(() => vi.unstubAllGlobals());

it('a grey JPEG is left to the browser where its codec cannot be loaded', async () => {
	const [film] = fixture<{ files: { bytes: string }[] }>('jpegs').files;
	vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
	const decoded = stubBrowser([200, 100, 50, 255]);
	const { data } = await greysOf(bytesOf(film.bytes));
	expect(decoded).toHaveBeenCalledOnce();
	// Pillow: Image.new('RGB', (1, 1), (200, 100, 50)).convert('L')
	expect(new Set(data)).toEqual(new Set([124]));
});
