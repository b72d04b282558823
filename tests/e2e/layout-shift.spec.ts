/** Nothing moves under the reader while a page finds out what it shows. */
import { expect, test, type Page } from '@playwright/test';
import { engineReady, finished, openApp, storeModel } from './app';

/**
 * Shifts of a whole visit, summed: never less than the Cumulative Layout Shift that Lighthouse
 * takes, which is the worst five seconds of it. https://web.dev/articles/cls
 */
const MOST = 0.05;

const SIZES = [
	{ width: 412, height: 823 },
	{ width: 800, height: 1200 },
	{ width: 1280, height: 800 }
];

/** Each page, and what it shows once it has looked at the device. */
const PAGES = {
	'': '[data-testid=drop-zone]',
	'models/': '[data-testid=model]',
	'sessions/': '[data-testid=storage-used]',
	'calibration/': '[data-testid=local-point]',
	'help/': 'h1'
};
type Path = keyof typeof PAGES;
const PATHS = Object.keys(PAGES) as Path[];

interface Shift extends PerformanceEntry {
	value: number;
	hadRecentInput: boolean;
	sources: { node: Node | null }[];
}

type Recorded = Window & { shifts: { value: number; what: string[] }[] };

/** Record the shifts that no key or click brought about, and make all slow enough to be seen. */
async function watch(page: Page): Promise<void> {
	await page.addInitScript(() => {
		const shifts: Recorded['shifts'] = ((window as unknown as Recorded).shifts = []);
		new PerformanceObserver((list) => {
			for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[]) {
				if (hadRecentInput) continue;
				const what = sources.map(({ node }) => node?.textContent?.trim().slice(0, 40) ?? '');
				shifts.push({ value, what });
			}
		}).observe({ type: 'layout-shift', buffered: true });
	});
	await page.route('**/models/**/*.json', async (route) => {
		await new Promise((resolve) => setTimeout(resolve, 400));
		await route.continue().catch(() => undefined);
	});
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}

/** Go to a page, let it find out all, and say how far things moved and which. */
async function shiftsOf(page: Page, path: Path, goes = true) {
	if (goes) await page.goto(`./${path}?backend=int8`);
	await expect(page.locator(PAGES[path]).first()).toBeVisible();
	await expect(page.locator('html')).not.toHaveAttribute('data-waits');
	return drawn(page);
}

async function drawn(page: Page) {
	// What comes right behind, and the frame that shows it.
	await page.waitForTimeout(500);
	return page.evaluate(() => (window as unknown as Recorded).shifts);
}

function expectStill(shifts: Recorded['shifts'], where: string): void {
	const moved = shifts.reduce((sum, { value }) => sum + value, 0);
	expect(moved, `${where}: ${JSON.stringify(shifts)}`).toBeLessThanOrEqual(MOST);
}

test('what moves is seen', async ({ page }) => {
	await watch(page);
	await shiftsOf(page, 'help/');
	await page.evaluate(() => {
		const late = document.createElement('p');
		late.style.height = '300px';
		document.querySelector('main')?.prepend(late);
	});
	await expect
		.poll(async () => (await drawn(page)).reduce((sum, { value }) => sum + value, 0))
		.toBeGreaterThan(MOST);
});

test('a page that waits for what is kept is shown in the end, whatever happens', async ({
	page
}) => {
	await page.goto('./help/');
	const heading = page.getByRole('heading', { level: 1 });
	await expect(heading).toBeVisible();
	// The clock of the wait stands still until its start was looked at.
	const isHiddenAtFirst = await page.evaluate(() => {
		document.documentElement.dataset.waits = 'all';
		const waits = document.getAnimations();
		for (const wait of waits) wait.pause();
		const { visibility } = getComputedStyle(document.querySelector('h1')!);
		for (const wait of waits) wait.play();
		return visibility === 'hidden';
	});
	expect(isHiddenAtFirst).toBe(true);
	await expect(heading).toBeVisible();
	await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
});

for (const viewport of SIZES) {
	test.describe(`at ${viewport.width} pixels`, () => {
		test.use({ viewport });

		for (const path of PATHS) {
			test(`/${path} stands still at a first visit`, async ({ page }) => {
				await watch(page);
				expectStill(await shiftsOf(page, path), path);
			});
		}
	});
}

test.describe('a font that comes late', () => {
	test.use({ serviceWorkers: 'block', viewport: SIZES[0] });

	for (const path of PATHS) {
		test(`moves nothing on /${path}`, async ({ page }) => {
			await watch(page);
			let release: () => void = () => undefined;
			const released = new Promise<void>((resolve) => (release = resolve));
			await page.route('**/*.woff2', async (route) => {
				await released;
				await route.continue().catch(() => undefined);
			});
			// The page's load is only over when the font is there.
			await page.goto(`./${path}?backend=int8`, { waitUntil: 'commit' });
			await expect(page.locator('h1').first()).toBeAttached();
			const statuses = () =>
				page.evaluate(() =>
					[...document.fonts]
						.filter(({ family }) => /^"?Noto Sans"?$/.test(family))
						.map(({ status }) => status)
				);
			await expect.poll(statuses).toContain('loading');
			// Drawn in the other font for a while.
			await drawn(page);
			release();
			await expect.poll(statuses).toContain('loaded');
			expectStill(await shiftsOf(page, path, false), path);
		});
	}
});

test('no page moves with a model on the device, nor with a list that is offered', async ({
	page
}) => {
	// Some ten pages, on a processor that is slowed down.
	test.setTimeout(300_000);
	await openApp(page, '?backend=int8');
	await expect(page.getByTestId('offline-ready')).toBeVisible();
	await storeModel(page);

	await watch(page);
	for (const path of PATHS) expectStill(await shiftsOf(page, path), `/${path} with a model`);

	await openApp(page, '?backend=int8');
	await engineReady(page);
	await page.getByTestId('samples').click();
	await finished(page);
	for (const viewport of SIZES) {
		await page.setViewportSize(viewport);
		// The pages that show something of lists.
		for (const path of ['', 'sessions/'] as const) {
			const shifts = await shiftsOf(page, path);
			expectStill(shifts, `/${path} with a list, at ${viewport.width} pixels`);
			if (path === '') await expect(page.getByTestId('resume-offer')).toBeVisible();
		}
	}
});
