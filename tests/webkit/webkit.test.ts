/**
 * The whole job in WebKit, statement by statement, as a Safari user does it
 * (`npm run test:webkit`). Each statement goes on from the one before. Its scores are compared
 * with Chromium's.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/index-native.js';
import { By, Key, type WebDriver } from 'selenium-webdriver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findWebKit } from '../../tools/lib/other-browsers';
import { startServer, type RunningServer } from '../../tools/lib/static-server';
import { folderOf, greyPng, sample } from '../e2e/app';
import { madeNamed } from '../unit/helpers/dicom';
import { attribute, openWebKit, press, until, type Session } from './browser';
import { READ_SCORES, scoresInChromium, type Scores } from './scores';

let server: RunningServer;
let session: Session;
let driver: WebDriver;
let folder: string;

beforeAll(async () => {
	const webkit = findWebKit();
	if (!webkit) throw new Error('WebKit is not installed: npm test installs it on Debian');
	server = await startServer({ base: '/below/this' });
	session = await openWebKit(webkit);
	({ driver } = session);
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

const state = () => attribute(driver, 'session-status', 'data-state');
const scores = () => driver.executeScript<Scores>(`return ${READ_SCORES}`);
const text = (selector: string) => driver.findElement(By.css(selector)).getText();
const heading = () => text('h1, h2');

async function zipOf(name: string, content: Uint8Array): Promise<Uint8Array> {
	const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
	await writer.add(name, new Uint8ArrayReader(content));
	return new Uint8Array(await (await writer.close()).arrayBuffer());
}

async function engineReady(): Promise<void> {
	await until(
		async () => (await attribute(driver, 'engine-panel', 'data-engine')) === 'ready',
		'the engine is ready'
	);
}

/** Give the page files as its chooser does, folders left out. */
async function addFiles(folder: string): Promise<void> {
	const names = await readdir(folder);
	const files = await Promise.all(
		names.map(async (name) => [name, (await readFile(join(folder, name))).toString('base64')])
	);
	await driver.executeScript(
		`const transfer = new DataTransfer();
		for (const [name, content] of arguments[0]) {
			const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
			transfer.items.add(new File([bytes], name));
		}
		const input = document.querySelector('[data-testid=file-input]');
		input.files = transfer.files;
		input.dispatchEvent(new Event('change', { bubbles: true }));`,
		files
	);
}

async function finished(): Promise<void> {
	await until(async () => (await state()) === 'done', 'the list is done').catch(async (error) => {
		throw new Error(`${error} ${await text('main')}`);
	});
}

/** A list of its own for what follows. */
async function newList(): Promise<void> {
	const found = await driver.findElements(By.xpath('//button[normalize-space()="New list"]'));
	await found[0]?.click();
	await until(async () => (await state()) === 'idle', 'the list is empty');
}

function expectSame(found: Scores, wanted: Scores, tolerance: number): void {
	expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort());
	for (const [name, score] of Object.entries(wanted)) {
		expect(Math.abs((found[name] ?? NaN) - score), name).toBeLessThanOrEqual(tolerance);
	}
}

it('the page opens and asks for its model', async () => {
	await driver.get(`${server.url}?backend=int8`);
	await until(
		async () => (await attribute(driver, 'model-state', 'data-state')) === 'not-stored',
		'the page has looked at the device'
	);
	expect(await heading()).not.toBe('');
});

it('the page is stored for use without a network', async () => {
	await until(
		async () => (await driver.findElements(By.css('[data-testid=offline-ready]'))).length > 0,
		'the shell is stored'
	);
});

it('the model is downloaded and reads on the int8 engine', async () => {
	await press(driver, '[data-testid=download-model]');
	await engineReady();
	expect(await attribute(driver, 'engine-panel', 'data-backend')).toBe('int8');
});

it('JPEG, a PNG of 16 bits, DICOM and a ZIP archive are read', async () => {
	await addFiles(folder);
	await finished();
	expect(Object.keys(await scores())).toHaveLength(6);
});

it('the scores are Chromium’s', async () => {
	const wanted = await scoresInChromium(server.url, 'int8', folder);
	expect(Object.keys(wanted)).toHaveLength(6);
	// Shown with six decimals: the last may be rounded the other way.
	expectSame(await scores(), wanted, 1.01e-6);
});

it('a file that is no image is named and has no score', async () => {
	const row = await driver.findElement(By.css('[data-path$="no image.jpg"]'));
	expect(await row.getAttribute('data-status')).toBe('failed');
	expect(await row.getAttribute('data-score')).toBe('');
});

it('the viewer shows an image and goes to the next by key', async () => {
	await press(driver, '[role=row] button');
	await until(
		async () => (await driver.findElements(By.css('[data-testid=viewer]'))).length > 0,
		'the viewer is open'
	);
	await driver.actions().sendKeys(Key.ARROW_RIGHT).perform();
	await until(
		async () => /Image 2 of/.test(await text('[data-testid=viewer]')),
		'the next is shown'
	);
	await driver.actions().sendKeys(Key.ESCAPE).perform();
	await until(
		async () => (await driver.findElements(By.css('[data-testid=viewer]'))).length === 0,
		'the viewer is closed'
	);
});

it('the list is exported as CSV', async () => {
	const csv = await driver.executeAsyncScript<string>(
		`const done = arguments[0];
		const make = URL.createObjectURL;
		URL.createObjectURL = (blob) => {
			URL.createObjectURL = make;
			void blob.text().then(done);
			return make.call(URL, blob);
		};
		HTMLAnchorElement.prototype.click = () => undefined;
		[...document.querySelectorAll('button')].find((button) => button.textContent.includes('Export CSV')).click();`
	);
	expect(csv).toContain('two.jpg');
	expect(csv.trim().split('\n')).toHaveLength(8);
});

it('with the server gone the page opens again and offers the list', async () => {
	await server.close();
	await driver.navigate().refresh();
	await engineReady();
	await until(
		async () => (await driver.findElements(By.css('[data-testid=resume-offer]'))).length > 0,
		'the list is offered'
	);
});

it('with the server gone the kept list opens with its scores', async () => {
	await driver
		.findElement(By.xpath('//*[@data-testid="resume-offer"]//button[contains(., "Open it")]'))
		.click();
	await until(async () => Object.keys(await scores()).length === 6, 'the rows are back');
});

it('with the server gone a new batch is read', async () => {
	await newList();
	await addFiles(await folderOf({ 'later.jpg': await sample(2) }));
	await finished();
	expect(Object.keys(await scores())).toEqual(['later.jpg']);
});

it.each([
	['a tablet', 800, 1280],
	['a phone', 412, 915],
	['a laptop', 1366, 668]
])('nothing is wider than the window of %s', async (_, width, height) => {
	await driver.manage().window().setRect({ width, height, x: 0, y: 0 });
	const [wide, window] = await driver.executeScript<[number, number]>(
		'return [document.documentElement.scrollWidth, innerWidth]'
	);
	expect(wide).toBeLessThanOrEqual(window);
});
