/** Files that nobody should have to open: each is named or read, and the rest goes on. */
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { LANE_MEGABYTES, MAX_LANES } from '../../src/lib/base/limits';
import { hostileFiles, zipBomb } from '../hostile/files';
import {
	addFolder,
	exportList,
	finished,
	folderOf,
	greyPng,
	openApp,
	row,
	sample,
	storeModel
} from './app';
import { watchMemory } from './memory';

/**
 * What the page may take while it reads such files, MB. The heap is the page's own (measured: 9);
 * the process holds decoders and lanes too (measured with two lanes: 1,158).
 */
const HEAP_LIMIT = 100;
const PROCESS_LIMIT = 1000 + LANE_MEGABYTES.wasm * Math.min(MAX_LANES, availableParallelism());

test('every hostile file gets a score or a named reason, and the good ones are read', async ({
	page
}) => {
	test.setTimeout(300_000);
	page.on('dialog', () => {
		throw new Error('a file name was run as a script');
	});
	const files = hostileFiles(await sample(1), greyPng(96, 64, 16));
	const folder = await folderOf(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])));
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	const memory = await watchMemory(page);
	await addFolder(page, folder);
	await finished(page);
	const { heap, process } = await memory.peak();
	test.info().annotations.push({ type: 'memory, MB', description: `${heap}, ${process}` });
	expect(heap).toBeGreaterThan(0);
	expect(heap).toBeLessThan(HEAP_LIMIT);
	if (process !== null) expect(process).toBeLessThan(PROCESS_LIMIT);

	const { images } = await exportList(page);
	expect(images).toHaveLength(files.length);
	for (const { name, fate } of files) {
		const line = images.find(({ path }) => path === `folder/${name}`);
		expect(line, name).toBeDefined();
		const isRead = line!.category !== null;
		if (!isRead) expect(line!.reason, name).toMatch(/\S/);
		if (fate === 'done') expect(isRead, `${name}: ${line!.reason}`).toBe(true);
		if (fate === 'failed' || fate === 'left-out') expect(isRead, name).toBe(false);
	}
	await expect(page).not.toHaveTitle(/run/);
	// The page is as it was: the next good file is read.
	await addFolder(page, await folderOf({ 'after all.jpg': await sample(2) }));
	await finished(page);
	await expect(
		row(page, 'folder (2)/after all.jpg').or(row(page, 'folder/after all.jpg'))
	).toHaveAttribute('data-status', 'done');
});

test('an archive that unpacks to far more than it is gets a reason', async ({ page }) => {
	const archive = await folderOf({ 'bomb.zip': zipBomb(300), 'good.jpg': await sample(1) });
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, archive);
	await finished(page);
	await expect(row(page, 'folder/good.jpg')).toHaveAttribute('data-status', 'done');
	await expect(row(page, 'folder/bomb.zip/film.jpg')).toHaveAttribute('data-status', 'failed');
	await expect(row(page, 'folder/bomb.zip/film.jpg')).toContainText(/larger|MB/);
});

test('a file that goes away before its turn is named', async ({ page }) => {
	const film = await sample(1);
	const names = Array.from({ length: 80 }, (_, i) => `film ${String(i).padStart(2, '0')}.jpg`);
	const folder = await folderOf(Object.fromEntries(names.map((name) => [name, film])));
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, folder);
	await rm(join(folder, names.at(-1)!));
	await finished(page);
	const { images } = await exportList(page);
	const unread = images.filter(({ category }) => category === null);
	const reasons = unread.map(({ path, reason }) => [path, reason]);
	expect(reasons).toEqual([
		[`folder/${names.at(-1)!}`, expect.stringContaining('moved, renamed or unplugged')]
	]);
	await rm(dirname(folder), { recursive: true });
});

test('a folder of 20,000 files is gone through', async ({ page }) => {
	test.setTimeout(600_000);
	const note = 'no image';
	const files: Record<string, Uint8Array | string> = { 'a film.jpg': await sample(1) };
	for (let i = 0; i < 20_000; i++) files[`notes/${i % 20}/note ${i}.txt`] = note;
	await openApp(page, '?backend=wasm');
	await storeModel(page);
	await addFolder(page, await folderOf(files));
	await expect(row(page, 'folder/a film.jpg')).toHaveAttribute('data-status', 'done', {
		timeout: 300_000
	});
	await finished(page, 500_000);
	await expect(page.getByRole('button', { name: /^Left out 20,?000/ })).toBeVisible();
});
