/**
 * The graphics lane on a real WebGL and WebGPU (software adapters stand in for the chip):
 * what it is given, batches in flight, and a device that is lost under them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { build } from 'vite';
import type { Manifest } from '../../src/lib/models/manifest';
import { launchOptions } from '../../tools/lib/browser';
import { startServer, type RunningServer } from '../../tools/lib/static-server';
import { exampleManifest } from '../unit/helpers/manifest';
import { smallModel } from '../unit/helpers/small-model';
import type { Fate, GraphicsPage, PlainPackage } from './graphics-page';

const ENTRY = fileURLToPath(new URL('./graphics-page.ts', import.meta.url));

let folder: string;
let server: RunningServer;

test.beforeAll(async () => {
	test.setTimeout(300_000);
	folder = await mkdtemp(join(tmpdir(), 'fieldlens-graphics-'));
	await build({
		root: dirname(ENTRY),
		configFile: false,
		publicDir: false,
		logLevel: 'error',
		build: {
			target: 'es2022',
			outDir: folder,
			emptyOutDir: false,
			rolldownOptions: { input: ENTRY, output: { entryFileNames: 'page.js' } }
		}
	});
	const html = '<!doctype html><title>Graphics</title><script type="module" src="/page.js">';
	await writeFile(join(folder, 'index.html'), `${html}</script>`);
	server = await startServer({ root: folder });
});

test.afterAll(async () => {
	await server?.close();
	await rm(folder, { recursive: true, force: true });
});

type Name = keyof GraphicsPage;

/** Call the page's function of that name. */
function call<N extends Name>(page: Page, name: N, ...given: Parameters<GraphicsPage[N]>) {
	return page.evaluate(
		([each, values]) => {
			const { graphicsPage } = window as unknown as {
				graphicsPage: Record<string, (...all: unknown[]) => unknown>;
			};
			return graphicsPage[each](...values);
		},
		[name, given] as [string, unknown[]]
	) as Promise<Awaited<ReturnType<GraphicsPage[N]>>>;
}

function plainPackage(): PlainPackage {
	const { manifest, topology, weights } = smallModel({ centre: [0.5, 0.5, 1] });
	return { manifest, topology, weights: [...new Uint8Array(weights)] };
}

const CORNER = [255, 0, 0, 0];
const DARK = [0, 0, 0, 0];
const GREY = [90, 200, 17, 128];

function inputOf(width: number, height: number, channels: 1 | 3): Manifest['classifier']['input'] {
	const mean = [0.482, 0.611, 0.557].slice(0, channels);
	const std = [0.236, 0.192, 0.301].slice(0, channels);
	return { ...exampleManifest().classifier.input, width, height, channels, mean, std };
}

const errorsOf = (fates: Fate[]) => fates.map(({ error }) => error);

for (const backend of ['webgl', 'webgpu'] as const) {
	test.describe(`on ${backend}`, () => {
		test.describe.configure({ timeout: 300_000 });
		let browser: Browser;
		let page: Page;

		test.beforeAll(async () => {
			browser = await chromium.launch(launchOptions(backend));
		});
		test.afterAll(async () => {
			await browser?.close();
		});
		test.beforeEach(async () => {
			page = await browser.newPage();
			await page.goto(server.url);
			await page.waitForFunction(() => 'graphicsPage' in window);
			await call(page, 'start', backend);
		});
		test.afterEach(async () => {
			await page.close();
		});

		test('bytes become what they become on the processor, to the last bit', async () => {
			for (const [channels, count] of [
				[1, 1],
				[1, 8],
				[3, 1],
				[3, 4]
			] as const) {
				// Every byte in every place of a word.
				const input = inputOf(20, 52, channels);
				const pixels = Array.from(
					{ length: count * 20 * 52 * channels },
					(_, i) => (i * 37 + 11) % 256
				);
				const { shape, made, expected } = await call(page, 'inputs', input, pixels, count);
				expect(shape).toEqual([count, 52, 20, channels]);
				expect(made).toEqual(expected);
			}
		});

		test('each of two batches in flight gets its own, and no tensor stays', async () => {
			await call(page, 'load', plainPackage());
			const batches = [[CORNER, DARK], [GREY, CORNER, DARK, GREY], [DARK]];
			const alone: Fate[] = [];
			for (const batch of batches) alone.push(...(await call(page, 'read', [batch])));
			expect(errorsOf(alone)).toEqual(['', '', '']);
			const [first, second] = alone[0].readings;
			expect(first).toEqual({ logits: [1, 1.5], distance: 1 });
			expect(second.distance).toBe(0.25 + 2.25 + 1);
			const before = await call(page, 'tensors');
			expect(await call(page, 'read', batches)).toEqual(alone);
			expect(await call(page, 'tensors')).toBe(before);
		});

		test('a lost device ends both batches, and none later counts', async () => {
			await call(page, 'load', plainPackage());
			const lost = await call(page, 'loseAt', [[CORNER, DARK], [GREY]]);
			for (const { error, readings } of lost) {
				expect(error).not.toBe('');
				expect(readings).toEqual([]);
			}
			expect(errorsOf(await call(page, 'read', [[CORNER]]))).not.toEqual(['']);
			// A context that is restored is empty, and no longer says that it was lost.
			expect(await call(page, 'restore')).toBe(backend === 'webgl');
			expect(errorsOf(await call(page, 'read', [[CORNER]]))).not.toEqual(['']);
		});
	});
}
