// Drives the built app in headless Chromium as a user would: download the model, add a
// folder, wait, save the CSV.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { launchOptions, NAME_HELPER } from './browser.ts';
import { messageOf, Problem } from './problem.ts';
import type { StoredResult } from '../../src/lib/sessions/stored.ts';
import type { Region } from '../../src/lib/regions/region.ts';
import type { Backend } from './browser.ts';
import type { KeptResult } from './kept-results.ts';
import type { Page, BrowserContext } from 'playwright';

/** No image takes this long, not even on a software GPU. */
const STALL_MS = 5 * 60_000;
const MODEL_MS = 5 * 60_000;
/** Of `src/lib/storage/database.ts`. */
const DATABASE_NAME = 'fieldlens';

export type OpenApp = { page: Page; close: () => Promise<void> };

/** milliseconds of the page's own clock */
export type Times = { dropped: number; firstScore: number | null; done: number | null };

declare global {
	interface Window {
		/** Noted by `noteTimes`, milliseconds of the page's own clock. */
		fieldlensTimes?: Times;
		fieldlensLoading?: { starting: number; ready?: number };
	}
}

/** Start Chromium with an empty profile of its own, on the disk as a user's is. */
export async function openBrowser(backend: Backend | 'auto') {
	const profile = await mkdtemp(join(tmpdir(), 'fieldlens-profile-'));
	try {
		const context = await chromium.launchPersistentContext(profile, {
			...launchOptions(backend),
			acceptDownloads: true,
			viewport: { width: 1280, height: 800 }
		});
		await context.addInitScript(NAME_HELPER);
		return {
			context,
			close: async () => {
				await context.close();
				await rm(profile, { recursive: true, force: true, maxRetries: 3 });
			}
		};
	} catch (error) {
		await rm(profile, { recursive: true, force: true });
		throw new Problem(
			`Chromium could not be started. Install it (Debian: apt-get install chromium) or name one with CHROMIUM_PATH.\n${messageOf(error)}`
		);
	}
}

/**
 * Open the app with a model, bring that model onto the device and wait until it is ready.
 * @param options.onBrowser called with the browser while it shows an empty page
 * @returns watched: what `onBrowser` resolved to
 */
export async function openApp<T = void>({
	url,
	model,
	backend,
	onBrowser
}: {
	url: string;
	model: string;
	backend: Backend | 'auto';
	onBrowser?: (context: BrowserContext) => Promise<T>;
}): Promise<OpenApp & { watched: T }> {
	const { context, close } = await openBrowser(backend);
	try {
		const page = await context.newPage();
		const watched = (await onBrowser?.(context)) as T;
		await page.addInitScript(noteTimes);
		const query = new URLSearchParams(backend === 'auto' ? { model } : { model, backend });
		await page.goto(`${url}?${query}`);
		await storeModel(page, model);
		await page
			.locator('[data-testid=model-state]:is([data-engine=ready], [data-engine=failed])')
			.waitFor({ state: 'attached', timeout: MODEL_MS });
		await checkEngine(page);
		return { page, close, watched };
	} catch (error) {
		await close();
		throw error;
	}
}

/**
 * Add a folder through the page's own input and wait until every file is finished.
 * @throws {Problem} when nothing more happens for five minutes
 */
export async function screenFolder(
	page: Page,
	folder: string,
	{ onProgress }: { onProgress?: (done: number, total: number) => void } = {}
): Promise<Times> {
	const status = page.locator('[data-testid=session-status]');
	await page.locator('input[data-testid=folder-input]').setInputFiles(folder);
	let last = '';
	let lastChange = performance.now();
	for (;;) {
		const { state, done, total } = await status.evaluate((element) => ({
			state: element.dataset.state ?? '',
			done: Number(element.dataset.done ?? 0),
			total: Number(element.dataset.total ?? 0)
		}));
		onProgress?.(done, total);
		if (state === 'done') return readTimes(page);
		await checkEngine(page);
		if (last !== `${state} ${done}`) {
			last = `${state} ${done}`;
			lastChange = performance.now();
		} else if (performance.now() - lastChange > STALL_MS) {
			throw new Problem(
				`Nothing was finished for ${STALL_MS / 60_000} minutes (${done} of ${total} files done); given up.`
			);
		}
		await page.waitForTimeout(500);
	}
}

/** Empty the list, so that the next folder starts from nothing. */
export async function clearList(page: Page) {
	await page.getByRole('button', { name: 'New list' }).click();
	const confirm = page.getByRole('button', { name: 'Clear them' });
	if (await confirm.isVisible()) await confirm.click();
	await page
		.locator('[data-testid=session-status][data-state=idle]')
		.waitFor({ state: 'attached' });
}

/** A heat map as the viewer shows it. */
export interface ShownMap {
	/** What of the turned-back picture it covers, in fractions of the picture. */
	box: [x: number, y: number, width: number, height: number];
	/** Cells in a row, and in a column. */
	n: number;
	/** n x n bytes in base64. */
	values: string;
}

/**
 * Ask in the viewer which places counted, of the first likely images of the list as it is sorted.
 * @param most images that are asked of.
 */
export async function askForMaps(page: Page, most: number): Promise<void> {
	const likely = page.getByRole('button', { name: /^Likely / });
	await likely.click();
	const rows = page.getByRole('button', { name: /^View / });
	const count = Number((await likely.locator('.count').innerText()).replace(/\D/g, ''));
	if (count === 0) return;
	await rows.first().click();
	const viewer = page.getByTestId('viewer');
	await page.keyboard.press('h');
	for (let asked = 1; ; asked++) {
		const ended = page.locator('[data-testid=explanation]:not([data-state=reading])');
		await viewer
			.getByTestId('heat-map')
			.or(ended)
			.or(viewer.locator('.left [data-problem]'))
			.first()
			.waitFor({ timeout: STALL_MS });
		if (asked >= Math.min(most, count)) break;
		await page.keyboard.press('ArrowRight');
		await viewer.getByText(`Image ${asked + 1} of`).waitFor();
	}
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: /^All / }).click();
}

/** What the list keeps of its images, by the image's path. */
export interface KeptDetails {
	/** Which places counted; null where that was not asked for, or none stood out. */
	maps: Record<string, ShownMap | null>;
	/** What was read of the image; only of models that find a region first. */
	regions: Record<string, Region>;
	/** Every row, in the order in which they were added. */
	rows: KeptResult[];
	/** The same of photographs of smears. */
	fields: KeptField[];
}

/** What the list keeps of a field of a smear, its bytes in base64. */
export interface KeptField extends Pick<StoredResult, 'path' | 'status' | 'problem'> {
	radius: number | null;
	notes: string[];
	/** Packed cells (`smears/field.ts`); null where the file shows no field. */
	cells: string | null;
}

/** Read the list's details. The profile is new, so that all that is kept is this list's. */
export async function readDetails(page: Page): Promise<KeptDetails> {
	return page.evaluate(async (name) => {
		const answer = <T>(request: IDBRequest<T>): Promise<T> =>
			new Promise((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
			});
		const database = await answer(indexedDB.open(name));
		const results = database.transaction('results').objectStore('results');
		const rows = (await answer(results.getAll())) as StoredResult[];
		database.close();
		const inBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
		const details: KeptDetails = { maps: {}, regions: {}, rows: [], fields: [] };
		for (const { map, thumbnail, field: found, ...rest } of rows) {
			void thumbnail;
			const { path, status, problem, region } = rest;
			const field = found && {
				radius: found.radius,
				notes: [...found.notes],
				cells: inBase64(found.cells)
			};
			details.rows.push({ ...rest, field });
			details.fields.push({
				path,
				status,
				problem,
				radius: field?.radius ?? null,
				notes: field?.notes ?? [],
				cells: field?.cells ?? null
			});
			if (status === 'done') {
				details.maps[path] = map && {
					box: region?.box ?? [0, 0, 1, 1],
					n: Math.sqrt(map.length),
					values: inBase64(map)
				};
			}
			if (region) details.regions[path] = region;
		}
		return details;
	}, DATABASE_NAME);
}

async function storeModel(page: Page, model: string) {
	const state = page.locator('[data-testid=model-state]');
	const button = page.locator('[data-testid=download-model]');
	const stored = page.locator('[data-testid=model-state][data-state=stored]');
	// Before the page has looked what is stored, a press on its button goes nowhere.
	await page
		.locator('[data-testid=model-state]:not([data-state=looking])')
		.waitFor({ state: 'attached', timeout: MODEL_MS });
	if ((await stored.count()) === 0) await button.click();
	try {
		await stored.waitFor({ state: 'attached', timeout: MODEL_MS });
	} catch {
		const now = await state.getAttribute('data-state');
		throw new Problem(`The model ${model} could not be stored in the browser (state: ${now}).`);
	}
}

async function checkEngine(page: Page) {
	const engine = await page.locator('[data-testid=model-state]').getAttribute('data-engine');
	if (engine !== 'failed') return;
	const notice = await page.getByRole('alert').allInnerTexts();
	throw new Problem(`The app cannot read images with this backend here.\n${notice.join('\n')}`);
}

async function readTimes(page: Page) {
	// The observer that notes the end may come a moment after the attribute.
	await page.waitForFunction(() => window.fieldlensTimes?.done !== null);
	return page.evaluate(
		() => window.fieldlensTimes ?? { dropped: NaN, firstScore: null, done: null }
	);
}

/** Runs in the page: notes when files were given, when the first score and the end showed, and
 * when the engine began to load and was ready. */
function noteTimes() {
	document.addEventListener(
		'change',
		({ target: input }) => {
			if (!(input instanceof HTMLInputElement) || input.type !== 'file') return;
			window.fieldlensTimes = { dropped: performance.now(), firstScore: null, done: null };
		},
		true
	);
	new MutationObserver(() => {
		const engine = document.querySelector('[data-testid=model-state]')?.getAttribute('data-engine');
		if (engine === 'starting') window.fieldlensLoading ??= { starting: performance.now() };
		if (engine === 'ready' && window.fieldlensLoading) {
			window.fieldlensLoading.ready ??= performance.now();
		}
		const times = window.fieldlensTimes;
		if (!times || times.done !== null) return;
		if (times.firstScore === null && document.querySelector('[data-score]:not([data-score=""])')) {
			times.firstScore = performance.now();
		}
		if (document.querySelector('[data-testid=session-status][data-state=done]')) {
			times.done = performance.now();
		}
	}).observe(document, {
		subtree: true,
		childList: true,
		attributes: true,
		attributeFilter: ['data-state', 'data-score', 'data-engine']
	});
}
