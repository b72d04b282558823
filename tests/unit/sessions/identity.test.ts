import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/intake/entries';
import { matchFiles, type KeptFile } from '../../../src/lib/sessions/identity';
import { sha256Hex } from '../helpers/manifest';

const MONDAY = 1_700_000_000_000;
const opened: string[] = [];

function entry(path: string, content: string, lastModified = MONDAY): Entry {
	return {
		path,
		open: () => {
			opened.push(path);
			return Promise.resolve(new File([content], path, { lastModified }));
		}
	};
}

/** A row that was read. */
function kept(id: number, path: string, content: string, modified = MONDAY): KeptFile {
	const sha256 = sha256Hex(Buffer.from(content));
	return { id, path, file: { size: Buffer.from(content).length, modified, sha256 } };
}

/** What was found, by ids and paths. */
async function match(rows: KeptFile[], entries: Entry[]) {
	const found = await matchFiles(rows, entries);
	const pairs = (list: typeof found.same) => list.map(({ id, entry }) => [id, entry.path]);
	return {
		same: pairs(found.same),
		changed: pairs(found.changed),
		fresh: found.fresh.map(({ path }) => path)
	};
}

describe('a file that is added again', () => {
	it('is the same by path, size and time, without reading it', async () => {
		const row = { ...kept(0, 'a/1.jpg', 'one'), file: { size: 3, modified: MONDAY, sha256: '' } };
		expect(await match([row], [entry('a/1.jpg', 'one')])).toEqual({
			same: [[0, 'a/1.jpg']],
			changed: [],
			fresh: []
		});
	});

	it('is the same after it was copied, when its content is', async () => {
		const found = await match([kept(0, 'a/1.jpg', 'one')], [entry('a/1.jpg', 'one', MONDAY + 9)]);
		expect(found.same).toEqual([[0, 'a/1.jpg']]);
	});

	it.each([
		['another size', 'longer than before', MONDAY],
		['another content of the same size, and another time', 'two', MONDAY + 9]
	])('is changed with %s', async (_, content, modified) => {
		const found = await match([kept(0, 'a/1.jpg', 'one')], [entry('a/1.jpg', content, modified)]);
		expect(found).toEqual({ same: [], changed: [[0, 'a/1.jpg']], fresh: [] });
	});

	it('is changed where its content was never known and the time differs', async () => {
		const row = { ...kept(0, 'a', 'one'), file: { size: 3, modified: MONDAY, sha256: '' } };
		expect((await match([row], [entry('a', 'one', MONDAY + 9)])).changed).toEqual([[0, 'a']]);
	});

	it('was never read is the one at its path, unopened', async () => {
		opened.length = 0;
		const rows = [{ id: 4, path: 'a/1.jpg', file: null }];
		expect((await match(rows, [entry('a/1.jpg', 'any')])).same).toEqual([[4, 'a/1.jpg']]);
		expect(opened).toEqual([]);
	});

	it('is found by its content where its folder was moved or renamed', async () => {
		const found = await match(
			[kept(0, 'a/1.jpg', 'one'), kept(1, 'a/2.jpg', 'two')],
			[entry('b/first.jpg', 'one', MONDAY + 9), entry('b/third.jpg', 'thr', MONDAY)]
		);
		expect(found).toEqual({ same: [[0, 'b/first.jpg']], changed: [], fresh: ['b/third.jpg'] });
	});

	it('is the one at its path, too, where a Mac takes the accents apart', async () => {
		const composed = { id: 4, path: 'ni\u00f1os/1.jpg', file: null };
		const apart = entry('nin\u0303os/1.jpg', 'any');
		expect((await match([composed], [apart])).same).toEqual([[4, apart.path]]);
		expect(
			(await match([{ ...composed, path: apart.path }], [entry(composed.path, 'any')])).same
		).toEqual([[4, composed.path]]);
		// Two files whose names differ in nothing else stay two.
		expect(await match([composed], [apart, entry(composed.path, 'any')])).toEqual({
			same: [[4, composed.path]],
			changed: [],
			fresh: [apart.path]
		});
	});

	it('in another folder with equal names is not taken for what was read or what waits', async () => {
		const rows = [kept(0, 'monday/1.jpg', 'one'), { id: 1, path: 'monday/2.jpg', file: null }];
		const found = await match(rows, [entry('tuesday/1.jpg', 'two'), entry('tuesday/2.jpg', 'any')]);
		expect(found).toEqual({ same: [], changed: [], fresh: ['tuesday/1.jpg', 'tuesday/2.jpg'] });
	});

	it('goes to one row, and a second copy is new', async () => {
		const found = await match(
			[kept(0, 'a/1.jpg', 'one')],
			[entry('b/1.jpg', 'one'), entry('c/1.jpg', 'one')]
		);
		expect(found).toEqual({ same: [[0, 'b/1.jpg']], changed: [], fresh: ['c/1.jpg'] });
	});

	it('and cannot be opened now keeps its result; reading it will say so', async () => {
		const gone = { path: 'a/1.jpg', open: () => Promise.reject(new DOMException('gone')) };
		expect((await match([kept(0, 'a/1.jpg', 'one')], [gone])).same).toEqual([[0, 'a/1.jpg']]);
	});

	it('is matched once, whatever the list and the folder hold: nothing is lost or doubled', async () => {
		const files = fc.uniqueArray(
			fc.record({
				path: fc.stringMatching(/^[ab]\/[1-5]$/),
				content: fc.stringMatching(/^[xyz]{1,2}$/),
				unread: fc.boolean()
			}),
			{ selector: ({ path }) => path, maxLength: 8 }
		);
		await fc.assert(
			fc.asyncProperty(files, files, async (before, now) => {
				const rows = before.map(({ path, content, unread }, id) =>
					unread ? { id, path, file: null } : kept(id, path, content)
				);
				const { same, changed, fresh } = await match(
					rows,
					now.map(({ path, content }) => entry(path, content, MONDAY + 1))
				);
				const taken = [...same, ...changed];
				expect(new Set(taken.map(([id]) => id)).size).toBe(taken.length);
				expect([...taken.map(([, path]) => path), ...fresh].sort()).toEqual(
					now.map(({ path }) => path).sort()
				);
				// What is called the same, and was read, is the same to the byte.
				for (const [id, path] of same) {
					if (rows[Number(id)].file) {
						expect(now.find((file) => file.path === path)?.content).toBe(
							before[Number(id)].content
						);
					}
				}
			}),
			{ numRuns: 100 }
		);
	});
});
