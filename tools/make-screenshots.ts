// Takes the README's pictures of the built app with the synthetic samples. Run after a change
// that shows.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { launchOptions, NAME_HELPER } from './lib/browser.ts';
import { mixedSamples } from './lib/mixed-samples.ts';
import { startServer } from './lib/static-server.ts';

const folder = fileURLToPath(new URL('../docs/images', import.meta.url));
const server = await startServer();
const browser = await chromium.launch(launchOptions());
const page = await browser.newPage({ viewport: { width: 1180, height: 900 } });
await page.addInitScript(NAME_HELPER);
await page.goto(server.url);
await page.getByTestId('download-model').click();
await page.getByTestId('samples').click();
await page.locator('[data-testid=session-status][data-state=done]').waitFor();
const notice = page.getByTestId('offline-ready').getByRole('button');
if (await notice.isVisible()) await notice.click();
// The list takes the eye there when it begins; the picture shows the page from its top.
await page.evaluate(() => scrollTo(0, 0));
await page.screenshot({ path: join(folder, 'worklist.png') });
await page
	.getByRole('button', { name: /^View / })
	.first()
	.click();
await page.getByTestId('stage').getByRole('img').first().waitFor();
await page.getByLabel('Your initials').fill('AB');
await page.getByRole('button', { name: 'No signs' }).click();
await page.getByRole('group', { name: 'Why it differs' }).waitFor();
await page.screenshot({ path: join(folder, 'review.png') });

// The page on local calibration, of a folder with both classes.
await page.goto(server.url);
await page.locator('[data-testid=engine-panel][data-engine=ready]').waitFor();
const images = await mixedSamples(page, 80);
const work = await mkdtemp(join(tmpdir(), 'fieldlens-pictures-'));
for (const [path, content] of Object.entries(images)) {
	await mkdir(dirname(join(work, 'images', path)), { recursive: true });
	await writeFile(join(work, 'images', path), content);
}
await page.getByTestId('folder-input').setInputFiles(join(work, 'images'));
await page.locator('[data-testid=session-status][data-state=done]').waitFor({ timeout: 180_000 });
await page.getByRole('link', { name: 'Calibration' }).click();
await page.getByTestId('proposal').getByText('Proposed: flag from').waitFor();
await page.getByTestId('study').screenshot({ path: join(folder, 'calibration.png') });
await rm(work, { recursive: true });
await browser.close();
await server.close();
