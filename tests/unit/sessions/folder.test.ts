import { describe, expect, it, vi } from 'vitest';
import { entriesOfDrop } from '../../../src/lib/intake/entries';
import { entriesOfHandles, handlesOfDrop, mayRead } from '../../../src/lib/sessions/folder';
import { dropOf, entryOf, type Tree } from '../helpers/drop';

/** A folder as the browser gives it to be opened again. */
function handleOf(name: string, tree: Tree | string | null): FileSystemHandle {
	if (typeof tree === 'string' || tree === null) {
		const getFile = () =>
			tree === null
				? Promise.reject(new DOMException('gone', 'NotFoundError'))
				: Promise.resolve(new File([tree], name));
		return { kind: 'file', name, getFile } as unknown as FileSystemHandle;
	}
	return {
		kind: 'directory',
		name,
		async *values() {
			await Promise.resolve();
			for (const [child, content] of Object.entries(tree)) {
				if (child === 'locked') throw new DOMException('no', 'NotAllowedError');
				yield handleOf(child, content);
			}
		}
	} as unknown as FileSystemHandle;
}

const WARD: Tree = {
	'film 10.jpg': 'ten',
	'film 2.jpg': 'two',
	night: { 'x.jpg': 'x' },
	empty: {}
};

describe('a folder that is opened again', () => {
	it('gives the files that its drop gave, with equal paths in the same order', async () => {
		const dropped = await entriesOfDrop(dropOf(entryOf('ward', WARD)));
		const again = await entriesOfHandles([handleOf('ward', WARD)]);
		expect(again.entries.map(({ path }) => path)).toEqual(dropped.entries.map(({ path }) => path));
		expect(again.entries).toHaveLength(3);
		expect(await (await again.entries[0].open()).text()).toBe('two');
		expect(again.problems).toEqual([]);
	});

	it('says which part of it cannot be looked into, and gives the rest', async () => {
		const found = await entriesOfHandles([
			handleOf('ward', { 'a.jpg': 'a', night: { locked: '' } }),
			handleOf('single.jpg', 'one')
		]);
		expect(found.entries.map(({ path }) => path)).toEqual(['single.jpg', 'ward/a.jpg']);
		expect(found.problems.map(({ code }) => code)).toEqual(['folder-unreadable']);
	});

	it('tells of a file that is gone when its turn comes', async () => {
		const { entries } = await entriesOfHandles([handleOf('ward', { 'a.jpg': null })]);
		await expect(entries[0].open()).rejects.toMatchObject({ name: 'NotFoundError' });
	});
});

describe('what a drop gives to be opened again', () => {
	it('is what the browser hands out; elsewhere nothing', async () => {
		const handle = handleOf('ward', WARD);
		const items = [
			{ kind: 'file', getAsFileSystemHandle: () => Promise.resolve(handle) },
			{ kind: 'file', getAsFileSystemHandle: () => Promise.reject(new DOMException('no')) },
			{ kind: 'file' },
			{ kind: 'string' }
		];
		expect(await handlesOfDrop({ items } as unknown as DataTransfer)).toEqual([handle]);
	});
});

describe('permission', () => {
	const asks = (known: PermissionState, answer: PermissionState) => ({
		...handleOf('ward', WARD),
		queryPermission: vi.fn(() => Promise.resolve(known)),
		requestPermission: vi.fn(() => Promise.resolve(answer))
	});

	it('that is there is not asked for', async () => {
		const handle = asks('granted', 'denied');
		expect(await mayRead([handle], true)).toBe(true);
		expect(handle.requestPermission).not.toHaveBeenCalled();
	});

	it('is asked for after a click only', async () => {
		const handle = asks('prompt', 'granted');
		expect(await mayRead([handle], false)).toBe(false);
		expect(handle.requestPermission).not.toHaveBeenCalled();
		expect(await mayRead([handle], true)).toBe(true);
	});

	it('may be refused, by the user or by the browser', async () => {
		expect(await mayRead([asks('prompt', 'denied')], true)).toBe(false);
		const broken = { ...asks('prompt', 'granted') };
		broken.requestPermission = vi.fn(() => Promise.reject(new DOMException('no click')));
		expect(await mayRead([broken], true)).toBe(false);
		expect(await mayRead([], true)).toBe(false);
	});
});
