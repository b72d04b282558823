// What a first visit loads before the page's first button works, on a line as slow as asked.
import { performance } from 'node:perf_hooks';
import type { Page } from 'playwright';

/** One file that the page asked for. */
interface Loaded {
	/** Path on the site, without its leading slash. */
	readonly path: string;
	/** Bytes on the line, headers included; 0 where it had not come to its end. */
	readonly bytes: number;
	/** Whether it had come to its end when the first button worked. */
	readonly isWhole: boolean;
}

export interface FirstVisit {
	/** From the call of the address to the first button's answer. */
	readonly seconds: number;
	/** Bytes on the line until then, of files that had come to their end. */
	readonly bytes: number;
	/** In the order in which they were asked for. */
	readonly files: readonly Loaded[];
}

/** A line as its user knows it. */
export interface Line {
	/** 1000 bits a second, down and up. */
	readonly kilobits: number;
	/** Milliseconds before an answer begins. */
	readonly latency: number;
}

const PRESSED = '[data-testid=model-state][data-state=downloading]';

/**
 * Open the site and press the button that brings the model as soon as it is there.
 * @param page of a browser that was never at this site; DevTools' throttling slows down the page
 *   alone, not its service worker, which begins when the page is drawn.
 * @param line null for one that is not slowed down
 */
export async function measureFirstVisit(
	page: Page,
	url: string,
	line: Line | null
): Promise<FirstVisit> {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('Network.enable');
	if (line) {
		const throughput = (line.kilobits * 1000) / 8;
		await devtools.send('Network.emulateNetworkConditions', {
			offline: false,
			latency: line.latency,
			downloadThroughput: throughput,
			uploadThroughput: throughput
		});
	}
	const files = new Map<string, { path: string; bytes: number; isWhole: boolean }>();
	const root = new URL(url).pathname;
	devtools.on('Network.requestWillBeSent', ({ requestId, request }) => {
		if (!request.url.startsWith('http')) return;
		const path = new URL(request.url).pathname.slice(root.length);
		files.set(requestId, { path, bytes: 0, isWhole: false });
	});
	devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
		const file = files.get(requestId);
		if (file) Object.assign(file, { bytes: encodedDataLength, isWhole: true });
	});
	const start = performance.now();
	await page.goto(url, { waitUntil: 'commit' });
	await page.getByTestId('download-model').click({ timeout: 0 });
	await page.locator(PRESSED).waitFor({ state: 'attached', timeout: 0 });
	const seconds = (performance.now() - start) / 1000;
	const loaded = [...files.values()].map((file) => ({ ...file }));
	await devtools.detach();
	return { seconds, bytes: loaded.reduce((sum, { bytes }) => sum + bytes, 0), files: loaded };
}
