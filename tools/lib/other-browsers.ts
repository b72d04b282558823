// Firefox and WebKit for the tests: which are used, and how they are installed.
import { existsSync } from 'node:fs';
import { installDebianPackages } from './browser.ts';
import { messageOf } from './problem.ts';

/** What is needed and missing, said to the user. */
export interface LeftOut {
	leftOut: string;
}

/** The programs behind a WebKit that WebDriver drives. */
export interface WebKit {
	driver: string;
	browser: string;
	/** A screen for it where there is none. */
	screen: string;
}

const FIREFOX = [
	'/usr/bin/firefox-esr',
	'/usr/bin/firefox',
	'/Applications/Firefox.app/Contents/MacOS/firefox'
];
const WEBKIT_DRIVERS = ['/usr/bin/WebKitWebDriver'];
const WEBKIT_BROWSERS = ['x86_64', 'aarch64'].map(
	(machine) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser`
);
const SCREENS = ['/usr/bin/Xvfb'];

/** FIREFOX_PATH, or the system's; undefined where there is none. */
export function findFirefox(): string | undefined {
	return [process.env['FIREFOX_PATH'] ?? '', ...FIREFOX].find((path) => existsSync(path));
}

/** The system's WebKit; undefined where a part of it is missing. */
export function findWebKit(): WebKit | undefined {
	const [driver, browser, screen] = [WEBKIT_DRIVERS, WEBKIT_BROWSERS, SCREENS].map((paths) =>
		paths.find((path) => existsSync(path))
	);
	return driver && browser && screen ? { driver, browser, screen } : undefined;
}

/** A Firefox that opens a page, installed where Debian's packages can be. */
export async function ensureFirefox(): Promise<string | LeftOut> {
	if (!findFirefox()) await installDebianPackages(['firefox-esr']);
	const path = findFirefox();
	if (path === undefined) {
		return {
			leftOut: 'not run: no Firefox. Install it (Debian: firefox-esr), or name it: FIREFOX_PATH'
		};
	}
	try {
		await tryFirefox(path);
		return path;
	} catch (error) {
		return { leftOut: `not run: ${path} opens no page for Playwright: ${firstLineOf(error)}` };
	}
}

/** A WebKit that opens a page, installed where Debian's packages can be. */
export async function ensureWebKit(): Promise<WebKit | LeftOut> {
	if (!findWebKit()) await installDebianPackages(['webkit2gtk-driver', 'xvfb']);
	const webkit = findWebKit();
	if (webkit === undefined) {
		return {
			leftOut: 'not run: no WebKit that WebDriver drives (Debian: webkit2gtk-driver and xvfb)'
		};
	}
	try {
		const { openWebKit } = await import('./webkit.ts');
		const { driver, close } = await openWebKit(webkit);
		await driver.get('about:blank').finally(close);
		return webkit;
	} catch (error) {
		return { leftOut: `not run: ${webkit.browser} opens no page: ${firstLineOf(error)}` };
	}
}

/** Which Firefox Playwright can drive is a matter of both versions. */
async function tryFirefox(executablePath: string): Promise<void> {
	const { firefox } = await import('playwright-for-firefox');
	const browser = await firefox.launch({ channel: 'moz-firefox', executablePath });
	try {
		await (await browser.newPage()).goto('about:blank');
	} finally {
		await browser.close();
	}
}

function firstLineOf(error: unknown): string {
	return messageOf(error).split('\n')[0] ?? '';
}
