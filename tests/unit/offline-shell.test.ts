/** The list of files that the service worker keeps. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shellOf, writeShell } from '../../tools/lib/offline-shell';

const SITE = {
	'index.html': '<html>home</html>',
	'help/index.html': '<html>help</html>',
	'_app/immutable/entry/start.abc.js': 'start()',
	'_app/immutable/workers/lane.def.js': 'lane()',
	'_app/immutable/assets/tfjs-backend-wasm.123.wasm': '\0asm',
	'manifest.webmanifest': '{}',
	'service-worker.js': 'const shell = JSON.parse("__FIELDLENS_SHELL__");',
	'.nojekyll': '',
	'models/index.json': '{"models":["a"]}',
	'models/a/manifest.json': '{"id":"a"}',
	'models/a/model.json': '{"nodes":[]}',
	'models/a/group1-shard1of2.bin': 'weights',
	'samples/synthetic-1.jpg': 'picture',
	'screenshots/wide.png': 'picture'
};

let folder: string;

async function write(files: Record<string, string>): Promise<void> {
	for (const [path, content] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), content);
	}
}

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'fieldlens-shell-'));
	await write(SITE);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the offline shell', () => {
	it('is all that the site needs: pages by their folders, scripts, workers, WebAssembly', async () => {
		const { paths } = await shellOf(folder);
		expect(paths).toEqual(
			expect.arrayContaining([
				'',
				'help/',
				'_app/immutable/entry/start.abc.js',
				'_app/immutable/workers/lane.def.js',
				'_app/immutable/assets/tfjs-backend-wasm.123.wasm',
				'manifest.webmanifest',
				'samples/synthetic-1.jpg'
			])
		);
		expect(paths.every((path: string) => !path.endsWith('index.html'))).toBe(true);
	});

	it('leaves out what only the system shows, where it offers to install', async () => {
		const { paths } = await shellOf(folder);
		expect(paths.filter((path: string) => path.startsWith('screenshots/'))).toEqual([]);
	});

	it('has the models’ manifests, and leaves their files to the page', async () => {
		const { paths } = await shellOf(folder);
		expect(paths.filter((path: string) => path.startsWith('models/'))).toEqual([
			'models/a/manifest.json',
			'models/index.json'
		]);
	});

	it('leaves out the worker itself and what no browser asks for', async () => {
		const { paths } = await shellOf(folder);
		expect(paths).not.toContain('service-worker.js');
		expect(paths).not.toContain('.nojekyll');
		expect(new Set(paths).size).toBe(paths.length);
	});

	it('has a version that stays while the site stays', async () => {
		const first = await shellOf(folder);
		await write({ 'models/a/group1-shard1of2.bin': 'other weights', '.nojekyll': 'x' });
		expect(await shellOf(folder)).toEqual(first);
		expect(first.version).toMatch(/^[0-9a-f]{16}$/);
	});

	it.each([
		['content of a page changes', { 'index.html': '<html>Home</html>' }],
		['manifest of a model changes', { 'models/a/manifest.json': '{"id":"a","version":2}' }],
		['file is added', { 'new.js': '' }]
	])('has another version when a %s', async (_, change) => {
		const before = await shellOf(folder);
		await write(change);
		expect((await shellOf(folder)).version).not.toBe(before.version);
	});

	it('has another version when a file is renamed', async () => {
		const before = await shellOf(folder);
		await rm(join(folder, 'samples/synthetic-1.jpg'));
		await write({ 'samples/synthetic-9.jpg': 'picture' });
		expect((await shellOf(folder)).version).not.toBe(before.version);
	});
});

describe('a built site', () => {
	it('has the list in its service worker', async () => {
		await write({ 'late/index.html': '<html></html>' });
		await writeShell(folder);
		const script = await readFile(join(folder, 'service-worker.js'), 'utf8');
		const found = /^const shell = JSON\.parse\((.*)\);$/.exec(script)?.[1] ?? '';
		const shell = JSON.parse(JSON.parse(found) as string) as { version: string; paths: string[] };
		expect(shell).toEqual(await shellOf(folder));
		expect(shell.paths).toContain('late/');
	});

	it('whose service worker has no place for the list is not built', async () => {
		await write({ 'service-worker.js': 'nothing()' });
		await expect(writeShell(folder)).rejects.toThrow('no place for the list');
	});
});
