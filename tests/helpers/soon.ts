import { vi } from 'vitest';

/** Tries `check` again until it passes. The limit ends a hang; it says nothing about speed. */
export function soon<T>(check: () => T | Promise<T>): Promise<T> {
	return vi.waitFor(check, { timeout: 120_000 });
}
