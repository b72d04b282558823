import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';
import { findFirefox } from './tools/lib/other-browsers.ts';

/**
 * The tests with the tag `@firefox`, in the system's own Firefox by WebDriver BiDi. Which they are
 * and why the others are left out: docs/browsers.md.
 */
export default defineConfig({
	...base,
	grep: /@firefox/,
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
