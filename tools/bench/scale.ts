// `npm run bench -- --scale` in the browser: whole lists of different lengths, from the drop to
// the last score, each in a browser of its own.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { clearList, openApp, screenFolder } from '../lib/app-driver.ts';
import { Problem } from '../lib/problem.ts';
import { tellTenths } from '../lib/progress.ts';
import { checkNoneFailed } from './fieldlens.ts';
import { writeCopies } from './images.ts';
import { megabytes, processesOf, watchMemory } from './processes.ts';
import { pace } from './scale-report.ts';
import type { Mark, ScaleRun } from './scale-report.ts';
import type { Backend } from '../lib/browser.ts';
import type { Page } from 'playwright';

const SAMPLE_MS = 200;
/** Read before in a list of their own, and not counted at the start of each list. */
const WARM_UP = 16;

/**
 * @param options.url of the app
 * @param options.sources images of which the files are made
 * @param options.folder where they may be made
 * @param options.schedule lengths of the lists, in order
 * @param options.warmUp images that are read before each list, and not counted at its start
 */
export async function measureScale({
	url,
	model,
	backend,
	sources,
	folder,
	schedule,
	warmUp = WARM_UP
}: {
	url: string;
	model: string;
	backend: Backend | 'auto';
	sources: readonly string[];
	folder: string;
	schedule: readonly number[];
	warmUp?: number;
}): Promise<{ runs: ScaleRun[]; backend: string; lanes: number }> {
	await mkdir(folder, { recursive: true });
	const made = async (name: string, count: number) => {
		const path = join(folder, name);
		await writeCopies(sources, path, count);
		return path;
	};
	const before = { folder: await made('warm-up', warmUp), count: warmUp };
	const folders: Map<number, string> = new Map();
	for (const count of new Set(schedule)) folders.set(count, await made(`list-${count}`, count));
	const runs = [];
	let used = { backend: '', lanes: 0 };
	for (const count of schedule) {
		const list = folders.get(count) ?? '';
		const { run, ...engine } = await measureList({ url, model, backend, before, list, count });
		if (!Number.isFinite(run.msPerImage)) {
			throw new Problem(`A list of ${count} files is over too soon to be timed: take more files.`);
		}
		used = engine;
		runs.push(run);
		console.log(
			`${count} files: ${run.msPerImage.toFixed(1)} ms an image (processor ${run.processorMs.toFixed(1)}, page's thread ${run.pageMs.toFixed(2)}), heap ${run.heapKeptMegabytes} MB`
		);
	}
	return { runs, ...used };
}

/**
 * @param options.before images that are read before
 * @param options.list folder of `count` images
 */
async function measureList({
	url,
	model,
	backend,
	before,
	list,
	count
}: {
	url: string;
	model: string;
	backend: Backend | 'auto';
	before: { folder: string; count: number };
	list: string;
	count: number;
}): Promise<{ run: ScaleRun; backend: string; lanes: number }> {
	const { page, close, watched } = await openApp({ url, model, backend, onBrowser: watchMemory });
	try {
		await screenFolder(page, before.folder);
		await clearList(page);
		const processes = await processesOf(page.context());
		const metrics = await openMetrics(page);
		const marks = await watchProgress(page);
		const longestTask = await watchLongTasks(page);
		const databaseBefore = await databaseBytes(page);
		const processorBefore = await processes.processorSeconds();
		const busyBefore = (await metrics.read()).TaskDuration;
		const heapPeak = metrics.watchHeap();

		await screenFolder(page, list, { onProgress: tellTenths(`${count} files: `) });

		await checkNoneFailed(page);
		const processor = (await processes.processorSeconds()) - processorBefore;
		const busy = (await metrics.read()).TaskDuration - busyBefore;
		const heapPeakMegabytes = megabytes(await heapPeak());
		const memoryMegabytes = await watched.stop();
		await metrics.collectGarbage();
		const panel = page.locator('[data-testid=engine-panel]');
		return {
			run: {
				files: count,
				msPerImage: pace(await marks(), Math.min(before.count, Math.floor(count / 2))),
				processorMs: (1000 * processor) / count,
				pageMs: (1000 * busy) / count,
				longestTaskMs: await longestTask(),
				heapPeakMegabytes,
				heapKeptMegabytes: megabytes((await metrics.read()).JSHeapUsedSize),
				memoryMegabytes,
				databaseMegabytes: megabytes((await databaseBytes(page)) - databaseBefore)
			},
			backend: (await panel.getAttribute('data-backend')) ?? '',
			lanes: Number(await panel.getAttribute('data-lanes'))
		};
	} finally {
		await close();
	}
}

/** The browser's own measures of the page's thread. */
async function openMetrics(page: Page) {
	const client = await page.context().newCDPSession(page);
	// Time that the thread was running, not waiting for a core.
	await client.send('Performance.enable', { timeDomain: 'threadTicks' });
	const read = async () => {
		const { metrics } = await client.send('Performance.getMetrics');
		const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
		// Seconds, and bytes.
		return { TaskDuration: value('TaskDuration'), JSHeapUsedSize: value('JSHeapUsedSize') };
	};
	return {
		read,
		collectGarbage: () => client.send('HeapProfiler.collectGarbage'),
		watchHeap: () => {
			let most = 0;
			const look = async () => {
				most = Math.max(most, (await read()).JSHeapUsedSize);
			};
			const timer = setInterval(() => void look().catch(() => undefined), SAMPLE_MS);
			return async () => {
				clearInterval(timer);
				await look();
				return most;
			};
		}
	};
}

/**
 * Note when the page shows how many images are done.
 * @returns asks for what was noted so far
 */
async function watchProgress(page: Page): Promise<() => Promise<Mark[]>> {
	const noted = await page.evaluateHandle(() => {
		const marks: { at: number; done: number }[] = [];
		new MutationObserver(() => {
			const status = document.querySelector('[data-testid=session-status]');
			const done = Number(status?.getAttribute('data-done') ?? 0);
			if (done > (marks.at(-1)?.done ?? 0)) marks.push({ at: performance.now(), done });
		}).observe(document, {
			subtree: true,
			childList: true,
			attributes: true,
			attributeFilter: ['data-done']
		});
		return marks;
	});
	return () => noted.jsonValue();
}

/**
 * Follow the tasks of 50 ms and more on the page's thread, from the moment that the page is
 * given the files: making the list of files is the browser's own work (200 ms for 2,000).
 * @returns asks for the longest so far, ms
 */
async function watchLongTasks(page: Page): Promise<() => Promise<number>> {
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

/** What IndexedDB takes, bytes; all that the site keeps where the browser does not tell them apart. */
function databaseBytes(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const estimate: StorageEstimate & { usageDetails?: { indexedDB?: number } } =
			await navigator.storage.estimate();
		return estimate.usageDetails?.indexedDB ?? estimate.usage ?? 0;
	});
}
