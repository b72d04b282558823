/** What the browser tests share: opening the app, storing the model, folders of images. */
import { mkdtemp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';
import { encode } from 'fast-png';
import Papa from 'papaparse';

export const MODEL = 'pneumonia-resnet34';

/** The driver of Firefox emulates no dark colours: its tests are those in light ones. */
export const inFirefox = (colorScheme: 'light' | 'dark') =>
	colorScheme === 'light' ? ' @firefox' : '';

export async function expectAccessible(page: Page): Promise<void> {
	const { violations } = await new AxeBuilder({ page })
		.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
		.analyze();
	expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

/** Open the page and wait until it has looked at the device. */
export async function openApp(page: Page, query = ''): Promise<void> {
	await page.goto(`./${query}`);
	await expect(page.getByTestId('model-state')).not.toHaveAttribute('data-state', 'looking');
}

/** Download the model as a user does, and wait until it reads. */
export async function storeModel(page: Page): Promise<void> {
	await page.getByTestId('download-model').click();
	await expect(page.getByTestId('model-state')).toHaveAttribute('data-state', 'stored');
	await engineReady(page);
}

export async function engineReady(page: Page): Promise<void> {
	await expect(page.getByTestId('engine-panel')).toHaveAttribute('data-engine', 'ready', {
		timeout: 300_000
	});
}

const isFirefox = (page: Page) => page.context().browser()?.browserType().name() === 'firefox';

export async function addFolder(page: Page, folder: string): Promise<void> {
	const input = page.getByTestId('folder-input');
	if (isFirefox(page)) await giveFolder(input, folder);
	else await input.setInputFiles(folder);
}

/** What the chooser of a folder gives: WebDriver BiDi of Firefox takes no folders. */
async function giveFolder(input: Locator, folder: string): Promise<void> {
	const below = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = below
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name));
	const given = files.map(async (path) => ({
		path: relative(dirname(folder), path),
		content: (await readFile(path)).toString('base64')
	}));
	await input.evaluate(
		(element, all) => {
			const made = all.map(({ path, content }) => {
				const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
				const file = new File([bytes], path.split('/').at(-1) ?? '');
				return Object.defineProperty(file, 'webkitRelativePath', { value: path });
			});
			Object.defineProperty(element, 'files', { value: made, configurable: true });
			element.dispatchEvent(new Event('change', { bubbles: true }));
		},
		await Promise.all(given)
	);
}

/** Two clicks in one place. The driver of Firefox makes no double click of them. */
export async function doubleClick(page: Page, x: number, y: number): Promise<void> {
	await page.mouse.dblclick(x, y);
	if (!isFirefox(page)) return;
	await page.evaluate(
		([clientX, clientY]) =>
			document
				.elementFromPoint(clientX, clientY)
				?.dispatchEvent(new MouseEvent('dblclick', { clientX, clientY, bubbles: true })),
		[x, y] as const
	);
}

/** Longer than it takes to aim: a press sooner after the order changed is taken for a mistake. */
const AIMED_MS = 800;

export async function finished(page: Page, timeout = 300_000): Promise<void> {
	await expect(page.getByTestId('session-status')).toHaveAttribute('data-state', 'done', {
		timeout
	});
	await page.waitForTimeout(AIMED_MS);
}

export function row(page: Page, path: string) {
	return page.locator(`[role=row][data-path="${path}"]`);
}

/** Unfold what adds images to the list on the page and sets how they are read. */
export async function openControls(page: Page): Promise<void> {
	const button = page.getByRole('button', { name: 'Add images, settings' });
	if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
}

interface SavedFile {
	name: string;
	text: string;
}

/**
 * The file that a press gives the user.
 *
 * Firefox names no navigation for a file that a page makes itself, and Playwright then passes its
 * `browsingContext.downloadWillBegin` over: there it is taken from the link that is clicked.
 */
export async function savedFile(page: Page, press: () => Promise<void>): Promise<SavedFile> {
	if (isFirefox(page)) return savedInFirefox(page, press);
	const download = page.waitForEvent('download');
	await press();
	const file = await download;
	return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

async function savedInFirefox(page: Page, press: () => Promise<void>): Promise<SavedFile> {
	const saved = await page.evaluateHandle(() => {
		const { createObjectURL } = URL;
		const { click } = HTMLAnchorElement.prototype;
		const blobs = new Map<string, Blob>();
		URL.createObjectURL = (blob: Blob) => {
			const address = createObjectURL.call(URL, blob);
			blobs.set(address, blob);
			return address;
		};
		return {
			file: new Promise<{ name: string; text: string }>((resolve, reject) => {
				HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
					const blob = blobs.get(this.href);
					Object.assign(URL, { createObjectURL });
					HTMLAnchorElement.prototype.click = click;
					if (!blob) return reject(new Error(`The link to ${this.href} is clicked.`));
					// `text()` of a blob leaves out the byte order mark, which the file has.
					const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
					const { download: name } = this;
					blob
						.arrayBuffer()
						.then((bytes) => resolve({ name, text: decoder.decode(bytes) }), reject);
				};
			})
		};
	});
	await press();
	return saved.evaluate(({ file }) => file);
}

/** Press "Export CSV" and read the file back. */
export async function exportCsv(page: Page): Promise<Record<string, string>[]> {
	const { text } = await savedFile(page, () =>
		page.getByRole('button', { name: 'Export CSV' }).click()
	);
	const table = text.replace(/^\ufeff/, '').replace(/^sep=.\r\n/, '');
	const parsed = Papa.parse<Record<string, string>>(table, { header: true, skipEmptyLines: true });
	expect(parsed.errors).toEqual([]);
	return parsed.data;
}

/** One image of the exported list. */
interface Exported {
	path: string;
	/** Null where it was not read, or where it would mean nothing. */
	score: number | null;
	category: string | null;
	backend: string | null;
	time: string | null;
	/** Why it was not read. */
	reason: string | null;
	unlikeness: number | null;
	cropped: boolean;
	filmFound: boolean;
	region: { notes: string[]; outline: string } | null;
	outsideUse: { reasons: string[]; overruled: boolean } | null;
	review: { finding: string; agreement: string } | null;
}

/** Press "Export JSON" and read the file back: what the list knows, for programs. */
export async function exportList(page: Page): Promise<{
	model: { id: string; version: string };
	operatingPoint: { id: string; threshold: number };
	images: Exported[];
}> {
	await page.locator('summary').filter({ hasText: /^More/ }).click();
	const { text } = await savedFile(page, () =>
		page.getByRole('button', { name: /^Export JSON/ }).click()
	);
	return JSON.parse(text);
}

/** Scores by path as they are kept on the device, also those that are not shown. */
export async function keptScores(page: Page): Promise<Record<string, string>> {
	return page.evaluate(async () => {
		const answer = <T>(request: IDBRequest<T>): Promise<T> =>
			new Promise((resolve, reject) => {
				request.onsuccess = () => resolve(request.result);
				request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
			});
		const database = await answer(indexedDB.open('fieldlens'));
		const results = database.transaction('results').objectStore('results');
		const all = await answer<{ path: string; probability: number | null }[]>(results.getAll());
		database.close();
		return Object.fromEntries(
			all.map(({ path, probability }) => [path, probability?.toFixed(6) ?? ''])
		);
	});
}

/** Write files below a fresh folder named `folder`; returns its path. */
export async function folderOf(files: Record<string, Uint8Array | string>): Promise<string> {
	const root = join(await mkdtemp(join(tmpdir(), 'fieldlens-')), 'folder');
	for (const [path, content] of Object.entries(files)) {
		const target = join(root, path);
		await mkdir(dirname(target), { recursive: true });
		await writeFile(target, content);
	}
	return root;
}

/** One of the four synthetic X-rays that come with the page, 1 to 4. */
export function sample(number: number): Promise<Buffer> {
	return readFile(new URL(`../../static/samples/chest/synthetic-${number}.jpg`, import.meta.url));
}

/** A generated grey PNG of 8 or 16 bits. */
export function greyPng(width: number, height: number, depth: 8 | 16, seed = 1): Uint8Array {
	const count = width * height;
	const data = depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
	for (let i = 0; i < count; i++) {
		const value = 128 + 100 * Math.sin((seed * (i % width)) / 31) * Math.cos(i / width / 17);
		data[i] = depth === 16 ? value * 257 : value;
	}
	return encode({ width, height, data, depth, channels: 1 });
}

/** A site that offers one package alone, and no service worker to answer for it. */
export async function offerPackage(
	page: Page,
	{ manifest, files }: { manifest: { id: string }; files: ReadonlyMap<string, Uint8Array> }
): Promise<void> {
	await page.route('**/models/index.json', (route) =>
		route.fulfill({ json: { models: [manifest.id] } })
	);
	await page.route(`**/models/${manifest.id}/*`, (route) => {
		const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
		if (name === 'manifest.json') return route.fulfill({ json: manifest });
		return route.fulfill({ body: Buffer.from(files.get(name)!) });
	});
}
