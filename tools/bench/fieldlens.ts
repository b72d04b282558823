// Fieldlens itself in the bench: the built app, from the drop of a folder to the last score.
import { clearList, openApp, screenFolder } from '../lib/app-driver.ts';
import { Problem } from '../lib/problem.ts';
import { watchMemory } from './processes.ts';
import type { Backend } from '../lib/browser.ts';
import type { Contender } from './engines.ts';
import type { Page } from 'playwright';

/** milliseconds from the drop to the first score on the page */
export interface FirstScores {
	/** in each round: the page was open and the model loaded */
	ready: number[];
	/** the folder was given as soon as the page showed */
	justOpened: number | null;
}

/**
 * Open the app with its model stored and one image read.
 * @param options folder: the images, `count` of them
 */
export async function openFieldlens({
	url,
	model,
	backend,
	folder,
	count
}: {
	url: string;
	model: string;
	backend: Backend;
	folder: string;
	count: number;
}): Promise<
	Contender & {
		firstScores: FirstScores;
		measureJustOpened: () => Promise<void>;
		measureLoading: (times: number) => Promise<number[]>;
	}
> {
	const {
		page,
		close,
		watched: memory
	} = await openApp({
		url,
		model,
		backend,
		onBrowser: watchMemory
	});
	const firstScores: FirstScores = { ready: [], justOpened: null };
	const lanes = await readLanes(page, backend).catch(async (error) => {
		await close();
		throw error;
	});
	const run = async () => {
		const times = await screenFolder(page, folder);
		await checkNoneFailed(page);
		return times;
	};
	return {
		engine: 'fieldlens',
		backend,
		numbers: backend === 'int8' ? 'int8' : 'fp32',
		layout: `${lanes} lane${lanes > 1 ? 's' : ''}`,
		threads: lanes,
		lanes,
		batch: 1,
		endToEnd: true,
		memory,
		firstScores,
		measure: async () => {
			const { dropped, firstScore, done } = await run();
			await clearList(page);
			firstScores.ready.push((firstScore ?? NaN) - dropped);
			return ((done ?? NaN) - dropped) / count;
		},
		measureJustOpened: async () => {
			await page.reload();
			const { dropped, firstScore } = await run();
			firstScores.justOpened = (firstScore ?? NaN) - dropped;
			await clearList(page);
		},
		measureLoading: async (times) => {
			const found = [];
			for (let i = 0; i < times; i++) found.push(await reloadAndTime(page));
			return found;
		},
		close
	};
}

/**
 * Open the page again, with nothing to read.
 * @returns milliseconds from the start of reading the stored package to the
 *   last check of the first lane
 */
async function reloadAndTime(page: Page): Promise<number> {
	await page.reload();
	const found = await page.waitForFunction(() => {
		const { starting = 0, ready } = window.fieldlensLoading ?? {};
		return ready === undefined ? null : ready - starting;
	});
	return found.jsonValue() as Promise<number>;
}

/**
 * How many images are read side by side.
 * @throws {Problem} when the page reads with something else than was asked for
 */
async function readLanes(page: Page, backend: Backend) {
	const panel = page.locator('[data-testid=engine-panel]');
	const used = await panel.getAttribute('data-backend');
	if (used !== backend) {
		throw new Problem(`Fieldlens cannot read with ${backend} here; it chose ${used}.`);
	}
	return Number(await panel.getAttribute('data-lanes'));
}

/**
 * @throws {Problem} when a file of its list was not read
 */
export async function checkNoneFailed(page: Page) {
	const status = await page.locator('[data-testid=session-status]').innerText();
	if (/not read|left out/.test(status)) {
		throw new Problem(`The bench needs images that can all be read. The page says: ${status}`);
	}
}
