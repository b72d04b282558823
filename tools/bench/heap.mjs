// @ts-check
// How much JavaScript heap the page takes at its highest while it reads a folder, whether that
// grows with the number of files, and how long the page is blocked at its worst.
import { join } from 'node:path';
import { openApp, screenFolder } from '../lib/app-driver.mjs';
import { tellTenths } from '../lib/progress.mjs';
import { writeJpegs } from './images.mjs';

const SAMPLE_MS = 200;
const SIDE = 256;

/**
 * @param {{ url: string, model: string, backend: import('../lib/browser.mjs').Backend, folder: string, counts: readonly number[] }} options
 *   folder: where the images may be made
 * @returns {Promise<{ files: number, peakMegabytes: number, keptMegabytes: number, longestTaskMs: number }[]>}
 *   longestTaskMs: 0 where no task took 50 ms or more (what browsers call a long task)
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
			const longestTask = await watchLongTasks(page);
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
			results.push({
				files,
				peakMegabytes: megabytes(peak),
				keptMegabytes: megabytes(kept),
				longestTaskMs: await longestTask()
			});
		} finally {
			await close();
		}
	}
	return results;
}

/**
 * Follow the tasks of 50 ms and more on the page's thread, from the moment that the page is
 * given the files: making the list of files is the browser's own work (200 ms for 2,000).
 * @param {import('playwright').Page} page
 * @returns {Promise<() => Promise<number>>} asks for the longest so far, ms
 */
async function watchLongTasks(page) {
	const longest = await page.evaluateHandle(() => {
		const found = { duration: 0 };
		let given = Infinity;
		addEventListener('change', () => (given = Math.min(given, performance.now())), true);
		new PerformanceObserver((list) => {
			for (const { startTime, duration } of list.getEntries()) {
				const ours = startTime + duration - Math.max(startTime, given);
				if (ours >= 50) found.duration = Math.max(found.duration, ours);
			}
		}).observe({ type: 'longtask' });
		return found;
	});
	return () => longest.evaluate(({ duration }) => Math.round(duration));
}

/** @param {number} bytes */
function megabytes(bytes) {
	return Math.round(bytes / 1e5) / 10;
}
