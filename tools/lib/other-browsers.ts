// Firefox and WebKit for the tests: which are used, and how they are installed.
import { existsSync } from 'node:fs';
import { installDebianPackages } from './browser.ts';

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

/** A Firefox, installed where Debian's packages can be. */
export async function ensureFirefox(): Promise<string | LeftOut> {
	if (!findFirefox()) await installDebianPackages(['firefox-esr']);
	return (
		findFirefox() ?? {
			leftOut: 'not run: no Firefox. Install it (Debian: firefox-esr), or name it: FIREFOX_PATH'
		}
	);
}

/** A WebKit, installed where Debian's packages can be. */
export async function ensureWebKit(): Promise<WebKit | LeftOut> {
	if (!findWebKit()) await installDebianPackages(['webkit2gtk-driver', 'xvfb']);
	return (
		findWebKit() ?? {
			leftOut: 'not run: no WebKit that WebDriver drives (Debian: webkit2gtk-driver and xvfb)'
		}
	);
}
