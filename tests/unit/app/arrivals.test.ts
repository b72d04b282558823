import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { soon } from '../../helpers/soon';
import type { Collected } from '../../../src/lib/intake/entries';
import { keepShared, sharedBatches } from '../../../src/lib/intake/shared-inbox';
import { Arrivals } from '../../../src/lib/app/arrivals.svelte';
import { newRow, type Row } from '../../../src/lib/worklist/row';
import { fakeCaches } from '../helpers/caches';
import { FakeTabs } from '../helpers/tabs';

const ROOT = 'https://clinic.example/';
type Consumer = (launch: { files?: unknown[]; targetURL?: string }) => void;

let added: Collected[] = [];
let arrivals: Arrivals;
let tabs: FakeTabs;
beforeEach(() => {
	vi.stubGlobal('caches', fakeCaches());
	tabs = new FakeTabs();
	added = [];
	arrivals = page();
});
afterEach(() => vi.unstubAllGlobals());

function page(): Arrivals {
	return new Arrivals(tabs.locks);
}

/** Take what was shared into the list. */
async function take(outcome: string | null, by = arrivals): Promise<void> {
	added.push(...(await by.takeShared(outcome)));
}

async function share(...names: string[]): Promise<void> {
	const body = new FormData();
	for (const name of names) body.append('images', new File([name], name));
	await keepShared(new Request(`${ROOT}share/`, { method: 'POST', body }), ROOT);
}

const waiting = async () =>
	(await sharedBatches()).flatMap(({ files }) => files.map(({ file }) => file.name));
const rowsOf = (status: Row['status']) =>
	added.flatMap(({ entries }) => entries).map((entry, i) => ({ ...newRow(i, entry), status }));

describe('shared files', () => {
	it('go into the list, and stay kept until they are read', async () => {
		await share('a.png', 'b.png');
		await take('taken');
		expect(added.flatMap(({ entries }) => entries.map(({ path }) => path))).toEqual([
			'a.png',
			'b.png'
		]);
		await arrivals.settle(rowsOf('waiting'));
		expect(await waiting()).toEqual(['a.png', 'b.png']);
		const [first, second] = rowsOf('done');
		await arrivals.settle([first, { ...second, status: 'reading' }]);
		expect(await waiting()).toEqual(['b.png']);
		// A row knows its entry by another object when its path had to change.
		await arrivals.settle([first, { ...second, entry: { ...second.entry, path: 'b (2).png' } }]);
		expect(await waiting()).toEqual([]);
	});

	it('of one name are two entries of the list', async () => {
		await share('image.jpg', 'image.jpg');
		await take('taken');
		expect(added[0].entries.map(({ path }) => path)).toEqual(['image (2).jpg', 'image.jpg']);
	});

	it('that one page has are not taken by another', async () => {
		await share('a.png');
		await take('taken');
		await take(null, page());
		expect(added).toHaveLength(1);
		await share('b.png');
		await take('taken', page());
		expect(added.flatMap(({ entries }) => entries.map(({ path }) => path))).toEqual([
			'a.png',
			'b.png'
		]);
	});

	it('leave the device when their list leaves the page', async () => {
		await share('a.png');
		await take('taken');
		await arrivals.forget();
		expect(await waiting()).toEqual([]);
	});

	it.each([
		['part', 'share-cut'],
		['nothing', 'share-nothing'],
		['failed', 'share-failed'],
		['taken', undefined],
		['"><script>', undefined],
		[null, undefined]
	])('with the outcome %s say %s', async (outcome, code) => {
		await take(outcome);
		expect(arrivals.problem?.code).toBe(code);
	});
});

describe('the launch queue', () => {
	function follow() {
		let consumer: Consumer = () => undefined;
		vi.stubGlobal('launchQueue', { setConsumer: (given: Consumer) => (consumer = given) });
		const arrived = vi.fn((collected: Collected | null) => {
			if (collected) added.push(collected);
		});
		arrivals.follow(arrived);
		return { launch: (launch: Parameters<Consumer>[0]) => consumer(launch), arrived };
	}

	it('gives its files to the list', async () => {
		const { launch, arrived } = follow();
		const file = new File(['x'], 'a.dcm');
		launch({ files: [{ kind: 'file', name: 'a.dcm', getFile: () => Promise.resolve(file) }] });
		await soon(() => expect(arrived).toHaveBeenCalled());
		expect(added[0].entries.map(({ path }) => path)).toEqual(['a.dcm']);
		expect(await added[0].entries[0].open()).toBe(file);
	});

	it('without files adds nothing', () => {
		const { launch, arrived } = follow();
		launch({ files: [], targetURL: ROOT });
		expect(arrived).not.toHaveBeenCalled();
		expect(arrivals.problem).toBeNull();
	});

	it('with a share that lost its files says so', () => {
		const { launch, arrived } = follow();
		launch({ targetURL: `${ROOT}share/` });
		expect(arrived).toHaveBeenCalledWith(null);
		expect(arrivals.problem?.code).toBe('share-failed');
	});
});
