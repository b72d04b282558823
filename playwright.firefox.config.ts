import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';
import { IN_FIREFOX } from './tests/e2e/firefox.ts';
import { findFirefox } from './tools/lib/other-browsers.ts';

const escaped = IN_FIREFOX.map((title) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));

/** The chosen tests in the system's own Firefox, by WebDriver BiDi. */
export default defineConfig({
	...base,
	grep: new RegExp(escaped.join('|')),
	use: {
		...base.use,
		browserName: 'firefox',
		channel: 'moz-firefox',
		launchOptions: { executablePath: findFirefox() },
		// Traces take pictures of the page at each step, which BiDi is slow at.
		trace: 'off'
	},
	projects: [{ name: 'firefox' }]
});
