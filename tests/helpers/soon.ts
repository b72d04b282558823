import { vi } from 'vitest';

/**
 * Tries `check` again until it passes. The limit ends a hang; it says nothing about speed.
 * @param interval milliseconds between two tries.
 */
export function soon<T>(
	check: () => T | Promise<T>,
	{ interval = 50 }: { interval?: number } = {}
): Promise<T> {
	return vi.waitFor(check, { timeout: 120_000, interval });
}
