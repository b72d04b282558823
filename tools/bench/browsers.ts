// `npm run bench -- --browser firefox,webkit`: the built app in other browsers beside Chromium, from
// files that are given to the page to the last score.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { BROWSER_NAMES, openAny, type AnyBrowser, type BrowserName } from './any-browser.ts';
import { Problem } from '../lib/problem.ts';
import { median, shuffle } from '../lib/statistics.ts';
import { markdownTable } from '../lib/table.ts';
import type { BenchFile } from './report.ts';
import { createRandom } from '../../src/lib/statistics/bootstrap.ts';

/** Read before in a list of their own, and not counted. */
const WARM_UP = 8;
const ORDER_SEED = 20;

/** browsers.json */
export interface BrowsersFile {
	date: string;
	machine: BenchFile['machine'];
	model: string;
	modelVersion: string;
	images: { count: number; generated: boolean };
	rounds: number;
	browsers: BrowserFigures[];
}

interface BrowserFigures {
	name: BrowserName;
	version: string;
	backend: string;
	lanes: number;
	/** One a round. */
	msPerImage: number[];
}

/**
 * @param text browsers with commas between them; Chromium is always measured beside them
 * @throws {Problem} for a name that is none of them
 */
export function readBrowsers(text: string): BrowserName[] {
	const asked = text.split(',').map((name) => name.trim());
	const unknown = asked.find((name) => !BROWSER_NAMES.some((known) => known === name));
	if (unknown !== undefined) {
		throw new Problem(`--browser is "${unknown}"; it must be ${BROWSER_NAMES.join(', ')}.`);
	}
	return BROWSER_NAMES.filter((name) => name === 'chromium' || asked.includes(name));
}

/**
 * Each round measures every browser once, in random order, in an empty profile.
 * @param options.url of the app
 * @param options.images files of the list
 */
export async function compareBrowsers({
	url,
	model,
	backend,
	names,
	images,
	rounds
}: {
	url: string;
	model: string;
	backend: string;
	names: readonly BrowserName[];
	images: readonly string[];
	rounds: number;
}): Promise<BrowserFigures[]> {
	const files = await Promise.all(
		images.map(async (path) => [basename(path), (await readFile(path)).toString('base64')] as const)
	);
	const random = createRandom(ORDER_SEED);
	const found = new Map<BrowserName, BrowserFigures>();
	for (let round = 0; round < rounds; round++) {
		for (const name of shuffle(names, random)) {
			const address = `${url}?${new URLSearchParams({ model, backend })}`;
			const { ms, ...rest } = await measure(name, address, files);
			const figures = found.get(name) ?? { name, ...rest, msPerImage: [] };
			figures.msPerImage.push(ms);
			found.set(name, figures);
			console.log(`${name} ${figures.version}, round ${round + 1}: ${ms.toFixed(1)} ms an image`);
		}
	}
	return names.flatMap((name) => found.get(name) ?? []);
}

/** A row a browser, with its time as a share of Chromium's. */
export function browsersTable(figures: readonly BrowserFigures[]): string {
	const chromium = figures.find(({ name }) => name === 'chromium');
	const base = chromium ? median(chromium.msPerImage) : NaN;
	return markdownTable(
		['browser', 'way of reading', 'ms an image, median', 'range', 'ratio to Chromium'],
		figures.map(({ name, version, backend, lanes, msPerImage }) => [
			`${name} ${version}`,
			`${backend}, ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`,
			median(msPerImage).toFixed(1),
			`${Math.min(...msPerImage).toFixed(1)} to ${Math.max(...msPerImage).toFixed(1)}`,
			(median(msPerImage) / base).toFixed(2)
		])
	);
}

/** @returns Markdown */
export function browsersSection(file: BrowsersFile): string {
	const { date, machine, model, modelVersion, images, rounds } = file;
	const kind = images.generated ? 'generated JPEGs' : 'original-size JPEGs';
	return [
		`\`npm run bench -- --browser firefox,webkit\`, ${date.slice(0, 10)}: \`${model}\` ${modelVersion} on ${machine.cores} cores (${machine.cpu}), ${images.count} ${kind}, ${rounds} rounds in random order, each in an empty profile; from the files' arrival on the page to the last score.`,
		browsersTable(file.browsers)
	].join('\n\n');
}

/** Milliseconds an image of one list. */
async function measure(
	name: BrowserName,
	address: string,
	files: readonly (readonly [string, string])[]
): Promise<Omit<BrowserFigures, 'name' | 'msPerImage'> & { ms: number }> {
	const browser = await openAny(name);
	try {
		await browser.goto(address);
		await waitFor(browser, '[data-testid=model-state][data-state=not-stored]');
		await browser.run(`document.querySelector('[data-testid=download-model]').click()`);
		await waitFor(browser, '[data-testid=engine-panel][data-engine=ready]');
		await readList(browser, files.slice(0, WARM_UP));
		// The next list is given to a page without one.
		await browser.goto(address);
		await waitFor(browser, '[data-testid=engine-panel][data-engine=ready]');
		const ms = (await readList(browser, files)) / files.length;
		const panel = await browser.run<{ backend: string; lanes: string; unread: number }>(
			`({ ...document.querySelector('[data-testid=engine-panel]').dataset,
				unread: document.querySelectorAll('[data-status=failed]').length })`
		);
		if (panel.unread > 0) throw new Problem(`${name} did not read ${panel.unread} images.`);
		return {
			version: browser.version,
			backend: panel.backend,
			lanes: Number(panel.lanes),
			ms
		};
	} finally {
		await browser.close();
	}
}

/** Resolves when an element is there. The limit ends a hang. */
async function waitFor(browser: AnyBrowser, selector: string): Promise<void> {
	const end = Date.now() + 300_000;
	while (!(await browser.run<boolean>(`document.querySelector('${selector}') !== null`))) {
		if (Date.now() > end) throw new Problem(`${selector} does not come.`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

/** @returns milliseconds from giving the files to the last score, by the page's own clock */
async function readList(
	browser: AnyBrowser,
	files: readonly (readonly [string, string])[]
): Promise<number> {
	await browser.run(
		`(() => {
			const transfer = new DataTransfer();
			for (const [name, content] of ${JSON.stringify(files)}) {
				const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
				transfer.items.add(new File([bytes], name));
			}
			window.given = transfer.files;
		})()`
	);
	return browser.run<number>(
		`new Promise((resolve) => {
			const start = performance.now();
			const isDone = () =>
				document.querySelector('[data-testid=session-status]')?.dataset.state === 'done';
			const watcher = new MutationObserver(() => {
				if (!isDone()) return;
				watcher.disconnect();
				resolve(performance.now() - start);
			});
			watcher.observe(document.body, { subtree: true, childList: true, attributes: true });
			const input = document.querySelector('[data-testid=file-input]');
			input.files = window.given;
			input.dispatchEvent(new Event('change', { bubbles: true }));
		})`
	);
}
