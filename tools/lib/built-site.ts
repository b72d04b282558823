import { openBrowser } from './app-driver.ts';
import { ensureChromium } from './browser.ts';
import { ensureBuilt } from './build.ts';
import { startServer } from './static-server.ts';
import type { Page } from 'playwright';

/**
 * Builds the site where that is needed, serves it, and gives `work` an empty page of a browser
 * with a profile of its own and the site's address. Both are closed afterwards.
 */
export async function onBuiltSite(work: (page: Page, url: string) => Promise<void>): Promise<void> {
	await ensureBuilt();
	await ensureChromium();
	const server = await startServer();
	const browser = await openBrowser('auto');
	try {
		await work(await browser.context.newPage(), server.url);
	} finally {
		await browser.close();
		await server.close();
	}
}
