// @ts-check
// How much JavaScript heap the page takes at its highest while it reads a folder, and whether
// that grows with the number of files.
import { join } from 'node:path';
import { openApp, screenFolder } from '../lib/app-driver.mjs';
import { tellTenths } from '../lib/progress.mjs';
import { writeJpegs } from './images.mjs';

const SAMPLE_MS = 200;
const SIDE = 256;

/**
 * @param {{ url: string, model: string, backend: import('../lib/browser.mjs').Backend, folder: string, counts: readonly number[] }} options
 *   folder: where the images may be made
 * @returns {Promise<{ files: number, peakMegabytes: number, keptMegabytes: number }[]>}
 */
export async function measureHeap({ url, model, backend, folder, counts }) {
	const results = [];
	for (const files of counts) {
		const images = join(folder, `heap-${files}`);
		await writeJpegs(images, files, SIDE, SIDE);
		// A page of its own each time: what an earlier list left behind does not count.
		const { page, close } = await openApp({ url, model, backend });
		try {
			const client = await page.context().newCDPSession(page);
			await client.send('Performance.enable');
			let peak = 0;
			const readHeap = async () => {
				const { metrics } = await client.send('Performance.getMetrics');
				const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
				peak = Math.max(peak, used);
				return used;
			};
			const timer = setInterval(() => void readHeap().catch(() => {}), SAMPLE_MS);
			await screenFolder(page, images, {
				onProgress: tellTenths('heap: ')
			});
			clearInterval(timer);
			await readHeap();
			// The peak holds garbage that was not collected yet; what stays is what a list costs.
			await client.send('HeapProfiler.collectGarbage');
			const kept = await readHeap();
			results.push({ files, peakMegabytes: megabytes(peak), keptMegabytes: megabytes(kept) });
		} finally {
			await close();
		}
	}
	return results;
}

/** @param {number} bytes */
function megabytes(bytes) {
	return Math.round(bytes / 1e5) / 10;
}
