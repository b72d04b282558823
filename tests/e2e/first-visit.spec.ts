/** What a first visit to a clinic on a poor line waits for. */
import { expect, test } from '@playwright/test';
import { measureFirstVisit } from '../../tools/lib/first-visit';
import { startServer } from '../../tools/lib/static-server';

/** What 256 kbit/s bring in 15 seconds. */
const BUDGET = (256_000 / 8) * 15;

test('before the first button works no more comes than 256 kbit/s bring in 15 s, and nothing that can wait', async ({
	page
}) => {
	const server = await startServer({ port: 0 });
	try {
		const { bytes, files } = await measureFirstVisit(page, server.url, null);
		expect(bytes).toBeGreaterThan(50_000);
		expect(bytes).toBeLessThan(BUDGET);
		const whole = files.filter(({ isWhole }) => isWhole).map(({ path }) => path);
		expect(whole[0]).toBe('');
		expect(whole).toContain('models/index.json');
		// Weights, the engine, decoders, other languages and what is kept for offline use come later.
		expect(whole.filter((path) => /\.(bin|wasm)$|worker|service-worker/.test(path))).toEqual([]);
		// Scripts and manifests came compressed: a page's own script alone has more as it stands.
		const largest = Math.max(...files.map((file) => file.bytes));
		expect(largest).toBeLessThan(100_000);
	} finally {
		await server.close();
	}
});
