import { defineConfig } from '@playwright/test';
import { launchOptions } from './tools/lib/browser.ts';

/** Not the port of `npm start`: that one may be running. */
const port = 4317;

export default defineConfig({
	testDir: 'tests/e2e',
	outputDir: 'test-results',
	workers: 1,
	forbidOnly: Boolean(process.env['CI']),
	// On CI's shared cores a test may be starved once; Playwright then reports it as flaky.
	retries: process.env['CI'] ? 1 : 0,
	// Each limit ends a hang and says nothing about speed: a busy machine passes.
	timeout: 900_000,
	expect: { timeout: 120_000 },
	reporter: [['list']],
	use: {
		baseURL: `http://localhost:${port}/`,
		screenshot: 'only-on-failure',
		trace: 'retain-on-failure',
		launchOptions: launchOptions()
	},
	// A test for a GPU backend asks for its own flags:
	// test.use({ launchOptions: launchOptions('webgl') })
	projects: [{ name: 'wasm' }],
	webServer: {
		command: 'tsx tools/serve.ts',
		env: { PORT: String(port), BASE_PATH: '' },
		url: `http://localhost:${port}/`,
		timeout: 300_000,
		reuseExistingServer: false
	}
});
