// One way to drive Chromium, Firefox and WebKit: open a page and run scripts in it.
import { ensureChromium, launchOptions } from '../lib/browser.ts';
import { ensureFirefox, ensureWebKit } from '../lib/other-browsers.ts';
import { Problem } from '../lib/problem.ts';
import { openWebKit } from '../lib/webkit.ts';

export const BROWSER_NAMES = ['chromium', 'firefox', 'webkit'] as const;
export type BrowserName = (typeof BROWSER_NAMES)[number];

export interface AnyBrowser {
	version: string;
	goto: (url: string) => Promise<void>;
	/** What an expression is in the page, or what its promise comes to. */
	run: <T>(expression: string) => Promise<T>;
	close: () => Promise<void>;
}

/**
 * Open a browser with an empty profile.
 * @throws {Problem} where it is not there
 */
export async function openAny(name: BrowserName): Promise<AnyBrowser> {
	if (name === 'chromium') {
		await ensureChromium();
		const { chromium } = await import('playwright');
		return overPlaywright(await chromium.launch(launchOptions()));
	}
	if (name === 'firefox') {
		const executablePath = await ensureFirefox();
		if (typeof executablePath === 'object') throw new Problem(executablePath.leftOut);
		const { firefox } = await import('playwright-for-firefox');
		return overPlaywright(await firefox.launch({ channel: 'moz-firefox', executablePath }));
	}
	const webkit = await ensureWebKit();
	if ('leftOut' in webkit) throw new Problem(webkit.leftOut);
	const { driver, close } = await openWebKit(webkit);
	return {
		version: (await driver.getCapabilities()).getBrowserVersion() ?? '',
		goto: (url) => driver.get(url),
		run: (expression) =>
			driver.executeAsyncScript(
				`const answer = arguments[0]; Promise.resolve(${expression}).then(answer);`
			),
		close
	};
}

/** What is used of a browser of either Playwright, whose types differ. */
interface PlaywrightBrowser {
	version: () => string;
	newPage: () => Promise<{
		setDefaultTimeout: (milliseconds: number) => void;
		goto: (url: string) => Promise<unknown>;
		evaluate: (expression: string) => Promise<unknown>;
	}>;
	close: () => Promise<void>;
}

async function overPlaywright(browser: PlaywrightBrowser): Promise<AnyBrowser> {
	const page = await browser.newPage();
	page.setDefaultTimeout(0);
	return {
		version: browser.version(),
		goto: async (url) => {
			await page.goto(url);
		},
		run: <T>(expression: string) => page.evaluate(expression) as Promise<T>,
		close: () => browser.close()
	};
}
