import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchKernel } from '../../../../src/lib/engine/int8/fetch-kernel';
import { sumsAreRight } from '../../../../src/lib/engine/int8/self-test';
import { loadKernel, servedModule, VARIANTS } from '../../helpers/kernels';

afterEach(() => {
	vi.unstubAllGlobals();
});

/** The site's files from the disk; what was fetched is noted. */
function serveModules(status = 200) {
	const fetched: string[] = [];
	vi.stubGlobal('fetch', (url: string) => {
		const { name, bytes } = servedModule(url);
		fetched.push(name);
		return Promise.resolve(new Response(bytes, { status }));
	});
	return fetched;
}

describe('a module', () => {
	it.each(VARIANTS)('that computes rightly passes: %s', async (variant) => {
		expect(sumsAreRight(await loadKernel(variant))).toBe(true);
		expect(sumsAreRight(await loadKernel(variant, true))).toBe(true);
	});

	it('that reads its weights in another order does not', async () => {
		const plain = await loadKernel('plain');
		expect(sumsAreRight({ ...plain, group: 4 })).toBe(false);
	});
});

describe('the kernel', () => {
	it('is the fast one where its sums are right', async () => {
		const fetched = serveModules();
		expect((await fetchKernel(sumsAreRight)).variant).toBe('relaxed');
		expect(fetched).toEqual(['relaxed']);
	});

	it('is the plain one where those of the fast one are wrong', async () => {
		serveModules();
		expect((await fetchKernel(() => false)).variant).toBe('plain');
	});

	it('for shared weights is a module of its own', async () => {
		const fetched = serveModules();
		expect(await fetchKernel(sumsAreRight, true)).toMatchObject({ shared: true });
		expect(fetched).toEqual(['relaxed-shared']);
		expect(await fetchKernel(() => false, true)).toMatchObject({ variant: 'plain', shared: true });
	});

	it('is missing where the site does not have it', async () => {
		serveModules(404);
		await expect(fetchKernel(sumsAreRight)).rejects.toThrow('404');
	});
});
