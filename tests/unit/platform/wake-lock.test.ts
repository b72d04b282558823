import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScreenWakeLock } from '../../../src/lib/platform/wake-lock';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A screen that a lock keeps on, as a browser gives it. */
let held: number;
let allowed: boolean;
let visible: 'visible' | 'hidden';
let document: EventTarget & { readonly visibilityState: string };

function show(state: typeof visible): void {
	visible = state;
	// The browser takes every lock from a page that is not in sight.
	if (state === 'hidden') held = 0;
	document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
	held = 0;
	allowed = true;
	visible = 'visible';
	document = Object.defineProperty(new EventTarget(), 'visibilityState', {
		get: () => visible
	}) as typeof document;
	vi.stubGlobal('document', document);
	vi.stubGlobal('navigator', {
		wakeLock: {
			request: () => {
				if (!allowed) return Promise.reject(new DOMException('low battery', 'NotAllowedError'));
				held++;
				return Promise.resolve({ release: () => Promise.resolve(void held--) });
			}
		}
	});
});
afterEach(() => vi.unstubAllGlobals());

describe('the screen', () => {
	it('stays on while a batch is read, and no longer', async () => {
		const awake = new ScreenWakeLock();
		awake.want(true);
		awake.want(true);
		await settled();
		expect(held).toBe(1);
		awake.want(false);
		await settled();
		expect(held).toBe(0);
	});

	it('is kept on again when the page comes back into sight', async () => {
		const awake = new ScreenWakeLock();
		awake.want(true);
		await settled();
		show('hidden');
		await settled();
		expect(held).toBe(0);
		show('visible');
		await settled();
		expect(held).toBe(1);
		awake.want(false);
		show('hidden');
		show('visible');
		await settled();
		expect(held).toBe(0);
	});

	it('is let go of when the batch ends before the browser answers', async () => {
		const awake = new ScreenWakeLock();
		awake.want(true);
		awake.want(false);
		await settled();
		expect(held).toBe(0);
	});

	it('may go off where the browser refuses or knows nothing of it: nothing is said', async () => {
		allowed = false;
		const awake = new ScreenWakeLock();
		awake.want(true);
		await settled();
		expect(held).toBe(0);
		vi.stubGlobal('navigator', {});
		const old = new ScreenWakeLock();
		old.want(true);
		old.want(false);
		await settled();
	});
});
