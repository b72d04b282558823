/**
 * The first day in WebKit, statement by statement, as a Safari user has it
 * (`npm run test:webkit`). Each statement goes on from the one before. Its scores are compared
 * with Chromium's.
 */
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/index-native.js';
import Papa from 'papaparse';
import { By } from 'selenium-webdriver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findWebKit } from '../../tools/lib/other-browsers';
import { startServer, type RunningServer } from '../../tools/lib/static-server';
import { openWebKit, until, type Session } from '../../tools/lib/webkit';
import { folderOf, greyPng, sample } from '../e2e/app';
import { madeNamed } from '../unit/helpers/dicom';
import { button, Page } from './page';
import { scoresInChromium, type Scores } from './scores';

let server: RunningServer;
let session: Session;
let page: Page;
let folder: string;
/** What the first list says. */
let first: Scores;

beforeAll(async () => {
	const webkit = findWebKit();
	if (!webkit) throw new Error('WebKit is not installed: npm test installs it on Debian');
	server = await startServer({ base: '/below/this' });
	session = await openWebKit(webkit);
	page = new Page(session.driver);
	folder = await folderOf({
		'one.jpg': await sample(1),
		'two.jpg': await sample(2),
		'three.jpg': await sample(3),
		'sixteen bits.png': greyPng(300, 200, 16),
		'child.dcm': madeNamed('window').bytes,
		'film.zip': await zipOf('inner.jpg', await sample(4)),
		'no image.jpg': 'text'
	});
});

afterAll(async () => {
	await session?.close();
	await server?.close();
});

async function zipOf(name: string, content: Uint8Array): Promise<Uint8Array> {
	const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
	await writer.add(name, new Uint8ArrayReader(content));
	return new Uint8Array(await (await writer.close()).arrayBuffer());
}

function expectSame(found: Scores, wanted: Scores, tolerance: number): void {
	expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
	for (const [name, score] of Object.entries(wanted)) {
		expect(Math.abs((found[name] ?? NaN) - score), name).toBeLessThanOrEqual(tolerance);
	}
}

const pathOf = (name: string) => `[data-path="${name}"]`;

it('the page opens and asks for its model', async () => {
	await page.driver.get(`${server.url}?backend=int8`);
	await page.shows('model-state', 'data-state', 'not-stored');
	expect(await page.driver.findElement(By.css('h1')).getText()).not.toBe('');
});

it('the page is stored for use without a network', async () => {
	await until(
		async () => (await page.count('[data-testid=offline-ready]')) > 0,
		'the shell is stored'
	);
});

it('the model is downloaded and reads on the int8 engine', async () => {
	await page.press('[data-testid=download-model]');
	await page.engineReady();
	expect(await page.attribute('engine-panel', 'data-backend')).toBe('int8');
});

it('JPEG, a PNG of 16 bits, DICOM and a ZIP archive are read', async () => {
	await page.addFiles(folder);
	await page.finished();
	first = await page.scores();
	expect(Object.keys(first)).toHaveLength(6);
});

it('the scores are Chromium’s', async () => {
	// Shown with six decimals: the last may be rounded the other way.
	expectSame(first, await scoresInChromium(server.url, 'int8', folder), 1.01e-6);
});

it('an image is looked at closely and reviewed by keys', async () => {
	await page.press(button('View one.jpg'));
	const picture = '[data-testid=stage] img';
	await until(
		() =>
			page.driver.executeScript<boolean>(
				'return document.querySelector(arguments[0])?.naturalWidth === 640',
				picture
			),
		'the image is shown'
	);
	const before = Number(await page.attribute('stage', 'data-zoom'));
	await page.keys('+', '+');
	await until(
		async () => Number(await page.attribute('stage', 'data-zoom')) > before * 1.4,
		'it is larger'
	);
	await page.keys('1');
	await until(async () => (await page.count('[data-testid=agreement]')) === 1, 'it is reviewed');
	await page.press(button('Close'));
	// A press while it is still open would go to what lies behind it.
	await until(async () => (await page.count('dialog[open]')) === 0, 'the viewer is closed');
	await until(
		async () => (await page.count(`${pathOf('one.jpg')}[data-finding=present]`)) === 1,
		'the list says so'
	);
});

it('the table that is saved says what the list says', async () => {
	await page.driver.executeScript(
		`const make = URL.createObjectURL;
		URL.createObjectURL = (content) => {
			// Not the small pictures of the list, which have addresses, too.
			if (content.type.startsWith('text/csv')) window.saved = content;
			return make.call(URL, content);
		};`
	);
	await page.press(button('Export CSV'));
	await until(() => page.driver.executeScript<boolean>('return "saved" in window'), 'it is saved');
	const text = await page.driver.executeAsyncScript<string>(
		'window.saved.text().then(arguments[0])'
	);
	const { data } = Papa.parse<Record<string, string>>(text.replace(/^(\ufeff|sep=.\r\n)/, ''), {
		header: true,
		skipEmptyLines: true
	});
	expect(data).toHaveLength(7);
	const [SCORE, REASON] = ['Score (0 to 100)', 'Why it was not read'];
	const nameOf = (line: Record<string, string>) => line['File']!.split('/').at(-1)!;
	const scored = data.filter((line) => line[SCORE] !== '');
	// Of what is not recognised none is shown.
	expect(scored).toHaveLength(4);
	// As the list shows them: of 100, and rounded.
	expectSame(
		Object.fromEntries(scored.map((line) => [nameOf(line), Number(line[SCORE]) / 100])),
		Object.fromEntries(scored.map((line) => [nameOf(line), first[nameOf(line)]!])),
		0.0051
	);
	const lineOf = (path: string) => data.find(({ File }) => File === path);
	expect(lineOf('one.jpg')).toMatchObject({ Review: 'Signs seen' });
	expect(lineOf('no image.jpg')?.[REASON]).not.toBe('');
});

it('Arabic runs from right to left and has its font', async () => {
	await page.speak('ar');
	const direction = 'return getComputedStyle(document.body).direction';
	expect(await page.driver.executeScript(direction)).toBe('rtl');
	await until(
		() =>
			page.driver.executeScript<boolean>(
				`return [...document.fonts].some(({ family, status, unicodeRange }) =>
					/Noto Sans/.test(family) && status === 'loaded' && /U\\+0?600/i.test(unicodeRange))`
			),
		'its font is there'
	);
	expect(await page.excess()).toBeLessThanOrEqual(0);
	await page.speak('en');
});

it('the page is no wider than the window of a tablet', async () => {
	// MiniBrowser's own bar of tools takes more than the width of a phone.
	const window = page.driver.manage().window();
	await window.setRect({ width: 800, height: 1180 });
	await until(
		() => page.driver.executeScript<boolean>('return innerWidth <= 800'),
		'the window is narrow'
	);
	expect(await page.excess()).toBeLessThanOrEqual(0);
	await window.setRect({ width: 1200, height: 860 });
});

it('TensorFlow.js in WebAssembly gives Chromium’s scores', async () => {
	const few = await folderOf({
		'one.jpg': await sample(1),
		'sixteen bits.png': greyPng(300, 200, 16),
		'child.dcm': madeNamed('window').bytes
	});
	await page.driver.get(`${server.url}?backend=wasm`);
	await page.engineReady();
	expect(await page.attribute('engine-panel', 'data-backend')).toBe('wasm');
	await page.addFiles(few);
	await page.finished();
	expectSame(await page.scores(), await scoresInChromium(server.url, 'wasm', few), 1e-4);
});

it('with the server gone the page opens, with all lists that were kept', async () => {
	await server.close();
	await page.driver.get(`${server.url}sessions/`);
	await until(async () => (await page.count('[data-testid=session]')) === 2, 'there are two lists');
	await page.press(By.xpath('(//*[@data-testid="session"])[2]//button[1]'));
	await page.finished();
	expectSame(await page.scores(), first, 0);
	expect(await page.count(`${pathOf('one.jpg')}[data-finding=present]`)).toBe(1);
});

it('with the server gone a new list is read, with the same scores', async () => {
	await page.driver.get(`${server.url}?backend=int8`);
	await page.engineReady();
	expect(await page.attribute('engine-panel', 'data-backend')).toBe('int8');
	await page.addFiles(await folderOf({ 'one.jpg': await sample(1), 'three.jpg': await sample(3) }));
	await page.finished();
	const { 'one.jpg': one, 'three.jpg': three } = first;
	expectSame(await page.scores(), { 'one.jpg': one!, 'three.jpg': three! }, 0);
});
