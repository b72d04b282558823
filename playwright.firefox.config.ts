import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';
import { findFirefox } from './tools/lib/other-browsers.ts';

/** Not the port of Chromium's tests: their server may still be ending. */
const port = 4318;
const baseURL = `http://localhost:${port}/`;

/**
 * The tests whose titles end in `@firefox`, in the system's own Firefox by WebDriver BiDi. Which
 * are left out and why: docs/browsers.md.
 */
export default defineConfig({
	...base,
	grep: /@firefox/,
	// One that hangs, and is tried again, leaves the whole run below an hour.
	timeout: 300_000,
	retries: process.env['CI'] ? 2 : 0,
	use: {
		...base.use,
		baseURL,
		browserName: 'firefox',
		channel: 'moz-firefox',
		launchOptions: { executablePath: findFirefox() },
		// Traces take pictures of the page at each step, which BiDi is slow at.
		trace: 'off'
	},
	projects: [{ name: 'firefox' }],
	webServer: {
		command: 'tsx tools/serve.ts',
		env: { PORT: String(port), BASE_PATH: '' },
		url: baseURL,
		timeout: 300_000,
		reuseExistingServer: false
	}
});
