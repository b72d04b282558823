import { afterEach, describe, expect, it, vi } from 'vitest';
import { isSoftwareRenderer } from '../../../src/lib/engine/backends';
import { rendererOf } from '../../../src/lib/engine/probe';
import { PROBE_TIMEOUT_MS } from '../../../src/lib/base/limits';

function stubAdapter(requestAdapter: () => Promise<unknown>): void {
	vi.stubGlobal('navigator', { gpu: { requestAdapter } });
}

function stubWebgl(context: object | null): void {
	vi.stubGlobal(
		'OffscreenCanvas',
		class {
			getContext = (kind: string) => (kind === 'webgl2' ? context : null);
		}
	);
}

afterEach(() => {
	vi.unstubAllGlobals();
	vi.useRealTimers();
});

describe('WebGPU', () => {
	it('is absent in a browser without it', async () => {
		vi.stubGlobal('navigator', {});
		expect(await rendererOf('webgpu')).toBeNull();
	});

	it('is absent without an adapter, or where asking for one fails', async () => {
		stubAdapter(() => Promise.resolve(null));
		expect(await rendererOf('webgpu')).toBeNull();
		stubAdapter(() => Promise.reject(new Error('blocked')));
		expect(await rendererOf('webgpu')).toBeNull();
	});

	it('is absent where the adapter never answers', async () => {
		vi.useFakeTimers();
		stubAdapter(() => new Promise(() => undefined));
		const renderer = rendererOf('webgpu');
		await vi.advanceTimersByTimeAsync(PROBE_TIMEOUT_MS);
		expect(await renderer).toBeNull();
	});

	it('is named by its adapter', async () => {
		stubAdapter(() =>
			Promise.resolve({ info: { vendor: 'apple', architecture: 'metal-3', description: '' } })
		);
		expect(await rendererOf('webgpu')).toBe('apple metal-3');
	});

	it('is there even where the browser hides its name', async () => {
		stubAdapter(() => Promise.resolve({ info: { vendor: '' } }));
		expect(await rendererOf('webgpu')).toBe('unnamed');
	});

	it('is known for software where the adapter itself says so, as in Chrome before 136', async () => {
		stubAdapter(() => Promise.resolve({ info: { vendor: 'google' }, isFallbackAdapter: true }));
		const renderer = await rendererOf('webgpu');
		expect(isSoftwareRenderer(renderer ?? '')).toBe(true);
	});

	it('is known for software where the browser says that it falls back', async () => {
		stubAdapter(() => Promise.resolve({ info: { vendor: 'google', isFallbackAdapter: true } }));
		const renderer = await rendererOf('webgpu');
		expect(isSoftwareRenderer(renderer ?? '')).toBe(true);
	});
});

describe('WebGL', () => {
	it('is absent without a context', async () => {
		stubWebgl(null);
		expect(await rendererOf('webgl')).toBeNull();
	});

	it('is named by its renderer, and the context that asked is let go', async () => {
		const loseContext = vi.fn();
		stubWebgl({
			getExtension: (name: string) =>
				name === 'WEBGL_lose_context' ? { loseContext } : { UNMASKED_RENDERER_WEBGL: 2 },
			getParameter: (key: number) => (key === 2 ? 'Mali-G76' : 'masked')
		});
		expect(await rendererOf('webgl')).toBe('Mali-G76');
		expect(loseContext).toHaveBeenCalledOnce();
	});

	it('is named by what there is where the browser masks it', async () => {
		stubWebgl({ RENDERER: 1, getExtension: () => null, getParameter: () => 'WebKit WebGL' });
		expect(await rendererOf('webgl')).toBe('WebKit WebGL');
	});
});

describe('WebAssembly', () => {
	it('has no renderer and is there unless it is switched off', async () => {
		expect(await rendererOf('wasm')).toBe('');
		vi.stubGlobal('WebAssembly', undefined);
		expect(await rendererOf('wasm')).toBeNull();
	});
});
