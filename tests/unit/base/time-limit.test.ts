import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TimeUp, withTimeLimit } from '../../../src/lib/base/time-limit';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const after = <T>(milliseconds: number, value: T) =>
	new Promise<T>((resolve) => setTimeout(() => resolve(value), milliseconds));

describe('work with a time limit', () => {
	it('that ends in time gives its value', async () => {
		const work = withTimeLimit(after(99, 'done'), 100);
		await vi.advanceTimersByTimeAsync(99);
		expect(await work).toBe('done');
	});

	it('that takes too long is given up', async () => {
		const work = withTimeLimit(after(101, 'late'), 100).catch((error: unknown) => error);
		await vi.advanceTimersByTimeAsync(100);
		const error = await work;
		expect(error).toBeInstanceOf(TimeUp);
		expect(String(error)).toContain('no answer in 100 ms');
	});

	it('that fails gives its own error', async () => {
		await expect(withTimeLimit(Promise.reject(new Error('broken')), 100)).rejects.toThrow('broken');
	});

	it('that fails after it was given up disturbs nobody', async () => {
		const late = after(200, 0).then(() => Promise.reject(new Error('late')));
		const work = withTimeLimit(late, 100).catch((error: Error) => error.name);
		await vi.advanceTimersByTimeAsync(300);
		expect(await work).toBe('TimeUp');
	});

	it('leaves no timer behind', async () => {
		await withTimeLimit(Promise.resolve(1), 100);
		await withTimeLimit(Promise.reject(new Error()), 100).catch(() => undefined);
		expect(vi.getTimerCount()).toBe(0);
	});
});
