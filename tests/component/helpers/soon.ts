import { vi } from 'vitest';

/** Wait until a check passes, on a machine that is busy with other things too. */
export function soon(check: () => void): Promise<void> {
	return vi.waitFor(check, { timeout: 10_000 });
}
