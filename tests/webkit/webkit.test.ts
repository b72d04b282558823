/**
 * The first visit in WebKit, statement by statement, as a Safari user makes it
 * (`npm run test:webkit`). Each statement goes on from the one before. Its scores are compared
 * with Chromium's.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/index-native.js';
import { By, type WebDriver } from 'selenium-webdriver';
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
	await until(async () => (await state()) === 'done', 'the list is done');
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
	expect(await driver.findElement(By.css('h1')).getText()).not.toBe('');
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
