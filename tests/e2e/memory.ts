/** How much memory a page takes: its heap, and its whole process with workers and WebAssembly. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';

const MEGABYTE = 1_000_000;
const SAMPLE_MS = 200;

export interface Watch {
	/** Largest so far, MB; `process` is null where the system does not say (only Linux does). */
	peak(): Promise<{ heap: number; process: number | null }>;
}

/** Look at the page from now on, several times a second. */
export async function watchMemory(page: Page): Promise<Watch> {
	const session = await page.context().newCDPSession(page);
	await session.send('Performance.enable');
	const browser = page.context().browser();
	const pids = await renderers();
	// The system keeps the largest size by itself: begin anew.
	for (const pid of pids) await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined);
	let heap = 0;
	let ended = false;
	const sampling = (async () => {
		while (!ended) {
			const { metrics } = await session.send('Performance.getMetrics');
			const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
			heap = Math.max(heap, used / MEGABYTE);
			await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
		}
	})();
	return {
		async peak() {
			ended = true;
			await sampling;
			const sizes = await Promise.all((await renderers()).map(peakOf));
			const known = sizes.filter((size) => size !== null);
			const process = known.length > 0 ? Math.max(...known) : null;
			return { heap: Math.round(heap), process };
		}
	};

	async function renderers(): Promise<number[]> {
		const cdp = await browser?.newBrowserCDPSession();
		const { processInfo } = (await cdp?.send('SystemInfo.getProcessInfo')) ?? { processInfo: [] };
		await cdp?.detach();
		return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
	}
}

/** The largest resident size of a process, MB. */
async function peakOf(pid: number): Promise<number | null> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
	const kilobytes = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
	return kilobytes === undefined ? null : Math.round((Number(kilobytes) * 1024) / MEGABYTE);
}
