/** What `npm run evaluate` keeps of the app's database. */
import 'fake-indexeddb/auto';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { database } from '../../../src/lib/storage/database';
import type { StoredResult } from '../../../src/lib/sessions/stored';
import { readDetails } from '../../../tools/lib/app-driver';
import { LUNGS } from '../helpers/regions';
import { storedResult } from '../helpers/stored';

/** Runs in the place of a page. */
const page = {
	evaluate: (work: (given: string) => unknown, given: string) => work(given)
} as unknown as Page;

it('the heat maps of a list are read by path, those of files without one left out', async () => {
	const db = await database();
	const map = Uint8Array.of(0, 7, 128, 255);
	const result: StoredResult = storedResult('a', 0);
	await db.put('results', { ...result, index: 0, path: 'test/NORMAL/ä.jpeg', map });
	await db.put('results', { ...result, index: 1, path: 'test/notes.txt', map: null });
	expect((await readDetails(page)).maps).toEqual({ 'test/NORMAL/ä.jpeg': 'AAeA/w==' });
});

it('the regions of a list are read by path, where there are any', async () => {
	const db = await database();
	await db.clear('results');
	await db.put('results', storedResult('a', 0, { path: 'test/film.jpeg', region: LUNGS }));
	await db.put('results', storedResult('a', 1, { region: null }));
	expect((await readDetails(page)).regions).toEqual({ 'test/film.jpeg': LUNGS });
});
