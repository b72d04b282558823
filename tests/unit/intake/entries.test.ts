import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { numberText } from '../../../src/lib/i18n/format';
import { sentenceOf } from '../../../src/lib/problems/messages';
import {
	entriesOfDrop,
	entriesOfFiles,
	uniquePath,
	type Collected
} from '../../../src/lib/intake/entries';
import { MAX_FOLDER_DEPTH } from '../../../src/lib/base/limits';
import { dropOf, entryOf, fileEntry, folderEntry } from '../helpers/drop';

/** Files that a list takes: the real limit would make the tests slow, not better. */
const MOST = 300;
/** A drop into such a list. */
const dropInto = (transfer: DataTransfer) => entriesOfDrop(transfer, () => undefined, MOST);

const paths = ({ entries }: Collected) => entries.map(({ path }) => path);
const codes = ({ problems }: Collected) => problems.map(({ code }) => code);

function files(count: number): FileSystemEntry[] {
	return Array.from({ length: count }, (_, i) => fileEntry(`film ${i}.jpg`, `${i}`));
}

describe('a dropped folder', () => {
	it('gives all its files with their paths, however deep', async () => {
		const found = await entriesOfDrop(
			dropOf(entryOf('ward', { 'a.jpg': 'a', night: { 'b.png': 'b', deep: { 'c.bmp': 'c' } } }))
		);
		expect(paths(found)).toEqual(['ward/a.jpg', 'ward/night/b.png', 'ward/night/deep/c.bmp']);
		expect(found.problems).toEqual([]);
	});

	it('gives its files one by one in a browser that opens no dropped folder', async () => {
		const file = new File(['a'], 'a.jpg');
		const item = { kind: 'file', getAsFile: () => file };
		const found = await entriesOfDrop({ items: [item] } as unknown as DataTransfer);
		expect(paths(found)).toEqual(['a.jpg']);
	});

	it('is read to its end, although a browser gives 100 entries at a time', async () => {
		const found = await entriesOfDrop(dropOf(folderEntry('ward', files(250))));
		expect(found.entries).toHaveLength(250);
	});

	it('is listed as a person counts: 2 before 10', async () => {
		const found = await entriesOfDrop(dropOf(folderEntry('ward', files(12))));
		expect(paths(found).slice(1, 4)).toEqual([
			'ward/film 1.jpg',
			'ward/film 2.jpg',
			'ward/film 3.jpg'
		]);
		expect(paths(found).at(-1)).toBe('ward/film 11.jpg');
	});

	it('is not opened file by file: a file is opened when its turn comes', async () => {
		const film = fileEntry('a.jpg', 'content');
		const opened = vi.spyOn(film as FileSystemFileEntry, 'file');
		const { entries } = await entriesOfDrop(dropOf(folderEntry('ward', [film])));
		expect(opened).not.toHaveBeenCalled();
		expect(await (await entries[0].open()).text()).toBe('content');
		expect(opened).toHaveBeenCalledOnce();
	});

	it('gives a file that is gone as one that cannot be opened', async () => {
		const { entries } = await entriesOfDrop(dropOf(entryOf('ward', { 'a.jpg': null })));
		await expect(entries[0].open()).rejects.toMatchObject({ name: 'NotFoundError' });
	});

	it('that is empty gives nothing and is no problem', async () => {
		expect(await entriesOfDrop(dropOf(entryOf('ward', { night: {} })))).toEqual({
			entries: [],
			problems: []
		});
	});

	it('that cannot be read is named, and the rest goes on', async () => {
		const locked = folderEntry('locked', files(3), 0);
		const found = await entriesOfDrop(
			dropOf(folderEntry('ward', [locked, fileEntry('z.jpg', 'z')]), entryOf('b.jpg', 'b'))
		);
		expect(paths(found)).toEqual(['b.jpg', 'ward/z.jpg']);
		expect(codes(found)).toEqual(['folder-unreadable']);
		expect(sentenceOf(found.problems[0])).toContain('ward/locked');
	});

	it('that breaks off keeps what was found in it', async () => {
		const found = await entriesOfDrop(dropOf(folderEntry('stick', files(250), 2)));
		expect(found.entries).toHaveLength(200);
		expect(codes(found)).toEqual(['folder-unreadable']);
	});

	it('is followed down to a limit, and what is deeper is named', async () => {
		let folder = folderEntry('lowest', files(1));
		for (let depth = 0; depth < MAX_FOLDER_DEPTH + 5; depth++) {
			folder = folderEntry(`${depth}`, [fileEntry('film.jpg', ''), folder]);
		}
		const found = await entriesOfDrop(dropOf(folder));
		expect(found.entries).toHaveLength(MAX_FOLDER_DEPTH);
		expect(codes(found)).toEqual(['folder-unreadable']);
	});

	it('tells how many files were found so far', async () => {
		const counts: number[] = [];
		await entriesOfDrop(dropOf(folderEntry('ward', files(250))), (count) => counts.push(count));
		expect(counts).toEqual([100, 200]);
	});
});

describe('a drop', () => {
	it('may mix folders, files, files without an entry, and text', async () => {
		const found = await entriesOfDrop(
			dropOf(entryOf('ward', { 'a.jpg': 'a' }), new File(['b'], 'b.jpg'), 'some text')
		);
		expect(paths(found)).toEqual(['b.jpg', 'ward/a.jpg']);
	});

	it('is taken before the handler returns: the browser empties it then', async () => {
		const transfer = dropOf(entryOf('a.jpg', 'a'), entryOf('b.jpg', 'b'));
		const found = entriesOfDrop(transfer);
		(transfer.items as unknown as unknown[]).length = 0;
		expect(paths(await found)).toEqual(['a.jpg', 'b.jpg']);
	});

	it('of two things with one name keeps both', async () => {
		const found = await entriesOfDrop(
			dropOf(entryOf('ward', { 'a.jpg': 'first' }), entryOf('ward', { 'a.jpg': 'second' }))
		);
		expect(paths(found)).toEqual(['ward/a (2).jpg', 'ward/a.jpg']);
		const contents = await Promise.all(
			found.entries.map(async ({ open }) => (await open()).text())
		);
		expect(contents.sort()).toEqual(['first', 'second']);
	});

	it('keeps hostile names as they are, as mere names', async () => {
		const names = [
			'../../etc/passwd',
			'=cmd()',
			'\u202egpj.exe',
			'a\nb.jpg',
			'__proto__',
			' ',
			'#%?.jpg'
		];
		const found = await entriesOfDrop(dropOf(...names.map((name) => entryOf(name, 'x'))));
		expect(new Set(paths(found))).toEqual(new Set(names));
	});
});

describe('more files than a session takes', () => {
	it('are cut, and it is said, once: in folders', async () => {
		const found = await dropInto(
			dropOf(folderEntry('a', files(MOST - 50)), folderEntry('b', files(100)), ...files(3))
		);
		expect(found.entries).toHaveLength(MOST);
		expect(codes(found)).toEqual(['too-many-files']);
		expect(sentenceOf(found.problems[0])).toContain(numberText(MOST));
	});

	it('are cut, and it is said, once: in a folder that was not looked into at all', async () => {
		const found = await dropInto(dropOf(folderEntry('a', files(MOST)), folderEntry('b', files(1))));
		expect(codes(found)).toEqual(['too-many-files']);
	});

	it('are cut, and it is said, once: in a picker', () => {
		const chosen = Array.from({ length: MOST + 5 }, (_, i) => new File([], `${i}.jpg`));
		const found = entriesOfFiles(chosen, MOST);
		expect(found.entries).toHaveLength(MOST);
		expect(codes(found)).toEqual(['too-many-files']);
	});

	it('are not said to be too many when they are just as many', async () => {
		const found = await dropInto(dropOf(folderEntry('a', files(MOST))));
		expect(found.entries).toHaveLength(MOST);
		expect(found.problems).toEqual([]);
	});
});

describe('chosen files', () => {
	it('have the path within the chosen folder, or their name', async () => {
		const inFolder = new File(['a'], 'a.jpg');
		Object.defineProperty(inFolder, 'webkitRelativePath', { value: 'ward/night/a.jpg' });
		const found = entriesOfFiles([inFolder, new File(['b'], 'b.jpg')]);
		expect(paths(found)).toEqual(['b.jpg', 'ward/night/a.jpg']);
		expect(await (await found.entries[0].open()).text()).toBe('b');
	});

	it('of one name are all kept', () => {
		const found = entriesOfFiles([1, 2, 3].map(() => new File([], 'film.jpg')));
		expect(paths(found)).toEqual(['film (2).jpg', 'film (3).jpg', 'film.jpg']);
	});
});

describe('a path that is made unique', () => {
	it('keeps its ending and its folder', () => {
		const takenIs = (taken: string) => (path: string) => path === taken;
		expect(uniquePath('a/b.jpg', takenIs('x'))).toBe('a/b.jpg');
		expect(uniquePath('a/b.jpg', takenIs('a/b.jpg'))).toBe('a/b (2).jpg');
		expect(uniquePath('a/b.tar.gz', takenIs('a/b.tar.gz'))).toBe('a/b.tar (2).gz');
		expect(uniquePath('a.b/c', takenIs('a.b/c'))).toBe('a.b/c (2)');
		expect(uniquePath('a\nb.jpg', takenIs('a\nb.jpg'))).toBe('a\nb (2).jpg');
	});

	it('is never one that is taken, whatever names come', () => {
		const name = fc.oneof(
			fc.string({ unit: fc.constantFrom('a', '.', '/', ' ', '(', '2', ')', '\n') }),
			fc.string({ unit: 'grapheme' })
		);
		fc.assert(
			fc.property(fc.array(name, { maxLength: 40 }), (names) => {
				const taken = new Set<string>();
				for (const path of names) {
					const unique = uniquePath(path, (known) => taken.has(known));
					expect(taken.has(unique)).toBe(false);
					if (!taken.has(path)) expect(unique).toBe(path);
					taken.add(unique);
				}
				expect(taken.size).toBe(names.length);
			})
		);
	});
});
