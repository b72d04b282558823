/** What `npm run evaluate` keeps of the app's database. */
import 'fake-indexeddb/auto';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { database } from '../../../src/lib/storage/database';
import type { StoredResult } from '../../../src/lib/sessions/stored';
import { readDetails } from '../../../tools/lib/app-driver';
import type { Region } from '../../../src/lib/regions/region';
import { LUNGS } from '../helpers/regions';
import { storedResult } from '../helpers/stored';

/** Runs in the place of a page. */
const page = {
	evaluate: (work: (given: string) => unknown, given: string) => work(given)
} as unknown as Page;

it('the heat maps of a list are read by path, null where none is shown', async () => {
	const db = await database();
	const map = Uint8Array.of(0, 7, 128, 255);
	const box: Region['box'] = [0.1, 0.2, 0.5, 0.6];
	const result: StoredResult = storedResult('a', 0, { region: { ...LUNGS, box } });
	await db.put('results', { ...result, index: 0, path: 'test/NORMAL/ä.jpeg', map });
	await db.put('results', { ...result, index: 1, path: 'whole.jpeg', region: null, map });
	await db.put('results', { ...result, index: 2, path: 'none.jpeg', map: null });
	await db.put('results', {
		...result,
		index: 3,
		path: 'notes.txt',
		status: 'left-out',
		map: null
	});
	const values = 'AAeA/w==';
	expect((await readDetails(page)).maps).toEqual({
		'test/NORMAL/ä.jpeg': { box, n: 2, values },
		'whole.jpeg': { box: [0, 0, 1, 1], n: 2, values },
		'none.jpeg': null
	});
});

it('the regions of a list are read by path, where there are any', async () => {
	const db = await database();
	await db.clear('results');
	await db.put('results', storedResult('a', 0, { path: 'test/film.jpeg', region: LUNGS }));
	await db.put('results', storedResult('a', 1, { region: null }));
	expect((await readDetails(page)).regions).toEqual({ 'test/film.jpeg': LUNGS });
});
