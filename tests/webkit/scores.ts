/** What Chromium makes of the same files, to compare another browser with. */
import { chromium } from 'playwright';
import { launchOptions } from '../../tools/lib/browser';

export type Scores = Record<string, number>;

/** Read a folder in Chromium. */
export async function scoresInChromium(
	url: string,
	backend: 'int8' | 'wasm',
	folder: string
): Promise<Scores> {
	const browser = await chromium.launch(launchOptions());
	try {
		const page = await browser.newPage();
		await page.goto(`${url}?backend=${backend}`);
		await page.getByTestId('download-model').click();
		await page.locator('[data-testid=engine-panel][data-engine=ready]').waitFor({ timeout: 0 });
		await page.getByTestId('folder-input').setInputFiles(folder);
		await page.locator('[data-testid=session-status][data-state=done]').waitFor({
			state: 'attached',
			timeout: 0
		});
		return await page.evaluate(READ_SCORES);
	} finally {
		await browser.close();
	}
}

/** In the page: the score of each row by its file's name; for any driver. */
export const READ_SCORES = `Object.fromEntries(
	[...document.querySelectorAll('[data-path][data-score]')]
		.filter((row) => row.dataset.score !== '')
		.map((row) => [row.dataset.path.split('/').at(-1), Number(row.dataset.score)])
)`;
