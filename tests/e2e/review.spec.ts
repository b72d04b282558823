import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import {
	addFolder,
	doubleClick,
	expectAccessible,
	exportCsv,
	finished,
	folderOf,
	greyPng,
	inFirefox,
	openApp,
	openControls,
	row,
	sample,
	savedFile,
	storeModel
} from './app';

const viewer = (page: Page) => page.getByRole('dialog', { name: /synthetic|\.png|\.jpg/ });
const stage = (page: Page) => page.getByTestId('stage');
const zoomOf = async (page: Page) => Number(await stage(page).getAttribute('data-zoom'));
const picture = (page: Page) => page.getByRole('img', { name: /^The chest X-ray/ });
/** The value that stands beside a slider. */
const setting = (page: Page, label: string) =>
	page.locator('label', { hasText: label }).locator('output');

async function readSamples(page: Page): Promise<void> {
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await page.getByTestId('samples').click();
	await finished(page);
}

/** Open the first image of the list. */
async function view(page: Page): Promise<void> {
	await page
		.getByRole('button', { name: /^View / })
		.first()
		.click();
	await expect(picture(page)).toBeVisible();
}

test('an image is looked at closely, by keyboard and by mouse @firefox', async ({ page }) => {
	await readSamples(page);
	await view(page);
	await expect(viewer(page)).toContainText('Image 1 of 4');
	const whole = await zoomOf(page);
	await page.keyboard.press('+');
	await page.keyboard.press('+');
	await expect.poll(() => zoomOf(page)).toBeCloseTo(whole * 1.25 ** 2, 2);
	await page.keyboard.press('f');
	await expect.poll(() => zoomOf(page)).toBeCloseTo(whole, 3);

	const box = (await stage(page).boundingBox())!;
	const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
	await page.mouse.move(middle.x, middle.y);
	await page.mouse.wheel(0, -600);
	await expect.poll(() => zoomOf(page)).toBeGreaterThan(whole * 2);
	const before = (await picture(page).boundingBox())!;
	await page.mouse.down();
	await page.mouse.move(middle.x + 40, middle.y + 25, { steps: 4 });
	await page.mouse.up();
	const after = (await picture(page).boundingBox())!;
	expect([after.x - before.x, after.y - before.y].map(Math.round)).toEqual([40, 25]);
	await doubleClick(page, middle.x, middle.y);
	await expect.poll(() => zoomOf(page)).toBeCloseTo(whole, 3);

	await page.mouse.down({ button: 'right' });
	await page.mouse.move(middle.x + 60, middle.y - 30, { steps: 4 });
	await page.mouse.up({ button: 'right' });
	await expect(setting(page, 'Contrast')).toHaveText('20');
	await expect(setting(page, 'Brightness')).toHaveText('10');
	await page.keyboard.press('i');
	await expect(page.getByRole('button', { name: 'Invert' })).toHaveAttribute(
		'aria-pressed',
		'true'
	);
	await expect(picture(page)).toHaveCSS('filter', /url\(.*window-10-20-true/);

	const first = await picture(page).getAttribute('alt');
	await page.keyboard.press('ArrowRight');
	await expect(viewer(page)).toContainText('Image 2 of 4');
	await expect(picture(page)).not.toHaveAttribute('alt', first!);
	// The next one is seen as it is.
	await expect(picture(page)).toHaveCSS('filter', 'none');
	await page.keyboard.press('ArrowLeft');
	await expect(picture(page)).toHaveAttribute('alt', first!);
	await expect(page.getByRole('button', { name: 'Previous' })).toBeDisabled();

	await page.keyboard.press('k');
	await expect(page.getByTestId('keys')).toContainText('Undo the last review');
	await page.keyboard.press('Escape');
	await expect(page.getByTestId('keys')).toBeHidden();
	await page.keyboard.press('Escape');
	await expect(page.getByTestId('viewer')).toBeHidden();
});

test('two fingers zoom, and one finger changes the light where that is chosen @firefox', async ({
	page
}) => {
	await readSamples(page);
	await view(page);
	const whole = await zoomOf(page);
	const touch = (type: string, id: number, x: number, y: number) =>
		stage(page).evaluate(
			(element, [name, pointerId, left, top]) => {
				const { x: atX, y: atY } = element.getBoundingClientRect();
				element.setPointerCapture = () => undefined;
				element.dispatchEvent(
					new PointerEvent(`pointer${name}`, {
						pointerId: Number(pointerId),
						pointerType: 'touch',
						clientX: atX + Number(left),
						clientY: atY + Number(top),
						bubbles: true
					})
				);
			},
			[type, id, x, y] as const
		);
	await touch('down', 7, 200, 200);
	await touch('down', 8, 300, 200);
	await touch('move', 8, 400, 200);
	await touch('up', 7, 200, 200);
	await touch('up', 8, 400, 200);
	await expect.poll(() => zoomOf(page)).toBeCloseTo(whole * 2, 2);

	await page.getByRole('button', { name: 'Drag for brightness' }).click();
	await touch('down', 9, 200, 200);
	await touch('move', 9, 200, 170);
	await touch('up', 9, 200, 170);
	await expect(setting(page, 'Brightness')).toHaveText('10');
	await page.getByRole('button', { name: 'Reset' }).click();
	await expect(setting(page, 'Brightness')).toHaveText('0');
});

test('reviews are made by keys, shown in the list, filtered and saved @firefox', async ({
	page
}) => {
	await readSamples(page);
	// What the list is definite about, the most urgent first.
	const definite = await page
		.locator('[data-path]:is([data-category=likely], [data-category=not-seen])')
		.evaluateAll((all) =>
			all.map((one) => ({ ...(one as HTMLElement).dataset }) as Record<string, string>)
		);
	expect(definite.length).toBeGreaterThan(1);
	const [differing, agreeing] = definite;
	const keyOf = (category: string) => (category === 'likely' ? '1' : '2');
	const other = (key: string) => (key === '1' ? '2' : '1');

	await page.getByRole('button', { name: `View ${differing.path}`, exact: true }).click();
	await page.getByLabel('Your initials').pressSequentially('KL');
	await page.getByLabel('Your initials').blur();
	await page.keyboard.press(other(keyOf(differing.category)));
	await expect(page.getByTestId('agreement')).toHaveAttribute('data-agreement', 'differs');
	const reasons = page.getByRole('group', { name: 'Why it differs' }).getByRole('button');
	await reasons.first().click();
	const reason = (await reasons.first().innerText()).trim();
	await page.keyboard.press('n');
	await page.keyboard.type('=1+1 "left", 2 cm');
	// Digits of a note are no findings, and what is being written is kept when the viewer moves on.
	await page.getByRole('button', { name: 'Close' }).click();

	await page.getByRole('button', { name: `View ${agreeing.path}`, exact: true }).click();
	await page.keyboard.press('3');
	await expect(page.getByTestId('agreement')).toHaveAttribute('data-agreement', 'unsure');
	await page.keyboard.press('u');
	await expect(page.getByTestId('agreement')).toBeHidden();
	await page.keyboard.press(keyOf(agreeing.category));
	await expect(page.getByTestId('agreement')).toHaveAttribute('data-agreement', 'agree');
	await page.getByLabel('Your initials').press('ControlOrMeta+a');
	await page.keyboard.type('MN');
	await page.keyboard.press('Escape');
	await expect(page.getByTestId('viewer')).toBeHidden();
	await page.getByRole('button', { name: `View ${agreeing.path}`, exact: true }).click();
	// Kept though the field was left by Escape; what was said before stays by who said it.
	await expect(page.getByLabel('Your initials')).toHaveValue('MN');
	await expect(page.getByTestId('agreement')).toContainText('By KL');
	await page.keyboard.press('Escape');

	await expect(row(page, differing.path)).toContainText('Differs:');
	await expect(row(page, differing.path)).toContainText('KL');
	await expect(row(page, agreeing.path)).toHaveAttribute('data-agreement', 'agree');
	const filter = page.getByRole('combobox', { name: 'Reviewed' });
	await filter.selectOption({ label: 'Differs (1)' });
	await expect(page.locator('[data-path]')).toHaveCount(1);
	await expect(row(page, differing.path)).toBeVisible();
	await filter.selectOption({ label: 'Not reviewed (2)' });
	await expect(page.locator('[data-path]')).toHaveCount(2);
	await filter.selectOption({ label: 'Reviewed or not (4)' });

	const csv = await exportCsv(page);
	expect(csv).toHaveLength(4);
	const line = (path: string) => csv.find((one) => one['File'] === path)!;
	expect(line(differing.path)).toMatchObject({
		Review: differing.category === 'likely' ? 'No signs' : 'Signs seen',
		'Differs from the list': 'yes',
		'Why it differs': reason,
		// A spreadsheet runs no note.
		Note: `'=1+1 "left", 2 cm`,
		Initials: 'KL',
		'Why it was not read': ''
	});
	expect(line(agreeing.path)).toMatchObject({
		'Differs from the list': '',
		Initials: 'KL',
		Note: ''
	});

	await page.locator('summary', { hasText: 'More' }).click();
	const { text } = await savedFile(page, () =>
		page.getByRole('button', { name: /^Export JSON/ }).click()
	);
	const report = JSON.parse(text);
	expect(report.schema).toMatch(/^fieldlens-results\/1\./);
	expect(report.images).toHaveLength(4);
	const image = report.images.find((one: { path: string }) => one.path === differing.path);
	expect(image.review).toMatchObject({ agreement: 'differs', reviewer: 'KL' });
	expect(image.review.note).toBe('=1+1 "left", 2 cm');

	await openControls(page);
	await page.locator('summary', { hasText: 'Reviews' }).click();
	await expect(page.getByTestId('agreement-figures')).toContainText('1 of 2');
	await expectAccessible(page);

	// In another language the reason is the one that was chosen, in its words; files stay English.
	await page.locator('header select').selectOption('fr');
	await row(page, differing.path).getByRole('button').first().click();
	const chosen = page.locator('.reasons [aria-pressed=true]');
	await expect(chosen).toHaveCount(1);
	await expect(chosen).not.toHaveText(reason);
	await expect(page.locator('.reasons + label input')).toHaveValue('');
	await page.keyboard.press('Escape');
	await page.locator('header select').selectOption('en');
	await expect(page.locator('html')).toHaveAttribute('lang', 'en');

	// The initials are remembered by the device.
	page.on('dialog', (dialog) => void dialog.accept());
	await openApp(page, '?backend=wasm');
	await page.getByTestId('samples').click();
	await finished(page);
	await view(page);
	await expect(page.getByLabel('Your initials')).toHaveValue('MN');
});

test('the viewer shows what browsers do not draw, and says when a file is gone @firefox', async ({
	page
}) => {
	const folder = await folderOf({
		'deep.png': greyPng(300, 200, 16),
		'gone.jpg': await sample(1)
	});
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	// Files alone: drivers give folders from the disk in some browsers only.
	const files = ['deep.png', 'gone.jpg'].map((name) => join(folder, name));
	await page.getByTestId('file-input').setInputFiles(files);
	await finished(page);
	await rm(join(folder, 'gone.jpg'));

	await page.getByRole('button', { name: 'View deep.png' }).click();
	await expect(picture(page)).toBeVisible();
	expect(await picture(page).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(300);
	await page.getByRole('button', { name: 'Close' }).click();

	await page.getByRole('button', { name: 'View gone.jpg' }).click();
	await expect(page.locator('[data-problem=file-gone]')).toContainText('too coarse to judge by');
	// The small picture of the list.
	await expect(picture(page)).toBeVisible();
	expect(await picture(page).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(96);
	await expectAccessible(page);
});

test('an image that was not read has its place in the viewer and can be reviewed @firefox', async ({
	page
}) => {
	const whole = await sample(1);
	const folder = await folderOf({
		'torn.jpg': whole.subarray(0, Math.floor(whole.length * 0.6)),
		'good.jpg': whole
	});
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, folder);
	await finished(page);
	await expect(row(page, 'folder/torn.jpg')).toHaveAttribute('data-status', 'failed');

	await page.getByRole('button', { name: 'View good.jpg' }).click();
	await expect(viewer(page)).toContainText('Image 2 of 2');
	await page.keyboard.press('ArrowLeft');
	await expect(viewer(page)).toContainText('Image 1 of 2');
	await expect(page.getByTestId('unread')).toContainText('The end of the image is missing.');
	await expect(page.getByTestId('unread')).toContainText('Copy it again');
	await expect(viewer(page)).toContainText('No score');
	await expect(viewer(page)).not.toContainText('of 100');
	// What the browser makes of it, in its own shape.
	await expect(picture(page)).toBeVisible();
	const [drawn, own] = await picture(page).evaluate((img: HTMLImageElement) => [
		img.clientWidth / img.clientHeight,
		img.naturalWidth / img.naturalHeight
	]);
	expect(drawn).toBeCloseTo(own, 1);
	await expectAccessible(page);

	await page.keyboard.press('1');
	await page.keyboard.press('n');
	await page.keyboard.type('seen on the light box');
	await page.getByRole('button', { name: 'Close' }).click();
	await expect(row(page, 'folder/torn.jpg')).toHaveAttribute('data-finding', 'present');
	const csv = await exportCsv(page);
	expect(csv.find((line) => line['File'] === 'folder/torn.jpg')).toMatchObject({
		Review: 'Signs seen',
		Note: 'seen on the light box',
		'Score (0 to 100)': ''
	});
});

test('the list is printed, a page an image after a summary', async ({ page }) => {
	await page.addInitScript(() => {
		window.print = () => (document.documentElement.dataset.asked = 'to print');
	});
	await readSamples(page);
	await view(page);
	await page.keyboard.press('1');
	await page.keyboard.press('Escape');
	await page.locator('summary', { hasText: 'More' }).click();
	await page.getByRole('button', { name: /^Print/ }).click();
	await expect(page.locator('html')).toHaveAttribute('data-asked', 'to print');
	await expect(page.getByTestId('print')).toContainText('a summary and 4 pages');
	await expectAccessible(page);

	await page.emulateMedia({ media: 'print' });
	await expect(page.getByTestId('print-report')).toBeVisible();
	await expect(page.getByTestId('print')).toBeHidden();
	await expect(page.getByRole('banner')).toBeHidden();
	const pages = page.getByTestId('print-page');
	await expect(pages).toHaveCount(4);
	for (const said of ['of 100', 'Signs seen', 'Setting', 'a person decides', 'children'])
		await expect(pages.first()).toContainText(said, { ignoreCase: true });
	const drawn = await pages
		.locator('img')
		.evaluateAll((all) => all.map((img) => (img as HTMLImageElement).naturalWidth));
	expect(drawn).toHaveLength(4);
	expect(Math.min(...drawn)).toBeGreaterThan(200);
	const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
	expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(5);

	await page.emulateMedia({ media: 'screen' });
	await page.getByRole('button', { name: 'Close' }).click();
	await expect(page.getByTestId('print-report')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
	test.describe(colorScheme, () => {
		test.use({ colorScheme, viewport: { width: 800, height: 1280 } });
		test(`the viewer is accessible in ${colorScheme} colours${inFirefox(colorScheme)}`, async ({
			page
		}) => {
			await readSamples(page);
			await view(page);
			await expectAccessible(page);
			for (const key of ['1', '2']) {
				await page.keyboard.press(key);
				await expect(page.getByTestId('agreement')).toBeVisible();
				await expectAccessible(page);
			}
			await page.keyboard.press('k');
			await expect(page.getByTestId('keys')).toBeVisible();
			await expectAccessible(page);
			await page.keyboard.press('k');
			const small = await page
				.getByTestId('viewer')
				.locator('button:visible, input:visible, textarea:visible')
				.evaluateAll((all) =>
					all
						.filter((one) => one.getBoundingClientRect().height < 43.5)
						.map((one) => one.outerHTML.slice(0, 120))
				);
			expect(small).toEqual([]);
			const tooWide = await page.evaluate(() => {
				const dialog = document.querySelector('dialog')!;
				// The page's own box ends where the place of the scroll bar begins.
				const end = document.documentElement.getBoundingClientRect().right;
				return [
					dialog.getBoundingClientRect().right - end,
					dialog.scrollWidth - dialog.clientWidth
				];
			});
			expect(tooWide).toEqual([0, 0]);
			// Each part below the other, none over another.
			const parts = [stage(page), page.getByRole('group', { name: 'How the image is shown' })];
			parts.push(page.getByRole('complementary', { name: 'Score and review' }));
			const boxes = await Promise.all(parts.map(async (part) => (await part.boundingBox())!));
			expect(boxes[1].y).toBeGreaterThanOrEqual(boxes[0].y + boxes[0].height);
			expect(boxes[2].y).toBeGreaterThanOrEqual(boxes[1].y + boxes[1].height);
		});
	});
}
