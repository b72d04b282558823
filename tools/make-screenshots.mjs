// @ts-check
// Takes the README's pictures of the built app with the synthetic samples. Run after a change
// that shows.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { launchOptions } from './lib/browser.mjs';
import { startServer } from './lib/static-server.mjs';

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
const server = await startServer();
const browser = await chromium.launch(launchOptions());
const page = await browser.newPage({ viewport: { width: 1180, height: 900 } });
await page.goto(server.url);
await page.getByTestId('download-model').click();
await page.getByTestId('samples').click();
await page.locator('[data-testid=session-status][data-state=done]').waitFor();
const notice = page.getByTestId('offline-ready').getByRole('button');
if (await notice.isVisible()) await notice.click();
await page.screenshot({ path: `${folder}worklist.png` });
await page
	.getByRole('button', { name: /^View / })
	.first()
	.click();
await page.getByTestId('heat-map').waitFor();
await page.getByLabel('Your initials').fill('AB');
await page.getByRole('button', { name: 'No signs' }).click();
await page.getByRole('group', { name: 'Why it differs' }).waitFor();
await page.screenshot({ path: `${folder}review.png` });
await browser.close();
await server.close();
